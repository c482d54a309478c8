import { type CelValue, isCelList, isCelMap, isCelType, isCelUint } from '@bufbuild/cel';
import { isReflectMessage } from '@bufbuild/protobuf/reflect';
import type { Duration, Timestamp } from '@bufbuild/protobuf/wkt';
import { compareQuantities } from './library/quantity.js';
import { compareVersions } from './library/semver.js';
import { type Opaque, opaque } from './opaque.js';

/** How a list of the schema differs from a plain one: by its keys where it is a map, as a whole where it is a set. */
export type ListKind = { readonly kind: 'set' } | { readonly kind: 'map'; readonly keys: readonly string[] };
const listKinds = new WeakMap<object, ListKind>();

/** Marks a list as a set or a map of its schema (`x-kubernetes-list-type`). */
export function markList<T extends object>(list: T, kind: ListKind): T {
  listKinds.set(list, kind);
  return list;
}

export function listKindOf(list: object): ListKind | undefined {
  return listKinds.get(list);
}

/**
 * Equality of CEL (https://github.com/google/cel-spec/blob/master/doc/langdef.md#equality) with the types of Kubernetes:
 * sets and maps of a schema are equal whatever the order of their entries.
 */
export function celEquals(a: CelValue, b: CelValue): boolean {
  if (a === b) return true;
  const [left, right] = [numberOf(a), numberOf(b)];
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint and a number are to be compared by value
  if (left !== undefined && right !== undefined) return left == right;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && compareBytes(a, b) === 0;
  if (isCelList(a)) return isCelList(b) && equalLists(a, b);
  if (isCelMap(a)) {
    if (!isCelMap(b) || a.size !== b.size) return false;
    for (const [key, item] of a) {
      const other = b.get(key);
      if (other === undefined || !celEquals(item, other)) return false;
    }
    return true;
  }
  if (isCelType(a)) return isCelType(b) && equalTypes(a, b);
  const [first, second] = [instantOf(a), instantOf(b)];
  return first !== undefined && second !== undefined && first.type === second.type && first.nanos === second.nanos;
}

function equalTypes(a: CelValue & { name: string }, b: CelValue & { name: string }): boolean {
  const [left, right] = [opaque(a), opaque(b)];
  if (left === undefined || right === undefined) return left === right && a.name === b.name;
  return equalOpaques(left, right);
}

function equalOpaques(a: Opaque, b: Opaque): boolean {
  switch (a.kind) {
    case 'url':
      return b.kind === 'url' && a.value.text === b.value.text;
    case 'ip':
      return b.kind === 'ip' && a.value.family === b.value.family && a.value.bits === b.value.bits;
    case 'cidr': {
      if (b.kind !== 'cidr' || a.value.length !== b.value.length) return false;
      const [left, right] = [a.value.address, b.value.address];
      return left.family === right.family && left.bits === right.bits;
    }
    case 'semver':
      return b.kind === 'semver' && compareVersions(a.value, b.value) === 0;
    case 'quantity':
      return b.kind === 'quantity' && compareQuantities(a.value, b.value) === 0;
    case 'optional':
      if (b.kind !== 'optional') return false;
      if (a.value === undefined || b.value === undefined) return a.value === b.value;
      return celEquals(a.value, b.value);
    default:
      return a.kind === b.kind && a.value === b.value;
  }
}

function equalLists(a: Iterable<CelValue> & { size: number }, b: Iterable<CelValue> & { size: number }): boolean {
  if (a.size !== b.size) return false;
  const [left, right] = [[...a], [...b]];
  const kind = listKindOf(a) ?? listKindOf(b);
  if (kind === undefined) return left.every((item, i) => celEquals(item, right[i]!));
  // A map's entries are equal where their keys are and the rest is too, so that comparing whole entries is enough.
  return left.every((item) => includes(right, item)) && right.every((item) => includes(left, item));
}

export function includes(items: readonly CelValue[], wanted: CelValue): boolean {
  return items.some((item) => celEquals(item, wanted));
}

/** What comes first of two values of one comparable type; throws where they cannot be compared. */
export function celCompare(a: CelValue, b: CelValue): number {
  const [left, right] = [numberOf(a), numberOf(b)];
  if (left !== undefined && right !== undefined) return left < right ? -1 : left > right ? 1 : 0;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b);
  const [first, second] = [instantOf(a), instantOf(b)];
  if (first !== undefined && first.type === second?.type)
    return first.nanos < second.nanos ? -1 : first.nanos > second.nanos ? 1 : 0;
  throw new Error('no such overload: values that cannot be compared');
}

function numberOf(value: CelValue): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return isCelUint(value) ? value.value : undefined;
}

/** A time or a duration as nanoseconds. */
function instantOf(value: CelValue): { readonly type: string; readonly nanos: bigint } | undefined {
  if (!isReflectMessage(value)) return undefined;
  const { seconds, nanos } = value.message as unknown as Timestamp | Duration;
  return { type: value.desc.typeName, nanos: seconds * 1_000_000_000n + BigInt(nanos) };
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
