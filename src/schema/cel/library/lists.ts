import {
  type CelFunc,
  type CelInput,
  type CelList,
  CelScalar,
  type CelValue,
  celFunc,
  celList,
  celMethod,
  isCelList,
  isCelUint,
  listType,
} from '@bufbuild/cel';
import { create } from '@bufbuild/protobuf';
import { isReflectMessage } from '@bufbuild/protobuf/reflect';
import { type Duration, DurationSchema } from '@bufbuild/protobuf/wkt';
import { celCompare, celEquals, includes, listKindOf } from '../equality.js';

const { BOOL, DYN, INT } = CelScalar;
const LIST = listType(DYN);

/** So many entries `lists.range` may give: rules are run on manifests that strangers wrote. */
const longestRange = 100_000n;

function sum(items: readonly CelValue[]): CelInput {
  const [first] = items;
  if (first === undefined) return 0n;
  if (typeof first === 'bigint') {
    const total = (items as readonly bigint[]).reduce((all, item) => all + item, 0n);
    if (BigInt.asIntN(64, total) !== total) throw new Error('integer overflow');
    return total;
  }
  if (typeof first === 'number') return (items as readonly number[]).reduce((all, item) => all + item, 0);
  if (isCelUint(first)) throw new Error('no such overload: sum of unsigned integers');
  const nanos = items.map(durationNanos).reduce((all, item) => all + item, 0n);
  return create(DurationSchema, { seconds: nanos / 1_000_000_000n, nanos: Number(nanos % 1_000_000_000n) });
}

function durationNanos(value: CelValue): bigint {
  if (!isReflectMessage(value, DurationSchema)) throw new Error('no such overload: sum');
  const { seconds, nanos } = value.message as Duration;
  return seconds * 1_000_000_000n + BigInt(nanos);
}

function extreme(name: string, items: readonly CelValue[], sign: number): CelInput {
  if (items.length === 0) throw new Error(`${name} called on empty list`);
  return items.reduce((best, item) => (celCompare(item, best) * sign < 0 ? item : best)) as CelInput;
}

/** Concatenation; for the sets and maps of a schema, what stands on the left keeps its place. */
function add(left: CelList, right: CelList): CelInput {
  const kind = listKindOf(left);
  const items = [...left];
  if (kind === undefined) return [...items, ...right] as CelInput[];
  for (const item of right) {
    const same =
      kind.kind === 'set'
        ? items.findIndex((old) => celEquals(old, item))
        : items.findIndex((old) => kind.keys.every((key) => sameMember(old, item, key)));
    if (same < 0) items.push(item);
    else if (kind.kind === 'map') items[same] = item;
  }
  return items as CelInput[];
}

function sameMember(a: CelValue, b: CelValue, key: string): boolean {
  const member = (value: CelValue): CelValue | undefined =>
    (value as { get?: (name: string) => CelValue | undefined }).get?.(key);
  const [left, right] = [member(a), member(b)];
  return left === undefined || right === undefined ? left === right : celEquals(left, right);
}

function flatten(items: Iterable<CelValue>, depth: bigint): CelValue[] {
  return [...items].flatMap((item) => (isCelList(item) && depth > 0n ? flatten(item, depth - 1n) : [item]));
}

function distinct(items: readonly CelValue[]): CelValue[] {
  const kept: CelValue[] = [];
  for (const item of items) if (!includes(kept, item)) kept.push(item);
  return kept;
}

/** The items in the order of their keys; equal keys keep their order. */
export function sortedBy(items: readonly CelValue[], keys: readonly CelValue[]): CelValue[] {
  return items
    .map((item, i) => ({ item, key: keys[i]! }))
    .sort((a, b) => celCompare(a.key, b.key))
    .map(({ item }) => item);
}

/**
 * `library.Lists` of the API server, and the sets and lists of cel-go's `ext`
 * (https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-list-library). Equality is that of the schema's types.
 */
export const listFunctions: readonly CelFunc[] = [
  celFunc('_==_', [DYN, DYN], BOOL, (a, b) => celEquals(a, b)),
  celFunc('_!=_', [DYN, DYN], BOOL, (a, b) => !celEquals(a, b)),
  celFunc('@in', [DYN, LIST], BOOL, (item, list) => includes([...list], item)),
  celFunc('_+_', [LIST, LIST], LIST, (left, right) => add(left, right) as CelList),
  celMethod('isSorted', LIST, [], BOOL, function () {
    const items = [...this];
    return items.every((item, i) => i === 0 || celCompare(items[i - 1]!, item) <= 0);
  }),
  celMethod('sum', LIST, [], DYN, function () {
    return sum([...this]);
  }),
  celMethod('min', LIST, [], DYN, function () {
    return extreme('min', [...this], 1);
  }),
  celMethod('max', LIST, [], DYN, function () {
    return extreme('max', [...this], -1);
  }),
  celMethod('indexOf', LIST, [DYN], INT, function (wanted) {
    return BigInt([...this].findIndex((item) => celEquals(item, wanted)));
  }),
  celMethod('lastIndexOf', LIST, [DYN], INT, function (wanted) {
    return BigInt([...this].findLastIndex((item) => celEquals(item, wanted)));
  }),
  celMethod('includes', LIST, [DYN], BOOL, function (wanted) {
    return includes([...this], wanted);
  }),
  celFunc('sets.contains', [LIST, LIST], BOOL, (all, some) => containsAll(all, some)),
  celFunc('sets.equivalent', [LIST, LIST], BOOL, (a, b) => containsAll(a, b) && containsAll(b, a)),
  celFunc('sets.intersects', [LIST, LIST], BOOL, (a, b) => {
    const items = [...b];
    return [...a].some((item) => includes(items, item));
  }),
  celMethod('slice', LIST, [INT, INT], LIST, function (start, end) {
    if (start < 0n || end < 0n) throw new Error(`cannot slice(${start}, ${end}), negative indexes not supported`);
    if (start > end)
      throw new Error(`cannot slice(${start}, ${end}), start index must be less than or equal to end index`);
    if (end > BigInt(this.size)) throw new Error(`cannot slice(${start}, ${end}), list is length ${this.size}`);
    return celList([...this].slice(Number(start), Number(end)));
  }),
  celMethod('flatten', LIST, [], LIST, function () {
    return celList(flatten(this, 1n));
  }),
  celMethod('flatten', LIST, [INT], LIST, function (depth) {
    if (depth < 0n) throw new Error('level must be non-negative');
    return celList(flatten(this, depth));
  }),
  celMethod('sort', LIST, [], LIST, function () {
    return celList([...this].sort(celCompare));
  }),
  celMethod('distinct', LIST, [], LIST, function () {
    return celList(distinct([...this]));
  }),
  celMethod('reverse', LIST, [], LIST, function () {
    return celList([...this].reverse());
  }),
  celFunc('lists.range', [INT], LIST, (count) => {
    if (count < 0n || count > longestRange) throw new Error(`lists.range(${count}): out of bounds`);
    return celList(Array.from({ length: Number(count) }, (_, i) => BigInt(i)));
  }),
];

function containsAll(all: Iterable<CelValue>, some: Iterable<CelValue>): boolean {
  const items = [...all];
  return [...some].every((wanted) => includes(items, wanted));
}
