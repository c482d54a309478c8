import { MergeError } from './merge-error.js';
import { field, isMap, isMissingOrNull, isNull, isScalar, type Node, type NodeMap, textOf } from './node.js';

type Maybe = Node | undefined;

/** The values of the keys of all items, in order, each once. */
export function elementValues(sources: readonly Node[][], keys: readonly string[]): string[][] {
  const tuples: string[][] = [];
  const seen = new Set<string>();
  for (const list of sources) {
    for (const item of list) {
      const tuple = keys.map((key) => {
        const value = isMap(item) ? field(item, key) : undefined;
        return isMissingOrNull(value) ? '' : textOf(value);
      });
      const id = JSON.stringify(tuple);
      if (tuple.length === 0 || seen.has(id)) continue;
      seen.add(id);
      tuples.push(tuple);
    }
  }
  return tuples;
}

export function primitiveValues(sources: readonly Node[][]): string[][] {
  const seen = new Set<string>();
  for (const list of sources) for (const item of list) seen.add(textOf(item));
  return [...seen].map((text) => [text]);
}

/** Only the keys that some item has; the primary keys where none has any. */
export function validPairs(
  tuples: readonly string[][],
  tuple: readonly string[],
  keys: readonly string[],
): [string[], string[]] {
  const valid = new Set<string>();
  for (const other of tuples) for (const [i, value] of other.entries()) if (value !== '') valid.add(keys[i] as string);
  if (valid.size === 0) return [[...keys], [...tuple]];
  return [
    keys.filter((key) => valid.has(key)),
    tuple.filter((value, i) => value !== '' || valid.has(keys[i] as string)),
  ];
}

/** Items that differ only where one of them is silent are the same item. */
export function mergeTuples(tuples: string[][]): string[][] {
  const result = [...tuples];
  for (let i = 0; i < result.length; i += 1) {
    for (let j = 0; j < result.length; j += 1) {
      const joined = joinTuples(result[i] as string[], result[j] as string[]);
      if (joined === undefined) continue;
      result[i] = joined;
      result[j] = joined;
    }
  }
  return result;
}

function joinTuples(a: readonly string[], b: readonly string[]): string[] | undefined {
  if (a.length !== b.length) return undefined;
  let common = false;
  const joined: string[] = [];
  for (const [i, value] of a.entries()) {
    const other = b[i] as string;
    if (value === other) common = true;
    else if (value !== '' && other !== '') return undefined;
    joined.push(value === '' ? other : value);
  }
  return common ? joined : undefined;
}

export function findElement(list: readonly Node[], keys: readonly string[], values: readonly string[]): Maybe {
  if (keys.length === 0 || keys[0] === '') return list.find((item) => textOf(item) === (values[0] ?? ''));
  return list.find((item) => isMap(item) && keys.every((key, i) => hasValue(item, key, values[i] ?? '')));
}

function hasValue(item: NodeMap, key: string, value: string): boolean {
  const own = field(item, key);
  return own !== undefined && textOf(own) === value;
}

/** Puts an item in the place of those that match, or at the end; without an item, takes out those that match. */
export function setElement(list: Node[], keys: readonly string[], values: readonly string[], element: Maybe): void {
  const kept: Node[] = [];
  let replaced = false;
  const forMaps = keys.length > 0 && keys[0] !== '' && values.length > 0 && values[0] !== '';
  for (const item of list) {
    if (isNull(item) || (isMap(item) && Object.keys(item).length === 0)) continue;
    if (forMaps && !isMap(item)) {
      kept.push(item);
      continue;
    }
    if (!matchesElement(item, keys, values)) {
      if (values.length > 0) kept.push(item);
      continue;
    }
    replaced = true;
    if (element !== undefined) kept.push(element);
  }
  list.length = 0;
  for (const item of kept) list.push(item);
  if (element !== undefined && !isNull(element) && !replaced) list.push(element);
}

function matchesElement(item: Node, keys: readonly string[], values: readonly string[]): boolean {
  let found = false;
  for (const [i, key] of keys.entries()) {
    const value = values[i];
    if (value !== undefined) {
      if (key === '') found = isScalar(item) && textOf(item) === value;
      else if (!isMap(item)) throw new MergeError('an item of a list of maps is not a map');
      else {
        const own = field(item, key);
        // A silent key matches whatever stands there.
        found = own !== undefined && (value === '' || textOf(own) === value);
      }
    }
    if (!found) return false;
  }
  return found;
}

export function appendElements(list: Node[], items: readonly Node[], keys: readonly string[]): void {
  for (const item of items) {
    if (keys[0] === '' || keys.length === 0) {
      setElement(list, [''], [textOf(item)], item);
      continue;
    }
    const values: string[] = [];
    for (const key of keys) {
      if (!isMap(item)) throw new MergeError('an item of a list of maps is not a map');
      const value = field(item, key);
      if (value === undefined) list.push(item);
      else values.push(textOf(value));
    }
    if (keys.length > 1) setElement(list, keys, values, undefined);
    setElement(list, keys, values, item);
  }
}
