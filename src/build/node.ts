import type { Json } from '../diagnostics/diagnostic.js';

/**
 * A plain scalar whose text is more than its value: `1.10`, `0x1F`, `True`, `~`, integers beyond 2^53. Kustomize works
 * on texts and decides the type when it prints, so the text must survive until then.
 */
export class OddScalar {
  constructor(
    readonly text: string,
    readonly value: null | boolean | number | string | bigint,
    /** Made by a replacement without a type of its own: the next strategic merge takes it for a string. */
    readonly isUntyped = false,
  ) {}

  // The parser takes an object without a name of its own for a collection, and refuses it as a key.
  get [Symbol.toStringTag](): string {
    return 'OddScalar';
  }

  toString(): string {
    return this.text;
  }
}

/** A string in the folded style (`>`): its text is what was read, its value what Kustomize prints. */
export class FoldedScalar extends OddScalar {
  readonly isFolded = true;
}

/** Whether a scalar is text in any style. */
export function isText(node: Node | undefined): node is string | FoldedScalar {
  return typeof node === 'string' || node instanceof FoldedScalar;
}

export type Scalar = null | boolean | number | string | OddScalar;
export type Node = Scalar | Node[] | NodeMap;
export interface NodeMap {
  [key: string]: Node;
}

export function isMap(node: Node | undefined): node is NodeMap {
  return typeof node === 'object' && node !== null && !Array.isArray(node) && !(node instanceof OddScalar);
}

export function isList(node: Node | undefined): node is Node[] {
  return Array.isArray(node);
}

export function isScalar(node: Node | undefined): node is Scalar {
  return node !== undefined && (typeof node !== 'object' || node === null || node instanceof OddScalar);
}

/** Null in any spelling. */
export function isNull(node: Node | undefined): boolean {
  return node === null || (node instanceof OddScalar && node.value === null);
}

export function isMissingOrNull(node: Node | undefined): boolean {
  return node === undefined || isNull(node);
}

const has = Object.prototype.hasOwnProperty;

/** The value of a key, if the map itself has it (a key may be called `constructor`). */
export function field(map: NodeMap, key: string): Node | undefined {
  return has.call(map, key) ? map[key] : undefined;
}

/** The child map at a key. */
export function mapAt(map: NodeMap, key: string): NodeMap | undefined {
  const child = field(map, key);
  return isMap(child) ? child : undefined;
}

/** The text of a scalar as it stood in its file; '' for an absent or null value without text, and for collections. */
export function textOf(node: Node | undefined): string {
  if (typeof node === 'string') return node;
  if (node === undefined || node === null) return '';
  if (node instanceof OddScalar) return node.text;
  return typeof node === 'object' ? '' : String(node);
}

/** The text of the scalar at a key. */
export function textAtKey(map: NodeMap | undefined, key: string): string {
  return map === undefined ? '' : textOf(field(map, key));
}

/** A copy that shares no collection with its source. */
export function clone<T extends Node>(node: T): T {
  if (typeof node !== 'object' || node === null || node instanceof OddScalar) return node;
  if (Array.isArray(node)) {
    const list = new Array<Node>(node.length);
    for (let i = 0; i < node.length; i += 1) list[i] = clone(node[i] as Node);
    return list as T;
  }
  const copy: NodeMap = {};
  for (const key in node) copy[key] = clone(node[key] as Node);
  return copy as T;
}

/** The same data as JSON, in a tree of its own. */
export function toJson(node: Node): Json {
  if (typeof node !== 'object' || node === null) return node;
  if (node instanceof OddScalar) return typeof node.value === 'bigint' ? Number(node.value) : node.value;
  if (Array.isArray(node)) return node.map(toJson);
  const copy: { [key: string]: Json } = {};
  for (const key in node) copy[key] = toJson(node[key] as Node);
  return copy;
}
