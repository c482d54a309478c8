import type { Json, JsonObject } from '../diagnostics/diagnostic.js';

/**
 * A list whose items are known by a name (a map with `name`) or by their own text, as a map of them; everything else as it is. So two
 * lists compare item by item, wherever the items stand.
 */
export function keyed(value: Json): Json {
  if (Array.isArray(value)) {
    const ids = value.map(idOf);
    if (ids.some((id) => id === undefined) || new Set(ids).size < ids.length)
      return value.map((each: Json) => keyed(each));
    return { [LIST]: Object.fromEntries(value.map((each: Json, index) => [ids[index] ?? '', keyed(each)])) };
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, keyed(each)]));
}

/** The key that marks a list in what `keyed` returns; no YAML file of people holds it. */
export const LIST = '\u0000list';

/** What an item of a list is known by: its name, or itself where it is a text or number. */
export function idOf(item: Json): string | undefined {
  if (typeof item === 'string' || typeof item === 'number') return String(item);
  const name = isObject(item) ? item['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** The merge of two changed values: what one side changed is taken; what both changed differently is a conflict. */
export interface DataMerge {
  readonly value: Json | undefined;
  /** Where both changed it differently, as in `spec.models.llama-3.1-8b.context`. */
  readonly conflicts: readonly string[];
}

/** Merges three values that `keyed` made; undefined stands for "not there". In conflict, ours is taken. */
export function mergeData(
  base: Json | undefined,
  ours: Json | undefined,
  theirs: Json | undefined,
  path: readonly string[] = [],
): DataMerge {
  if (sameData(ours, theirs) || sameData(base, theirs)) return { value: ours, conflicts: [] };
  if (sameData(base, ours)) return { value: theirs, conflicts: [] };
  if (!isObject(ours) || !isObject(theirs)) return { value: ours, conflicts: [path.join('.')] };
  const before = isObject(base) ? base : {};
  const merged: Record<string, Json> = {};
  const conflicts: string[] = [];
  for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const one = mergeData(at(before, key), at(ours, key), at(theirs, key), key === LIST ? path : [...path, key]);
    if (one.value !== undefined) merged[key] = one.value;
    conflicts.push(...one.conflicts);
  }
  return { value: merged, conflicts };
}

/** Equal, whatever the order of keys. */
export function sameData(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((each: Json, index) => sameData(each, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameData(a[key], b[key]))
  );
}

function at(value: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
