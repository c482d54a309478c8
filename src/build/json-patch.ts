import type { Edit, Source } from './edits.js';
import type { Entry } from './entry.js';
import {
  clone,
  field,
  isList,
  isMap,
  isMissingOrNull,
  isScalar,
  type Node,
  type NodeMap,
  OddScalar,
  textOf,
} from './node.js';
import { nodesIn, perWrite, type Spend } from './work.js';

/** One operation of RFC 6902. */
export interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string | undefined;
  readonly value?: Node | undefined;
  /** Its place in the patch document. */
  readonly index: number;
}

/** An operation that cannot be applied; `index` says which. */
export class JsonPatchError extends Error {
  constructor(
    message: string,
    readonly index: number,
  ) {
    super(message);
  }
}

/** The operations of a patch document; undefined where it is not a list of operations. */
export function operationsOf(document: Node): Operation[] | undefined {
  if (!isList(document)) return undefined;
  const operations: Operation[] = [];
  for (const [index, item] of document.entries()) {
    if (!isMap(item)) return undefined;
    const path = field(item, 'path');
    const from = field(item, 'from');
    operations.push({
      op: textOf(field(item, 'op')),
      path: typeof path === 'string' ? path : textOf(path),
      from: typeof from === 'string' ? from : undefined,
      value: field(item, 'value'),
      index,
    });
  }
  return operations;
}

/** Applies the operations in order, in place, and records what each one wrote. */
export function applyOperations(entry: Entry, operations: readonly Operation[], source: Source, spend: Spend): void {
  spend(nodesIn(entry.root));
  const root = settleScalars(entry.own()) as NodeMap;
  entry.replaceRoot(root);
  entry.shared = new Map();
  entry.rewritten = { edits: entry.edits };
  for (const operation of operations) applyOne(entry, operation, source, spend);
}

/** Through JSON and back, a scalar loses its spelling: `1.10` is 1.1, `~` is null. */
function settleScalars(node: Node): Node {
  if (typeof node !== 'object' || node === null) return node;
  if (node instanceof OddScalar) {
    if (node.value === null) return new OddScalar('null', null);
    return typeof node.value === 'bigint' ? Number(node.value) : node.value;
  }
  if (isList(node)) {
    for (const [i, item] of node.entries()) node[i] = settleScalars(item);
    return node;
  }
  for (const key in node) {
    const value = node[key];
    if (value === null) node[key] = new OddScalar('null', null);
    else if (typeof value === 'object') node[key] = settleScalars(value);
  }
  return node;
}

/** A value that is copied keeps memory, and what is copied can be copied again. */
const perCopy = 10;

interface Target {
  readonly holder: NodeMap | Node[];
  readonly key: string;
  readonly parent: string;
}

function applyOne(entry: Entry, operation: Operation, source: Source, spend: Spend): void {
  const { index } = operation;
  spend(perWrite + operation.path.length / 8 + (operation.value === undefined ? 0 : 2 * nodesIn(operation.value)));
  const value = () =>
    operation.value === undefined
      ? new OddScalar('null', null)
      : (clone(settleScalars(clone(operation.value))) as Node);
  switch (operation.op) {
    case 'add':
      insert(entry, operation.path, value(), index, source, { kind: 'set', from: `/${index}/value` });
      return;
    case 'replace': {
      const target = find(entry, operation.path, index);
      // Upstream's library sets the field where there is nothing to replace; the finding is made by whoever looks before.
      read(target, index, 'replace');
      put(target, value(), index);
      log(entry, { kind: 'set', previous: entry.edits, pointer: pointerOf(target), source, from: `/${index}/value` });
      return;
    }
    case 'remove':
      remove(entry, operation.path, index, source);
      return;
    case 'move': {
      const from = operation.from ?? '';
      const taken = read(find(entry, from, index), index, 'move');
      if (taken === undefined) missing('move', from, index);
      remove(entry, from, index, source);
      insert(entry, operation.path, taken as Node, index, source, { kind: 'set', from: `/${index}` });
      return;
    }
    case 'copy': {
      const from = operation.from ?? '';
      const copied = read(find(entry, from, index), index, 'copy');
      if (copied === undefined) missing('copy', from, index);
      spend(perCopy * nodesIn(copied as Node));
      insert(entry, operation.path, clone(copied as Node), index, source, { kind: 'copy', from });
      return;
    }
    case 'test': {
      const target = find(entry, operation.path, index);
      const present = read(target, index, 'test');
      if (!equal(present, operation.value)) {
        throw new JsonPatchError(`testing value ${operation.path} failed`, index);
      }
      return;
    }
    default:
      throw new JsonPatchError(
        `"${operation.op}" is not an operation (add, remove, replace, move, copy, test are)`,
        index,
      );
  }
}

