import { type Node, OddScalar } from './node.js';
import { resolvePlain } from './scalar.js';
import { type Collection, isCollection, type SharedTree } from './shared-tree.js';

/** What walks over whole trees ask, so that most of them need not be walked. */
export interface TreeFacts {
  /** The values in it, itself included. */
  nodes: number;
  /** Whether any scalar's text is more than its value. */
  hasOddScalar: boolean;
  /** Whether any key reads as something other than a string. */
  hasOddKey: boolean;
  /** Whether any map has a field that may be a list of containers. */
  hasContainers: boolean;
}

/** The fields whose items have images, in whatever kind. */
export const containerLists: ReadonlySet<string> = new Set(['containers', 'initContainers']);

// Of the first characters, only these can start what is not a string; most keys are decided here.
const starts = new Set(Array.from('0123456789+-.~nNtTfF', (char) => char.charCodeAt(0)));

/** Whether a key without quotes is read as something other than a string. */
export function isOddKey(key: string): boolean {
  return (key === '' || starts.has(key.charCodeAt(0))) && key.length < 40 && resolvePlain(key) !== undefined;
}

/** What was found in collections that stand in the trees of several objects, and that nobody writes into. */
const known = new WeakMap<Collection, TreeFacts>();

/** Smaller collections are looked through as fast as they are looked up. */
const worthKeeping = 8;

/** The facts of a tree as it is now; what it shares with other trees is looked through once for all of them. */
export function factsOf(tree: SharedTree): TreeFacts {
  if (!tree.isOwn(tree.root)) return factsOfShared(tree.root);
  const facts = noFacts();
  gather(facts, tree.root, tree);
  return facts;
}

/** The facts of a collection that stands in several trees. */
export function factsOfShared(node: Collection): TreeFacts {
  let facts = known.get(node);
  if (facts === undefined) {
    facts = noFacts();
    gather(facts, node, undefined);
    if (facts.nodes > worthKeeping) known.set(node, facts);
  }
  return facts;
}

function noFacts(): TreeFacts {
  return { nodes: 0, hasOddScalar: false, hasOddKey: false, hasContainers: false };
}

/** Without a tree all that the collection holds is shared, as it is itself. */
function gather(facts: TreeFacts, node: Collection, tree: SharedTree | undefined): void {
  facts.nodes += 1;
  if (Array.isArray(node)) for (let i = 0; i < node.length; i += 1) add(facts, node[i] as Node, tree);
  else {
    for (const key in node) {
      if (isOddKey(key)) facts.hasOddKey = true;
      if (containerLists.has(key)) facts.hasContainers = true;
      add(facts, node[key] as Node, tree);
    }
  }
}

function add(facts: TreeFacts, node: Node, tree: SharedTree | undefined): void {
  if (!isCollection(node)) {
    facts.nodes += 1;
    if (node instanceof OddScalar) facts.hasOddScalar = true;
    return;
  }
  if (tree === undefined || tree.isOwn(node)) {
    gather(facts, node, tree);
    return;
  }
  const below = factsOfShared(node);
  facts.nodes += below.nodes;
  facts.hasOddScalar ||= below.hasOddScalar;
  facts.hasOddKey ||= below.hasOddKey;
  facts.hasContainers ||= below.hasContainers;
}
