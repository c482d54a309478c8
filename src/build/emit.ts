import { sortKeys } from './emit-order.js';
import { chooseStyle, writeDouble, writeLiteral, writePlain, writeSingle } from './emit-scalar.js';
import { isNull, type Node, type NodeMap, OddScalar } from './node.js';
import { numberText } from './number-text.js';
import { Output } from './output.js';
import { type Collection, isCollection, type SharedTree } from './shared-tree.js';

/**
 * One object as `kubectl kustomize` prints it (go-yaml v2: sorted keys, lists not indented, folded at 80 columns). What the
 * tree shares with those of other objects is written once for all of them.
 */
export function emitObject(root: Node, tree?: SharedTree): string {
  const out = new Output(tree);
  if (isFilled(root)) emitBlock(out, root, 0);
  else emitScalar(out, root, 2);
  return `${out.text}\n`;
}

function isFilled(node: Node): node is Collection {
  if (!isCollection(node)) return false;
  if (Array.isArray(node)) return node.length > 0;
  for (const _ in node) return true;
  return false;
}

interface Printed {
  readonly indent: number;
  readonly text: string;
}

/** What was printed of collections that stand in several trees, at the indent where they were met last. */
const printed = new WeakMap<Collection, Printed>();

/** Shorter texts are printed as fast as they are looked up. */
const worthKeeping = 100;

function emitBlock(out: Output, node: Collection, indent: number): void {
  if (out.tree === undefined || out.tree.isOwn(node)) {
    emitInside(out, node, indent);
    return;
  }
  const known = printed.get(node);
  if (known?.indent === indent) {
    out.write(known.text);
    return;
  }
  const part = new Output();
  part.column = indent;
  emitInside(part, node, indent);
  const { text } = part;
  if (text.length > worthKeeping) printed.set(node, { indent, text });
  out.write(text);
}

function emitInside(out: Output, node: Collection, indent: number): void {
  if (Array.isArray(node)) emitList(out, node, indent);
  else emitMap(out, node, indent);
}

function emitMap(out: Output, map: NodeMap, indent: number): void {
  let first = true;
  for (const key of sortKeys(Object.keys(map))) {
    if (!first) out.newline(indent);
    first = false;
    emitEntry(out, key, map[key] as Node, indent);
  }
}

/** Keys that are written as they are, with their colon: the same ones come again in every object. */
const plainKeys = new Map<string, string>();
const mostPlainKeys = 10_000;

function emitEntry(out: Output, key: string, value: Node, indent: number): void {
  const plain = plainKeys.get(key);
  if (plain !== undefined) out.write(plain);
  else emitKey(out, key, indent);
  emitValue(out, value, indent);
}

function emitKey(out: Output, key: string, indent: number): void {
  const simple = key.length <= 128 && !key.includes('\n') && (key.length <= 42 || byteLength(key) <= 128);
  if (!simple) {
    out.write('? ');
    emitString(out, key, indent + 2, false);
    out.newline(indent);
    out.write(':');
    return;
  }
  if (chooseStyle(key, true) === 'plain' && plainKeys.size < mostPlainKeys) plainKeys.set(key, `${key}:`);
  emitString(out, key, indent, true);
  out.write(':');
}

function byteLength(text: string): number {
  let length = 0;
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

/** The value of a map entry, after its colon. */
function emitValue(out: Output, value: Node, indent: number): void {
  if (!isFilled(value)) {
    out.write(' ');
    emitScalar(out, value, indent + 2);
    return;
  }
  const below = Array.isArray(value) ? indent : indent + 2;
  out.newline(below);
  emitBlock(out, value, below);
}

function emitList(out: Output, list: Node[], indent: number): void {
  let first = true;
  for (const item of list) {
    if (!first) out.newline(indent);
    first = false;
    out.write('- ');
    if (isFilled(item)) emitBlock(out, item, indent + 2);
    else emitScalar(out, item, indent + 2);
  }
}

function emitScalar(out: Output, node: Node, indent: number): void {
  if (typeof node === 'string') emitString(out, node, indent, false);
  else if (isNull(node)) out.write('null');
  else if (typeof node === 'number') out.write(numberText(node));
  else if (typeof node === 'boolean') out.write(String(node));
  else if (node instanceof OddScalar) {
    const { value } = node;
    if (typeof value === 'string') emitString(out, value, indent, false);
    else out.write(typeof value === 'number' ? numberText(value) : String(value));
  } else out.write(Array.isArray(node) ? '[]' : '{}');
}

function emitString(out: Output, text: string, indent: number, isKey: boolean): void {
  switch (chooseStyle(text, isKey)) {
    case 'plain':
      writePlain(out, text, indent, !isKey);
      return;
    case 'single':
      writeSingle(out, text, indent, !isKey);
      return;
    case 'literal':
      writeLiteral(out, text, indent);
      return;
    default:
      writeDouble(out, text, indent, !isKey);
  }
}
