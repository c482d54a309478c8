import type { Config } from './config.js';
import { placeOf, type Source, step } from './edits.js';
import type { Entry } from './entry.js';
import { fail } from './failure.js';
import { clusterNamespace, describe, effectiveNamespace, type Gvk, type Id, isSelected } from './ids.js';
import {
  field,
  isList,
  isMap,
  isMissingOrNull,
  isScalar,
  isText,
  mapAt,
  type Node,
  type NodeMap,
  textAtKey,
  textOf,
} from './node.js';
import { type Filter, type PathTree, referencePaths } from './reference-paths.js';
import { sameUpstream } from './refusals.js';
import type { Spend } from './work.js';

/** An object that had another name before. */
class Candidate {
  readonly name: string;
  readonly namespace: string;
  readonly effective: string;
  readonly previous: readonly Id[];
  private source: Source | undefined;

  constructor(
    readonly entry: Entry,
    readonly position: number,
  ) {
    const { id } = entry;
    this.name = id.name;
    this.namespace = id.namespace;
    this.effective = effectiveNamespace(id);
    this.previous = entry.previousIds;
  }

  /** Who gave it its name, and so writes it wherever it is referred to. */
  get nameSource(): Source {
    this.source ??= { ...nameSource(this.entry), via: 'nameReference' };
    return this.source;
  }
}

/** Objects by the kinds (or any) and the names that they had. */
type Index = ReadonlyMap<string, readonly Candidate[]>;

/** Writes the present names of objects into the fields that refer to them by an earlier name. */
export function fixReferences(entries: readonly Entry[], config: Config, spend: Spend): void {
  for (const entry of entries) if (entry.kind === 'RoleBinding') refuseBlankNamespaces(entry);
  const index = indexByPreviousName(entries);
  if (index.size === 0) return;
  let known: Places | undefined;
  const places = () => {
    known ??= placesOf(entries);
    return known;
  };
  for (const entry of entries) {
    const paths = referencePaths(entry, config);
    if (paths === undefined) continue;
    spend(4 + paths.size / 8);
    new Referrer(entry, index, places).apply(paths);
  }
}

/** Where objects are now, by the namespace in which they were at first. */
type Places = ReadonlyMap<string, readonly { readonly effective: string; readonly own: string }[]>;

function placesOf(entries: readonly Entry[]): Places {
  const places = new Map<string, { effective: string; own: string }[]>();
  for (const entry of entries) {
    const { id } = entry;
    const first = effectiveNamespace(entry.originalId);
    if (first === clusterNamespace) continue;
    const place = { effective: effectiveNamespace(id), own: id.namespace };
    const there = places.get(first);
    if (there === undefined) places.set(first, [place]);
    else if (!there.some(({ effective, own }) => effective === place.effective && own === place.own)) there.push(place);
  }
  return places;
}

function indexByPreviousName(entries: readonly Entry[]): Index {
  const index = new Map<string, Candidate[]>();
  const add = (key: string, candidate: Candidate) => {
    const there = index.get(key);
    if (there === undefined) index.set(key, [candidate]);
    // The names and kinds of one object follow each other, and most are the same.
    else if (there.at(-1) !== candidate) there.push(candidate);
  };
  for (let i = 0; i < entries.length; i += 1) {
    const entry = entries[i] as Entry;
    if (entry.previous.length === 0) continue;
    const candidate = new Candidate(entry, i);
    for (const { name } of candidate.previous) {
      add(`\n${name}`, candidate);
      for (const { kind } of candidate.previous) add(`${kind}\n${name}`, candidate);
    }
  }
  return index;
}

// Below this many, a search through all is as fast.
const fewEnough = 16;
const prefixIndex = new WeakMap<readonly Candidate[], Map<string, Candidate[]>>();

class Referrer {
  private readonly id: Id;
  private readonly isClusterScoped: boolean;
  private readonly effective: string;
  private readonly bindingNamespaces: ReadonlySet<string>;
  private filter!: Filter;
  /** Where the walk stands, and the nodes that lead there, the root first: those that a write copies are exchanged. */
  private readonly path: (string | number)[] = [];
  private readonly nodes: Node[] = [];

  constructor(
    private readonly entry: Entry,
    private readonly index: Index,
    /** Asked for only where a reference names a namespace. */
    private readonly places: () => Places,
  ) {
    this.id = entry.id;
    this.effective = effectiveNamespace(this.id);
    this.isClusterScoped = this.effective === clusterNamespace;
    this.bindingNamespaces = namespacesOfBinding(entry);
  }

  apply(paths: PathTree): void {
    this.nodes.push(this.entry.root);
    this.walk(paths);
  }

  /** Goes on from where the walk stands. */
  private walk(paths: PathTree): void {
    const depth = this.path.length;
    const node = this.nodes[depth] as Node;
    if (isList(node)) {
      for (let i = 0; i < node.length; i += 1) {
        const item = this.below(depth, i);
        if (item === undefined || isMissingOrNull(item)) continue;
        this.enter(i, item);
        this.walk(paths);
        this.leave();
      }
      return;
    }
    if (!isMap(node)) this.failed('a scalar stands on the way', paths.children[0]?.path);
    for (let i = 0; i < paths.children.length; i += 1) this.walkField(depth, paths.children[i] as PathTree);
  }