function missing(op: string, path: string, index: number): never {
  throw new JsonPatchError(`${op} cannot find ${path}`, index);
}

function log(entry: Entry, edit: Edit): void {
  entry.edits = edit;
}

function decodePart(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

function find(entry: Entry, path: string, index: number): Target {
  if (path === '') throw new JsonPatchError('the path is empty: it must name a field of the object', index);
  const parts = path.split('/');
  let node: Node = entry.root;
  for (const part of parts.slice(1, -1)) {
    const key = decodePart(part);
    const next: Node | undefined = isList(node)
      ? node[listIndex(node, key, index)]
      : isMap(node)
        ? field(node, key)
        : undefined;
    if (next === undefined || isScalar(next))
      throw new JsonPatchError(`there is no ${parts.slice(0, -1).join('/')} in the object`, index);
    node = next;
  }
  return {
    holder: node as NodeMap | Node[],
    key: decodePart(parts.at(-1) as string),
    parent: parts.slice(0, -1).join('/'),
  };
}

function listIndex(list: readonly Node[], key: string, index: number): number {
  if (!/^-?\d+$/.test(key)) throw new JsonPatchError(`"${key}" is not an index of a list`, index);
  const number = Number(key);
  return number < 0 ? number + list.length : number;
}

function pointerOf(target: Target): string {
  const key = isList(target.holder) ? String(listIndex(target.holder, target.key, 0)) : target.key;
  return `${target.parent}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function read(target: Target, index: number, op: string): Node | undefined {
  const { holder, key } = target;
  if (!isList(holder)) return field(holder, key);
  const at = listIndex(holder, key, index);
  if (op !== 'test' && (at < 0 || at >= holder.length)) {
    throw new JsonPatchError(`the list has ${holder.length} items, there is no item ${key}`, index);
  }
  return holder[at];
}

function put(target: Target, value: Node, index: number): void {
  if (isList(target.holder)) target.holder[listIndex(target.holder, target.key, index)] = value;
  else target.holder[target.key] = value;
}

type Write = { kind: 'set'; from: string } | { kind: 'copy'; from: string };

function insert(entry: Entry, path: string, value: Node, index: number, source: Source, write: Write): void {
  const target = find(entry, path, index);
  const { holder, key } = target;
  if (!isList(holder)) {
    holder[key] = value;
    log(entry, { ...write, previous: entry.edits, pointer: pointerOf(target), source });
    return;
  }
  const at = key === '-' ? holder.length : listIndex({ length: holder.length + 1 } as Node[], key, index);
  if (at < 0 || at > holder.length) {
    throw new JsonPatchError(`the list has ${holder.length} items, nothing can be added at ${key}`, index);
  }
  holder.splice(at, 0, value);
  log(entry, { kind: 'shift', previous: entry.edits, pointer: target.parent, source, index: at, by: 1 });
  log(entry, { ...write, previous: entry.edits, pointer: `${target.parent}/${at}`, source });
}

function remove(entry: Entry, path: string, index: number, source: Source): void {
  const target = find(entry, path, index);
  const { holder, key } = target;
  if (!isList(holder)) {
    if (field(holder, key) === undefined) missing('remove', path, index);
    const pointer = pointerOf(target);
    delete holder[key];
    log(entry, { kind: 'set', previous: entry.edits, pointer, source, from: `/${index}` });
    return;
  }
  const at = listIndex(holder, key, index);
  if (at < 0 || at >= holder.length) missing('remove', path, index);
  holder.splice(at, 1);
  log(entry, { kind: 'shift', previous: entry.edits, pointer: target.parent, source, index: at, by: -1 });
}

function equal(a: Node | undefined, b: Node | undefined): boolean {
  if (isMissingOrNull(a) || isMissingOrNull(b)) return isMissingOrNull(a) && isMissingOrNull(b);
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, i) => equal(item, b[i]));
  if (isMap(a) && isMap(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => equal(a[key], field(b, key)));
  }
  return plain(a) === plain(b);
}

function plain(node: Node | undefined): unknown {
  return node instanceof OddScalar ? node.value : node;
}
