import { joined, step } from './edits.js';
import type { Entry } from './entry.js';
import type { Gvk } from './ids.js';
import { field, isList, isMap, isNull, type Node, type NodeMap } from './node.js';
import type { SharedTree } from './shared-tree.js';

/** Where a transformer writes: a path in objects of a kind (empty parts match anything). */
export interface FieldSpec extends Gvk {
  readonly path: string;
  readonly create: boolean;
}

/** What stands at the end of a field spec: the holder of the value and its key there; both may be written. */
export interface Spot {
  readonly holder: NodeMap | Node[];
  readonly key: string | number;
  readonly pointer: string;
  readonly value: Node;
}

export type Missing = 'nothing' | 'map' | 'scalar';

const parsed = new Map<string, readonly string[]>();

/** The parts of a slash path; `\/` is a slash inside a part. */
export function pathParts(path: string): readonly string[] {
  let parts = parsed.get(path);
  if (parts === undefined) {
    parts = splitPath(path, '/');
    parsed.set(path, parts);
  }
  return parts;
}

/** Splits at a delimiter that is not escaped by a backslash; leading and trailing empty parts are dropped at the start. */
export function splitPath(path: string, delimiter: string): string[] {
  const parts: string[] = [];
  for (const part of path.split(delimiter)) {
    const last = parts.length - 1;
    const before = parts[last];
    if (before?.endsWith('\\')) parts[last] = before.slice(0, -1) + delimiter + part;
    else parts.push(part);
  }
  if (parts[0] === '') parts.shift();
  return parts;
}

export function matchesGvk(spec: FieldSpec, gvk: Gvk): boolean {
  return (
    (spec.kind === '' || spec.kind === gvk.kind) &&
    (spec.group === '' || spec.group === gvk.group) &&
    (spec.version === '' || spec.version === gvk.version)
  );
}

/** The path of a field spec leads through a scalar. */
export class FieldSpecError extends Error {}

/**
 * Visits what a field spec leads to, through all items of lists on the way. `create` says what to make of a missing end
 * where the spec asks for creation. The visitor gets spots of the tree that may be written.
 */
export function visitFieldSpec(entry: Entry, spec: FieldSpec, missing: Missing, visit: (spot: Spot) => void): void {
  const parts = pathParts(spec.path);
  const creates = spec.create && missing !== 'nothing';
  if (!creates && !leadsSomewhere(entry.root, parts, 0)) return;
  walk({ parts, creates, missing, visit, tree: entry.tree }, entry.tree.writableRoot(), 0, '');
}

interface Walk {
  readonly parts: readonly string[];
  readonly creates: boolean;
  readonly missing: Missing;
  readonly visit: (spot: Spot) => void;
  readonly tree: SharedTree;
}

/** Whether anything stands at the end: asked before a tree is copied for writing. */
function leadsSomewhere(node: Node | undefined, parts: readonly string[], at: number): boolean {
  if (node === undefined) return false;
  if (at === parts.length) return true;
  if (isList(node)) {
    for (let i = 0; i < node.length; i += 1) if (leadsSomewhere(node[i], parts, at)) return true;
    return false;
  }
  if (isNull(node)) return false;
  if (!isMap(node)) return true;
  const part = parts[at] as string;
  if (isSpecial(part)) return true;
  const child = field(node, fieldName(part));
  // A null where a list is expected becomes an empty list.
  return (child !== undefined && isNull(child) && part.endsWith('[]')) || leadsSomewhere(child, parts, at + 1);
}

/** The name in a part of a path. Throws FieldSpecError where Kustomize would take the part for something other than a name. */
export function fieldName(part: string): string {
  const name = part.endsWith('[]') ? part.slice(0, -2) : part;
  if (isSpecial(name)) throw new FieldSpecError(`"${name}" is not the name of a field`);
  return name;
}

/** Wildcards, indexes and conditions: field specs have none of them, a list on the way stands for all its items. */
function isSpecial(part: string): boolean {
  const first = part.charCodeAt(0);
  // A letter starts a name.
  if (first >= 0x41) return first === 0x5b && part.endsWith(']');
  return part === '*' || part === '-' || /^[-+]?\d+$/.test(part);
}

function walk(walking: Walk, node: Node, at: number, pointer: string): void {
  if (isNull(node)) return;
  if (isList(node)) {
    for (let i = 0; i < node.length; i += 1) {
      const item = walking.tree.writable(node, i) as Node;
      if (at === walking.parts.length) walking.visit({ holder: node, key: i, pointer: `${pointer}/${i}`, value: item });
      else walk(walking, item, at, `${pointer}/${i}`);
    }
    return;
  }
  if (!isMap(node)) throw new FieldSpecError('expected sequence or mapping node');
  const part = walking.parts[at] as string;
  const name = fieldName(part);
  if (name === '') throw new FieldSpecError('cannot set or create an empty field name');
  const last = at === walking.parts.length - 1;
  const creates = walking.creates && name === part;
  let child = walking.tree.writable(node, name);
  if (child === undefined || (isNull(child) && (creates || name !== part))) {
    if (child === undefined && !creates) return;
    node[name] = name !== part ? [] : last && walking.missing === 'scalar' ? '' : {};
    child = walking.tree.writable(node, name) as Node;
  }
  const below = joined(pointer, step(name));
  if (last) walking.visit({ holder: node, key: name, pointer: below, value: child });
  else walk(walking, child, at + 1, below);
}