  private walkField(depth: number, paths: PathTree): void {
    const { name } = paths;
    if (paths.fault !== undefined) this.failed(paths.fault, paths.path);
    const value = this.below(depth, name);
    if (value === undefined || isMissingOrNull(value)) return;
    this.enter(name, value);
    for (const filter of paths.ends) {
      this.filter = filter;
      // The filter before may have written here.
      this.visit(this.nodes[depth + 1] as Node);
    }
    if (paths.children.length > 0) this.walk(paths);
    this.leave();
  }

  private below(depth: number, key: string | number): Node | undefined {
    const node = this.nodes[depth] as Node;
    return isList(node) ? node[Number(key)] : isMap(node) ? field(node, String(key)) : undefined;
  }

  private enter(key: string | number, node: Node): void {
    this.path.push(key);
    this.nodes.push(node);
  }

  private leave(): void {
    this.path.pop();
    this.nodes.pop();
  }

  private failed(why: string, path = this.filter.path): never {
    fail(
      'kustomize-field-kind',
      `The reference ${path} of ${describe(this.id)} cannot be followed: ${why}.`,
      placeOf(this.entry.origin, `/${path}`),
    );
  }

  private visit(node: Node): void {
    if (isScalar(node)) this.scalar(node);
    else if (isMap(node)) this.map(node);
    else {
      for (const [i, item] of node.entries()) {
        this.enter(i, item);
        if (isScalar(item) && !isMissingOrNull(item)) this.scalar(item);
        else if (isMap(item)) this.map(item);
        this.leave();
      }
    }
  }

  private scalar(node: Node): void {
    const name = textOf(node);
    const referral = this.referral(name, undefined, false);
    if (referral === undefined || referral.name === name) return;
    this.write([], referral.name, referral);
  }

  private map(node: NodeMap): void {
    const nameNode = field(node, 'name');
    if (nameNode === undefined) this.failed("there is no 'name' in the map");
    const name = textOf(nameNode);
    const namespace = field(node, 'namespace');
    const referral = this.referral(name, namespace === undefined ? undefined : textOf(namespace), true);
    if (referral === undefined) return;
    if (referral.name === name && referral.namespace === '') return;
    if (referral.name !== name) this.write(['name'], referral.name, referral);
    if (referral.namespace !== '' && textAtKey(node, 'namespace') !== referral.namespace) {
      this.write(['namespace'], referral.namespace, referral);
    }
  }

  private write(below: readonly string[], value: string, referral: Candidate): void {
    // The name was decided where the object that is referred to got it.
    this.entry.set([...this.path, ...below], value, referral.nameSource);
    this.nodes[0] = this.entry.root;
    for (const [i, key] of this.path.entries()) this.nodes[i + 1] = this.below(i, key) as Node;
  }

  private referral(name: string, namespace: string | undefined, withNamespace: boolean): Candidate | undefined {
    const all = this.index.get(`${this.filter.target.kind}\n${name}`);
    if (all === undefined) return undefined;
    const likely = this.sieve(this.likely(all), namespace).filter(({ entry }) => sameAffixes(entry, this.entry, true));
    // Who has no match among those with its prefix has to look at all; with one, the others would be sieved out by it.
    const isSettled = likely.length > 0;
    let candidates = isSettled ? likely : this.sieve(all, namespace);
    if (candidates.length === 1) return candidates[0];
    if (!isSettled) candidates = candidates.filter(({ entry }) => sameAffixes(entry, this.entry, true));
    if (candidates.length > 1) candidates = candidates.filter(({ entry }) => sameAffixes(entry, this.entry, false));
    const first = candidates[0];
    if (first === undefined || candidates.length === 1) return first;
    const same = candidates.every(
      (candidate) => candidate.name === first.name && (!withNamespace || candidate.namespace === first.namespace),
    );
    if (same) return first;
    fail(
      'kustomize-ambiguous-reference',
      `The reference ${this.filter.path} of ${describe(this.id)} to "${name}" could mean several objects: ${candidates
        .map((candidate) => describe(candidate.entry.id))
        .join(', ')}.`,
      placeOf(this.entry.origin, `/${this.filter.path}`),
      {
        related: candidates.map((candidate) => ({ message: 'one of them', at: placeOf(candidate.entry.origin) })),
        hint: `Tell them apart by their first names, or refer to one from where its prefix is given. ${sameUpstream}`,
      },
    );
  }

