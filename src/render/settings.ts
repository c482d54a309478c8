import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { isObject } from './blueprint.js';
import { evaluate, hasExpression, lookup, parseTemplate, type Template } from './expression.js';

const dropped = Symbol('dropped');
const parsed = new Map<string, Template>();

/**
 * Evaluates the `settings` of a blueprint for one deployment. As in a template: a text that is one single expression takes
 * the value with its type, an absent value drops its key or item, emptied maps and lists go. Beyond it: an item that is
 * one expression for a list is replaced by its items, an item of which nothing but its `name` is left goes too, and
 * values of environment variables become text.
 */
export function evaluateSettings(settings: JsonObject, values: JsonObject): JsonObject {
  const out = fill(settings, values, '');
  return isObject(out as Json) ? (out as JsonObject) : {};
}

function fill(node: Json, values: JsonObject, key: string): Json | typeof dropped {
  if (typeof node === 'string') return fillText(node, values);
  if (Array.isArray(node)) return fillList(node, values, key);
  if (isObject(node)) return fillMap(node, values);
  return node;
}

function fillText(text: string, values: JsonObject): Json | typeof dropped {
  if (!hasExpression(text)) return text;
  let template = parsed.get(text);
  if (template === undefined) {
    template = parseTemplate(text, false);
    if (parsed.size < 10_000) parsed.set(text, template);
  }
  const value = template.single === undefined ? evaluate(template, values, false) : lookup(values, template.single);
  return value ?? dropped;
}

function fillMap(map: JsonObject, values: JsonObject): Json | typeof dropped {
  const entries: [string, Json][] = [];
  for (const [key, child] of Object.entries(map)) {
    const value = fill(child, values, key);
    if (value !== dropped) entries.push([key, value]);
  }
  return entries.length === 0 && Object.keys(map).length > 0 ? dropped : Object.fromEntries(entries);
}

function fillList(list: readonly Json[], values: JsonObject, key: string): Json | typeof dropped {
  const items: Json[] = [];
  for (const child of list) {
    const value = fill(child, values, '');
    if (value === dropped) continue;
    if (isObject(child) && Object.keys(child).length > 1 && isObject(value) && Object.keys(value).join() === 'name')
      continue;
    if (typeof child === 'string' && Array.isArray(value)) items.push(...value);
    else items.push(value);
  }
  if (items.length === 0) return dropped;
  return key === 'env' ? items.map(textValue) : items;
}

/** Kubernetes takes nothing but text as the value of an environment variable. */
function textValue(item: Json): Json {
  if (!isObject(item)) return item;
  const value = item['value'];
  return typeof value === 'number' || typeof value === 'boolean' ? { ...item, value: String(value) } : item;
}

/** What all agree on, and what is left for each. */
export interface Split {
  readonly base: JsonObject;
  readonly rest: readonly JsonObject[];
}

/**
 * Splits evaluated settings. A top-level group counts only where it is present (an environment without an autoscaler has no
 * say about one). Below that a key that one lacks is not agreed on. Maps are split key by key, lists of named items item by
 * item, everything else as a whole.
 */
export function splitSettings(all: readonly JsonObject[]): Split {
  const base: Record<string, Json> = {};
  const rest: Record<string, Json>[] = all.map(() => ({}));
  for (const group of new Set(all.flatMap((each) => Object.keys(each)))) {
    const present = all
      .map((each, index) => ({ value: each[group], index }))
      .filter((each) => each.value !== undefined);
    const { shared, left } = split(present.map((each) => each.value as Json));
    if (shared !== undefined) base[group] = shared;
    for (const [position, { index }] of present.entries()) {
      const own = left[position];
      if (own !== undefined) (rest[index] as Record<string, Json>)[group] = own;
    }
  }
  return { base, rest };
}

interface Part {
  readonly shared: Json | undefined;
  readonly left: readonly (Json | undefined)[];
}

function split(values: readonly Json[]): Part {
  const [first] = values;
  if (values.every((value) => equal(value, first as Json))) return { shared: first, left: values.map(() => undefined) };
  if (values.every(isObject)) return splitMaps(values as readonly JsonObject[]);
  if (values.every(isNamedList)) return splitNamed(values as readonly (readonly JsonObject[])[]);
  return { shared: undefined, left: values };
}

function splitMaps(maps: readonly JsonObject[]): Part {
  const shared: Record<string, Json> = {};
  const left: Record<string, Json>[] = maps.map(() => ({}));
  for (const key of new Set(maps.flatMap((map) => Object.keys(map)))) {
    const values = maps.map((map) => map[key]);
    if (values.some((value) => value === undefined)) {
      for (const [index, value] of values.entries())
        if (value !== undefined) (left[index] as Record<string, Json>)[key] = value;
      continue;
    }
    const part = split(values as readonly Json[]);
    if (part.shared !== undefined) shared[key] = part.shared;
    for (const [index, value] of part.left.entries())
      if (value !== undefined) (left[index] as Record<string, Json>)[key] = value;
  }
  return {
    shared: Object.keys(shared).length === 0 ? undefined : shared,
    left: left.map((map) => (Object.keys(map).length === 0 ? undefined : map)),
  };
}

/** Items are whole: a volume that differs differs as a volume. */
function splitNamed(lists: readonly (readonly JsonObject[])[]): Part {
  const shared = (lists[0] ?? []).filter((item) => lists.every((list) => list.some((other) => equal(item, other))));
  const names = new Set(shared.map((item) => item['name']));
  return {
    shared: shared.length === 0 ? undefined : shared,
    left: lists.map((list) => {
      const own = list.filter((item) => !names.has(item['name'] as string));
      return own.length === 0 ? undefined : own;
    }),
  };
}

function isNamedList(value: Json): boolean {
  if (!Array.isArray(value)) return false;
  const names = value.map((item: Json) => (isObject(item) ? item['name'] : undefined));
  return names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
}

/** Equality of JSON values; the order of keys does not matter. */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => equal(item, b[index] as Json));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}
