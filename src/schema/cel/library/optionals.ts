import {
  type CelFunc,
  type CelInput,
  CelScalar,
  type CelValue,
  celFunc,
  celList,
  celMap,
  celMethod,
  isCelList,
  isCelMap,
  isCelUint,
  listType,
  mapType,
} from '@bufbuild/cel';
import { celEquals } from '../equality.js';
import { internal } from '../expand.js';
import { opaque, unwrap, wrap } from '../opaque.js';
import { sortedBy } from './lists.js';

const { BOOL, DYN, STRING, TYPE } = CelScalar;
const LIST = listType(DYN);
const MAP = mapType(DYN, DYN);

const none = () => wrap('optional', undefined);

/** A member of a map or an entry of a list; undefined where it is absent. Throws where there can be none. */
function member(value: CelValue, key: CelValue): CelValue | undefined {
  if (isCelMap(value)) return value.get(key as string);
  if (isCelList(value) && typeof key === 'bigint')
    return key >= 0n && key < BigInt(value.size) ? value.get(Number(key)) : undefined;
  throw new Error('no such overload: selection from a value that has no members');
}

function optionalMember(value: CelValue, key: CelValue) {
  const found = opaque(value);
  if (found?.kind !== 'optional') return wrap('optional', member(value, key));
  return found.value === undefined ? none() : wrap('optional', member(found.value, key));
}

/** Selection where only the run can tell whether the value is an optional. */
function dynamicMember(value: CelValue, key: CelValue): CelInput {
  if (opaque(value)?.kind === 'optional') return optionalMember(value, key);
  const found = member(value, key);
  if (found !== undefined) return found as CelInput;
  throw new Error(typeof key === 'string' ? `no such key: ${key}` : `index out of bounds: ${String(key)}`);
}

function hasMember(value: CelValue, key: CelValue): boolean {
  if (opaque(value)?.kind === 'optional') return unwrap('optional', optionalMember(value, key)) !== undefined;
  return member(value, key) !== undefined;
}

function isZero(value: CelValue): boolean {
  if (isCelList(value) || isCelMap(value)) return value.size === 0;
  if (value instanceof Uint8Array) return value.length === 0;
  if (isCelUint(value)) return value.value === 0n;
  return value === null || value === '' || value === 0 || value === 0n || value === false;
}

function present(value: CelValue): CelInput {
  const held = unwrap('optional', value);
  if (held === undefined) throw new Error('optional.none() dereference');
  return held as CelInput;
}

/** What stands in a literal for `value`, which was marked with `?` where it is an entry: nothing, or itself. */
function unpacked(value: CelValue): readonly CelValue[] {
  const found = opaque(value);
  if (found?.kind !== 'entry') return [value];
  const held = unwrap('optional', found.value);
  return held === undefined ? [] : [held];
}

function entriesOf(value: CelValue): CelValue[] {
  if (isCelList(value)) return [...value].map((item, i) => celList([BigInt(i), item]));
  if (isCelMap(value)) return [...value].map(([key, item]) => celList([key, item]));
  throw new Error('no such overload: a comprehension needs a list or a map');
}

type Key = string | bigint | boolean;

function inserted(into: Iterable<readonly [CelValue, CelValue]>, added: readonly (readonly [CelValue, CelValue])[]) {
  const entries = [...into];
  for (const [key, value] of added) {
    if (entries.some(([known]) => celEquals(known, key)))
      throw new Error(`insert failed: key ${String(key)} already exists`);
    entries.push([key, value]);
  }
  return celMap(new Map(entries as [Key, CelInput][]));
}

function mapOf(pairs: Iterable<CelValue>) {
  const entries: [CelValue, CelValue][] = [];
  for (const pair of pairs) {
    const [key, value] = [...(pair as Iterable<CelValue>)] as [CelValue, CelValue];
    const marked = opaque(key);
    if (marked?.kind !== 'entry') entries.push([key, value]);
    else {
      const held = unwrap('optional', value);
      if (held !== undefined) entries.push([marked.value, held]);
    }
  }
  return inserted([], entries);
}

const values = (items: Iterable<CelValue>) =>
  celList([...items].flatMap((item) => unpacked(wrap('entry', item))) as CelInput[]);
const first = (items: Iterable<CelValue>) => wrap('optional', [...items].at(0));
const last = (items: Iterable<CelValue>) => wrap('optional', [...items].at(-1));

/** cel-go's optional types and comprehensions, as far as they are functions; `expand` does the rest. */
export const optionalFunctions: readonly CelFunc[] = [
  celFunc('optional.of', [DYN], TYPE, (value) => wrap('optional', value)),
  celFunc('optional.ofNonZeroValue', [DYN], TYPE, (value) => wrap('optional', isZero(value) ? undefined : value)),
  celFunc('optional.none', [], TYPE, none),
  celFunc('optional.unwrap', [LIST], LIST, values),
  celMethod('unwrapOpt', LIST, [], LIST, function () {
    return values(this);
  }),
  celMethod('first', LIST, [], TYPE, function () {
    return first(this);
  }),
  celMethod('last', LIST, [], TYPE, function () {
    return last(this);
  }),
  celMethod('hasValue', TYPE, [], BOOL, function () {
    return unwrap('optional', this) !== undefined;
  }),
  celMethod('value', TYPE, [], DYN, function () {
    return present(this);
  }),
  celFunc(internal.hasValue, [DYN], BOOL, (value) => unwrap('optional', value) !== undefined),
  celFunc(internal.value, [DYN], DYN, present),
  celFunc(internal.select, [DYN, STRING], TYPE, optionalMember),
  celFunc(internal.index, [DYN, DYN], TYPE, optionalMember),
  celFunc(internal.dynSelect, [DYN, STRING], DYN, dynamicMember),
  celFunc(internal.dynIndex, [DYN, DYN], DYN, dynamicMember),
  celFunc(internal.dynHas, [DYN, STRING], BOOL, hasMember),
  celFunc(internal.entry, [DYN], TYPE, (value) => wrap('entry', value)),
  celFunc(internal.listOf, [LIST], LIST, (items) => celList([...items].flatMap(unpacked) as CelInput[])),
  celFunc(internal.mapOf, [LIST], MAP, mapOf),
  celFunc(internal.entries, [DYN], LIST, (value) => celList(entriesOf(value) as CelInput[])),
  celFunc(internal.insert, [MAP, DYN, DYN], MAP, (map, key, value) => inserted(map, [[key, value]])),
  celFunc(internal.insert, [MAP, MAP], MAP, (map, more) => inserted(map, [...more])),
  celFunc(internal.sortBy, [LIST, LIST], LIST, (items, keys) => celList(sortedBy([...items], [...keys]) as CelInput[])),
];