  /** Of many objects that had one name, those that an affix could tell apart from the rest; none where it cannot. */
  private likely(all: readonly Candidate[]): readonly Candidate[] {
    const prefix = this.entry.prefixes.at(-1);
    if (all.length <= fewEnough || prefix === undefined) return [];
    let byPrefix = prefixIndex.get(all);
    if (byPrefix === undefined) {
      byPrefix = new Map();
      for (const candidate of all) {
        const last = candidate.entry.prefixes.at(-1) ?? '';
        const there = byPrefix.get(last);
        if (there === undefined) byPrefix.set(last, [candidate]);
        else there.push(candidate);
      }
      prefixIndex.set(all, byPrefix);
    }
    const own = byPrefix.get(prefix) ?? [];
    const bare = prefix === '' ? [] : (byPrefix.get('') ?? []);
    return bare.length === 0 ? own : [...own, ...bare].sort((a, b) => a.position - b.position);
  }

  /** Those of an object's kind that this object can see. */
  private sieve(given: readonly Candidate[], namespace: string | undefined): Candidate[] {
    let candidates = given.filter((candidate) => this.couldBeReferenced(candidate));
    if (namespace !== undefined) candidates = this.inNamespace(candidates, namespace);
    candidates = candidates.filter((candidate) => candidate.previous.some((id) => isSelected(id, this.filter.target)));
    const role = this.roleReference();
    if (role !== undefined) {
      candidates = candidates.filter((candidate) => candidate.previous.some((id) => isSelected(id, role)));
    }
    return candidates.filter((candidate) => this.sameNamespace(candidate));
  }

  private couldBeReferenced(candidate: Candidate): boolean {
    return (
      this.isClusterScoped ||
      candidate.effective === clusterNamespace ||
      candidate.effective === this.effective ||
      this.bindingNamespaces.has(candidate.namespace)
    );
  }

  private inNamespace(candidates: readonly Candidate[], namespace: string): Candidate[] {
    const first = candidates.filter((candidate) => {
      const id = candidate.previous[0] as Id;
      return effectiveNamespace(id) === namespace && namespace !== clusterNamespace;
    });
    if (this.namespaceExists(namespace)) return first;
    return candidates.filter((candidate) => candidate.effective === namespace && namespace !== clusterNamespace);
  }

  /** Whether any object that could be referenced was in this namespace at first. */
  private namespaceExists(namespace: string): boolean {
    return (this.places().get(namespace) ?? []).some(
      ({ effective, own }) =>
        this.isClusterScoped ||
        effective === clusterNamespace ||
        effective === this.effective ||
        this.bindingNamespaces.has(own),
    );
  }

  private sameNamespace(candidate: Candidate): boolean {
    return (
      this.isClusterScoped ||
      candidate.effective === clusterNamespace ||
      candidate.entry.kind === 'ServiceAccount' ||
      candidate.effective === this.effective
    );
  }

  private roleReference(): Gvk | undefined {
    if (!this.filter.path.endsWith('roleRef/name')) return undefined;
    const role = mapAt(this.entry.root, 'roleRef');
    if (role === undefined || field(role, 'apiGroup') === undefined || field(role, 'kind') === undefined)
      return undefined;
    return { group: textAtKey(role, 'apiGroup'), version: '', kind: textAtKey(role, 'kind') };
  }
}

/** Who gave an object its present name: the newest change of it, else the object itself. */
function nameSource(entry: Entry): Source {
  for (let edit = entry.edits; edit !== undefined; edit = edit.previous) {
    if (edit.kind === 'set' && edit.pointer === '/metadata/name') return edit.source;
  }
  return { ...entry.origin, pointer: `${entry.origin.pointer}${step('metadata')}${step('name')}` };
}

/** The namespace of a ServiceAccount in a binding is a string, where it is given. */
function refuseBlankNamespaces(entry: Entry): void {
  const subjects = field(entry.root, 'subjects');
  if (!isList(subjects)) return;
  for (const [i, subject] of subjects.entries()) {
    if (!isMap(subject) || textAtKey(subject, 'kind') !== 'ServiceAccount') continue;
    const namespace = field(subject, 'namespace');
    if (namespace === undefined || isText(namespace)) continue;
    const at = placeOf(entry.origin, `/subjects/${i}/namespace`);
    fail('kustomize-field-kind', `The namespace of a subject of ${describe(entry.id)} is not a string.`, at);
  }
}

const noNamespaces: ReadonlySet<string> = new Set();

function namespacesOfBinding(entry: Entry): ReadonlySet<string> {
  if (entry.kind !== 'RoleBinding') return noNamespaces;
  const result = new Set<string>();
  const subjects = field(entry.root, 'subjects');
  if (!isList(subjects)) return result;
  for (const subject of subjects) {
    if (isMap(subject) && textAtKey(subject, 'kind') === 'ServiceAccount') {
      const namespace = field(subject, 'namespace');
      if (namespace !== undefined) result.add(textOf(namespace));
    }
  }
  return result;
}

function sameAffixes(a: Entry, b: Entry, allowEmpty: boolean): boolean {
  const same = (x: readonly string[], y: readonly string[]) =>
    (allowEmpty && (x.length === 0 || y.length === 0)) || sameEnding(x, y);
  return same(a.prefixes, b.prefixes) && same(a.suffixes, b.suffixes);
}

function sameEnding(a: readonly string[], b: readonly string[]): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length === 0) return long.length === 0;
  const shift = long.length - short.length;
  return short.every((text, i) => long[i + shift] === text);
}
