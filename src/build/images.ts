import type { Entries } from './accumulator.js';
import type { Source } from './edits.js';
import { step } from './edits.js';
import { type FieldSpec, FieldSpecError } from './field-spec.js';
import { field, isList, isMap, isScalar, type Node, type NodeMap, textOf } from './node.js';
import { goRegex, type Pattern } from './regex.js';
import { rescan } from './scalar.js';
import { eachSpot } from './transformers.js';
import { nodesIn, perWrite } from './work.js';

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
    const update = (holder: NodeMap, key: string, pointer: string, value: Node | undefined) => {
      if (value === undefined) return;
      if (!isScalar(value)) throw new FieldSpecError('wrong node kind: expected a scalar');
      const text = textOf(value);
      if (!matches(text)) return;
      count += 1;
      const changed = changeImage(text, rule);
      if (changed === text) return;
      holder[key] = rescan(value, changed);
      entries.spend(perWrite);
      entry.wrote(pointer, source, from);
    };
    entries.spend(4 * nodesIn(entry.root));
    const found = imagesIn(entry.root, matches);
    if (found) visitContainers(entry.own(), '', update);
    eachSpot(entry, specs, 'nothing', source, (spot) =>
      update(spot.holder as NodeMap, String(spot.key), spot.pointer, spot.value),
    );
  }
  return count;
}

const containerLists = new Set(['containers', 'initContainers']);

/** Whether a walk would change anything: asked before a tree is copied for writing. */
function imagesIn(node: Node, matches: (image: string) => boolean): boolean {
  if (isList(node)) return node.some((item) => imagesIn(item, matches));
  if (!isMap(node)) return false;
  for (const key in node) {
    const value = node[key] as Node;
    if (typeof value !== 'object' || value === null) continue;
    if (imagesIn(value, matches)) return true;
    if (!containerLists.has(key) || !isList(value)) continue;
    for (const item of value) {
      if (!isMap(item)) continue;
      const image = field(item, 'image');
      if (image !== undefined && (!isScalar(image) || matches(textOf(image)))) return true;
    }
  }
  return false;
}

function visitContainers(
  node: Node,
  pointer: string,
  update: (holder: NodeMap, key: string, pointer: string, value: Node | undefined) => void,
): void {
  if (isList(node)) {
    for (const [i, item] of node.entries()) visitContainers(item, `${pointer}/${i}`, update);
    return;
  }
  if (!isMap(node)) return;
  for (const key of Object.keys(node)) {
    const value = node[key] as Node;
    if (typeof value !== 'object' || value === null) continue;
    const below = pointer + step(key);
    visitContainers(value, below, update);
    if (!containerLists.has(key) || !isList(value)) continue;
    for (const [i, item] of value.entries()) {
      if (isMap(item)) update(item, 'image', `${below}/${i}/image`, field(item, 'image'));
    }
  }
}
