import { mergeSchemaOf } from '../build/merge-schema.js';
import type { MergeSchema } from '../build/merge-schema-types.js';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';

/** One field that differs between two states of an object. */
export interface FieldChange {
  readonly kind: 'added' | 'removed' | 'changed' | 'reordered';
  /** For people: `spec.template.spec.containers[vllm].image`. */
  readonly path: string;
  /** RFC 6901, into the new object, or into the old one where the field was removed. */
  readonly pointer: string;
  /** Into the old object, where there is one. */
  readonly oldPointer?: string;
}

/**
 * The fields in which two states of an object differ. The order of keys does not count, nor that of lists which the API merges by
 * a key (containers by name, ports by number; the keys are those of Kustomize's API description, and `name` for kinds that
 * it does not know); `null` is the same as absent, as the API server has it. Lists without a key are one value.
 */
export function fieldChanges(before: JsonObject, after: JsonObject): FieldChange[] {
  const { apiVersion, kind } = after;
  const schema =
    typeof apiVersion === 'string' && typeof kind === 'string' ? mergeSchemaOf(apiVersion, kind) : undefined;
  const changes: FieldChange[] = [];
  compareMaps(before, after, { path: '', pointer: '', oldPointer: '' }, schema, changes);
  return changes;
}

interface At {
  readonly path: string;
  readonly pointer: string;
  readonly oldPointer: string;
}

/** Lists whose items have a key and whose order matters all the same: they run, or refer to each other, in it. */
const ORDERED: ReadonlySet<string> = new Set(['initContainers', 'env', 'steps', 'rules', 'sources']);

function compare(
  before: Json | undefined,
  after: Json | undefined,
  at: At,
  schema: MergeSchema | undefined,
  out: FieldChange[],
): void {
  if (sameJson(before, after)) return;
  if (isMap(before) && isMap(after)) compareMaps(before, after, at, schema, out);
  else if (isList(before) && isList(after)) compareLists(before, after, at, schema, out);
  else push(before, after, at, out);
}

function compareMaps(
  before: JsonObject,
  after: JsonObject,
  at: At,
  schema: MergeSchema | undefined,
  out: FieldChange[],
): void {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const name of [...names].sort()) {
    const token = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const below = { path: join(at.path, name), pointer: at.pointer + token, oldPointer: at.oldPointer + token };
    const field = Object.hasOwn(schema?.fields ?? {}, name) ? schema?.fields?.[name] : undefined;
    compare(own(before, name), own(after, name), below, field, out);
  }
}

function compareLists(
  before: readonly Json[],
  after: readonly Json[],
  at: At,
  schema: MergeSchema | undefined,
  out: FieldChange[],
): void {
  const keys = keysOf(before, after, schema);
  if (keys === undefined) {
    compareUnkeyed(before, after, at, schema, out);
    return;
  }
  const old = byKey(before, keys);
  const now = byKey(after, keys);
  const items = schema?.fields === undefined ? undefined : { fields: schema.fields };
  for (const key of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const [from, to] = [old.get(key), now.get(key)];
    const below = {
      path: `${at.path}[${key}]`,
      pointer: to === undefined ? `${at.oldPointer}/${from}` : `${at.pointer}/${to}`,
      oldPointer: `${at.oldPointer}/${from ?? to}`,
    };
    const item = (list: readonly Json[], index: number | undefined) => (index === undefined ? undefined : list[index]);
    compare(item(before, from), item(after, to), below, items, out);
  }
  const name = at.path.split('.').at(-1) ?? '';
  const common = (list: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>) =>
    [...list.keys()].filter((key) => other.has(key)).join('\n');
  if (ORDERED.has(name) && common(old, now) !== common(now, old)) out.push({ kind: 'reordered', ...at });
}

/** Lists of maps of one length are compared in their order; everything else without a key is one value. */
function compareUnkeyed(
  before: readonly Json[],
  after: readonly Json[],
  at: At,
  schema: MergeSchema | undefined,
  out: FieldChange[],
): void {
  const maps = before.length === after.length && [...before, ...after].every(isMap);
  if (!maps) {
    if (!(schema?.keys?.length === 0 && sameSet(before, after))) push(before, after, at, out);
    return;
  }
  before.forEach((item, index) => {
    const below = {
      path: `${at.path}[${index}]`,
      pointer: `${at.pointer}/${index}`,
      oldPointer: `${at.oldPointer}/${index}`,
    };
    const items = schema?.fields === undefined ? undefined : { fields: schema.fields };
    compare(item, after[index], below, items, out);
  });
}

/** The keys by which every item of both lists is known, each once; undefined where there are none. */
function keysOf(
  before: readonly Json[],
  after: readonly Json[],
  schema: MergeSchema | undefined,
): readonly string[] | undefined {
  if (![...before, ...after].every(isMap)) return undefined;
  const candidates = [schema?.keys ?? [], ['name']].filter((keys) => keys.length > 0);
  return candidates.find((keys) => [before, after].every((list) => byKey(list, keys).size === list.length));
}

function byKey(list: readonly Json[], keys: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  list.forEach((item, index) => {
    const values = keys.map((key) => (isMap(item) ? own(item, key) : undefined));
    const known = values.filter((value) => typeof value === 'string' || typeof value === 'number');
    if (values[0] === known[0] && known.length > 0) found.set(known.join('/'), index);
  });
  return found;
}

function push(before: Json | undefined, after: Json | undefined, at: At, out: FieldChange[]): void {
  if (before === undefined) out.push({ kind: 'added', path: at.path, pointer: at.pointer });
  else if (after === undefined)
    out.push({ kind: 'removed', path: at.path, pointer: at.oldPointer, oldPointer: at.oldPointer });
  else out.push({ kind: 'changed', ...at });
}

function join(path: string, name: string): string {
  const plain = /^[A-Za-z_][\w-]*$/u.test(name);
  if (!plain) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

function own(map: JsonObject, name: string): Json | undefined {
  const value = Object.hasOwn(map, name) ? map[name] : undefined;
  return value === null ? undefined : value;
}

function isMap(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Equal as values: keys in any order, `null` in a map the same as absent. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  if (!isMap(a) || !isMap(b)) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => sameJson(own(a, name), own(b, name)));
}

function sameSet(a: readonly Json[], b: readonly Json[]): boolean {
  const words = (list: readonly Json[]) => [...new Set(list.map((item) => JSON.stringify(item)))].sort().join('\n');
  return words(a) === words(b);
}
