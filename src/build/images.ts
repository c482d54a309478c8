import type { Entries } from './accumulator.js';
import type { Source } from './edits.js';
import { type FieldSpec, FieldSpecError } from './field-spec.js';
import { field, isList, isMap, isScalar, type Node, type NodeMap, type Scalar, textOf } from './node.js';
import { goRegex, type Pattern } from './regex.js';
import { rescan } from './scalar.js';
import { type Collection, isCollection, type SharedTree } from './shared-tree.js';
import { eachSpot } from './transformers.js';
import { containerLists, factsOfShared } from './tree-facts.js';
import { perWrite, type Spend } from './work.js';

/** An entry of `images`. */
export interface ImageRule {
  readonly name: string;
  readonly newName: string;
  readonly newTag: string;
  readonly digest: string;
  readonly tagSuffix: string;
}

/** The parts of an image reference `[host[:port]/]path[:tag][@digest]`. */
export function splitImage(image: string): { name: string; tag: string; digest: string } {
  const slash = image.indexOf('/');
  const from = Math.max(slash, 0);
  const at = image.indexOf('@', from);
  const colon = image.indexOf(':', from);
  if (at < 0 && colon < 0) return { name: image, tag: '', digest: '' };
  if (at >= 0 && (colon < 0 || at < colon)) return { name: image.slice(0, at), tag: '', digest: image.slice(at + 1) };
  if (at >= 0) return { name: image.slice(0, colon), tag: image.slice(colon + 1, at), digest: image.slice(at + 1) };
  return { name: image.slice(0, colon), tag: image.slice(colon + 1), digest: '' };
}

/** Whether an image is the one that a rule names; the name is a regular expression, as upstream has it. */
export function imagePattern(name: string): Pattern | undefined {
  return goRegex(`^${name}(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$`, name);
}

export function changeImage(image: string, rule: ImageRule): string {
  const parts = splitImage(image);
  let { tag, digest } = parts;
  if (rule.newTag !== '' && rule.digest !== '') {
    tag = rule.newTag;
    digest = rule.digest;
  } else if (rule.newTag !== '') {
    tag = rule.newTag;
    digest = '';
  } else if (rule.digest !== '') {
    tag = '';
    digest = rule.digest;
  } else if (rule.tagSuffix !== '') {
    tag += rule.tagSuffix;
    digest = '';
  }
  const name = rule.newName === '' ? parts.name : rule.newName;
  return `${name}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`;
}

/** Changes images in every list called `containers` or `initContainers`, and where the configuration says; how many fit. */
export function setImages(entries: Entries, rule: ImageRule, specs: readonly FieldSpec[], source: Source): number {
  const pattern = imagePattern(rule.name);
  if (pattern === undefined) return 0;
  const matches = (image: string) => pattern.test(image, entries.spend);
  const from = rule.newTag !== '' ? '/newTag' : rule.digest !== '' ? '/digest' : rule.newName !== '' ? '/newName' : '';
  let count = 0;
  for (const entry of entries.list) {
    if (entry.kind === 'CustomResourceDefinition') continue;
    /** The scalar that takes the place of an image; undefined where it stays. */
    const changed = (value: Node): Scalar | undefined => {
      if (!isScalar(value)) throw new FieldSpecError('wrong node kind: expected a scalar');
      const text = textOf(value);
      if (!matches(text)) return undefined;
      count += 1;
      const image = changeImage(text, rule);
      if (image === text) return undefined;
      entries.spend(perWrite);
      return rescan(value, image);
    };
    visitContainers(entry.tree, entry.root, [], {
      spend: entries.spend,
      image: (path, value) => {
        const image = changed(value);
        if (image !== undefined) entry.set(path, image, source, from);
      },
    });
    eachSpot(entry, specs, 'nothing', source, ({ holder, key, pointer, value }) => {
      const image = changed(value);
      if (image === undefined) return;
      (holder as NodeMap)[key as string] = image;
      entry.wrote(pointer, source, from);
    });
  }
  return count;
}

type Path = readonly (string | number)[];

interface Visitor {
  readonly spend: Spend;
  readonly image: (path: Path, value: Node) => void;
}

/** Visits the images in the containers of a tree, those deepest inside first; the tree may be changed on the way. */
function visitContainers(tree: SharedTree, node: Collection, path: (string | number)[], visitor: Visitor): void {
  visitor.spend(4);
  if (tree.isOwn(node)) visitInside(tree, node, path, visitor);
  // What lies in a shared collection is shared as well: it is asked once.
  else if (factsOfShared(node).hasContainers) visitInside(undefined, node, path, visitor);
}

function visitInside(
  tree: SharedTree | undefined,
  node: Collection,
  path: (string | number)[],
  visitor: Visitor,
): void {
  if (isList(node)) {
    visitor.spend(4 * node.length);
    for (let i = 0; i < node.length; i += 1) visitBelow(tree, node[i] as Node, i, path, visitor);
    return;
  }
  for (const key in node) {
    const value = node[key] as Node;
    visitor.spend(4);
    visitBelow(tree, value, key, path, visitor);
    if (!isList(value) || !containerLists.has(key)) continue;
    for (let i = 0; i < value.length; i += 1) {
      const item = value[i];
      const image = isMap(item) ? field(item, 'image') : undefined;
      if (image !== undefined) visitor.image([...path, key, i, 'image'], image);
    }
  }
}

function visitBelow(
  tree: SharedTree | undefined,
  node: Node,
  key: string | number,
  path: (string | number)[],
  visitor: Visitor,
): void {
  if (!isCollection(node)) return;
  path.push(key);
  if (tree === undefined) visitInside(undefined, node, path, visitor);
  else visitContainers(tree, node, path, visitor);
  path.pop();
}
