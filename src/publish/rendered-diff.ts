import type { Resource } from '../build/resource.js';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { conceal } from './conceal.js';
import { type FieldChange, fieldChanges } from './field-diff.js';
import { type RolloutEffect, rolloutEffect } from './rollout-effect.js';

/** What tells objects of a cluster apart. The version of the API is no part of it. */
export interface ObjectKey {
  /** '' for the core API. */
  readonly group: string;
  readonly kind: string;
  /** '' where the object names none: cluster-scoped, or up to the Application. */
  readonly namespace: string;
  readonly name: string;
}

/** A field that differs, with its values as they may be shown. */
export interface ShownChange extends FieldChange {
  /** True where the values are secret: then there are none here. */
  readonly hidden: boolean;
  readonly before?: Json;
  readonly after?: Json;
}

export interface ObjectDifference {
  readonly key: ObjectKey;
  readonly change: 'added' | 'removed' | 'changed';
  /** The name before, where only the content hash that Kustomize puts behind it differs. */
  readonly renamedFrom?: string;
  /** Empty for added and removed objects. */
  readonly fields: readonly ShownChange[];
  /** What becomes of its Pods; absent for objects that make none. */
  readonly effect?: RolloutEffect;
  /** For the file and line behind each field: `after.sourceOf(pointer)`. */
  readonly before?: Resource;
  readonly after?: Resource;
}

/** The difference between two renderings, object by object. Sorted by namespace, kind, and name. */
export interface RenderedDifference {
  readonly objects: readonly ObjectDifference[];
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Workloads whose Pods are replaced, `likely` ones included, and the GPUs of these Pods afterwards. */
  readonly restarts: { readonly workloads: number; readonly gpus: number };
  /** GPUs of all workloads that differ, at the declared replicas. */
  readonly gpus: { readonly before: number; readonly after: number };
}

/**
 * Compares what two states of a repository render to. The order of objects, of keys and of keyed lists does not count. Values of
 * Secrets and the like are not in the result.
 */
export function renderedDifference(before: readonly Resource[], after: readonly Resource[]): RenderedDifference {
  const old = index(before);
  const now = index(after);
  const objects: ObjectDifference[] = [];
  let unchanged = 0;
  for (const [from, to] of pairs(old, now)) {
    const difference = differenceOf(from, to);
    if (difference === undefined) unchanged += 1;
    else objects.push(difference);
  }
  objects.sort((a, b) => byCodeUnit(sortKey(a), sortKey(b)));
  const count = (change: ObjectDifference['change']) => objects.filter((one) => one.change === change).length;
  const effects = objects.flatMap((one) => (one.effect === undefined ? [] : [one.effect]));
  const restarted = effects.filter((one) => one.restarts !== 'no');
  return {
    objects,
    added: count('added'),
    removed: count('removed'),
    changed: count('changed'),
    unchanged,
    restarts: { workloads: restarted.length, gpus: sum(restarted.map((one) => one.gpus.after)) },
    gpus: { before: sum(effects.map((one) => one.gpus.before)), after: sum(effects.map((one) => one.gpus.after)) },
  };
}

type Index = ReadonlyMap<string, Resource>;
type Pair = readonly [Resource | undefined, Resource | undefined];

function index(resources: readonly Resource[]): Index {
  const found = new Map<string, Resource>();
  for (const resource of resources) {
    const key = textOf(keyOf(resource.value));
    // One identity twice is an error of its own; here the copies are told apart by their order.
    let free = key;
    for (let copy = 2; found.has(free); copy += 1) free = `${key}\n${copy}`;
    found.set(free, resource);
  }
  return found;
}

/** Every object with its counterpart: by identity, then by identity without the content hash where that leaves one choice. */
function pairs(old: Index, now: Index): Pair[] {
  const out: Pair[] = [];
  for (const [key, resource] of old) if (now.has(key)) out.push([resource, now.get(key)]);
  const gone = byPlainName([...old].filter(([key]) => !now.has(key)));
  const come = byPlainName([...now].filter(([key]) => !old.has(key)));
  for (const [key, from] of gone) {
    const to = come.get(key) ?? [];
    if (key.startsWith(HASHED) && from.length === 1 && to.length === 1) out.push([from[0], to[0]]);
    else out.push(...from.map((one): Pair => [one, undefined]), ...to.map((one): Pair => [undefined, one]));
    come.delete(key);
  }
  for (const left of come.values()) out.push(...left.map((one): Pair => [undefined, one]));
  return out;
}

const HASHED = 'hashed\n';

/** What Kustomize appends to generated ConfigMaps and Secrets: ten letters of its alphabet (api/hasher, `encode`). */
const CONTENT_HASH = /-[2456789bcdfghkmt]{10}$/u;

function byPlainName(entries: readonly (readonly [string, Resource])[]): Map<string, Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const [key, resource] of entries) {
    const { name, ...rest } = keyOf(resource.value);
    const hashed = ['ConfigMap', 'Secret'].includes(rest.kind) && CONTENT_HASH.test(name);
    const plain = hashed ? `${HASHED}${textOf({ ...rest, name: name.replace(CONTENT_HASH, '') })}` : key;
    groups.set(plain, [...(groups.get(plain) ?? []), resource]);
  }
  return groups;
}

function differenceOf(before: Resource | undefined, after: Resource | undefined): ObjectDifference | undefined {
  const known = { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
  const key = keyOf((after ?? before)?.value ?? {});
  if (before === undefined || after === undefined) {
    const effect = rolloutEffect(before?.value, after?.value, []);
    const change = before === undefined ? 'added' : 'removed';
    return { key, change, fields: [], ...(effect === undefined ? {} : { effect }), ...known };
  }
  const changes = fieldChanges(before.value, after.value);
  if (changes.length === 0) return undefined;
  const effect = rolloutEffect(before.value, after.value, changes);
  const oldName = keyOf(before.value).name;
  return {
    key,
    change: 'changed',
    ...(oldName === key.name ? {} : { renamedFrom: oldName }),
    fields: shown(before.value, after.value, changes),
    ...(effect === undefined ? {} : { effect }),
    ...known,
  };
}

/** The values, taken from copies that may be shown. */
function shown(before: JsonObject, after: JsonObject, changes: readonly FieldChange[]): ShownChange[] {
  const copies = [conceal(before), conceal(after)] as const;
  return changes.map((change): ShownChange => {
    const old = change.kind === 'added' ? undefined : valueAt(copies[0], change.oldPointer ?? change.pointer);
    const now = change.kind === 'removed' ? undefined : valueAt(copies[1], change.pointer);
    if (change.kind === 'changed' && JSON.stringify(old) === JSON.stringify(now)) return { ...change, hidden: true };
    return {
      ...change,
      hidden: false,
      ...(old === undefined ? {} : { before: old }),
      ...(now === undefined ? {} : { after: now }),
    };
  });
}

function valueAt(value: Json, pointer: string): Json | undefined {
  let at: Json | undefined = value;
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null) return undefined;
    at = Object.hasOwn(at, name) ? (at as JsonObject)[name] : undefined;
  }
  return at;
}

function keyOf(value: JsonObject): ObjectKey {
  const version = text(value['apiVersion']);
  const metadata = value['metadata'];
  const field = (name: string) =>
    typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)
      ? text((metadata as JsonObject)[name])
      : '';
  return {
    group: version.includes('/') ? version.slice(0, version.indexOf('/')) : '',
    kind: text(value['kind']),
    namespace: field('namespace'),
    name: field('name') || field('generateName'),
  };
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function textOf({ group, kind, namespace, name }: ObjectKey): string {
  return [group, kind, namespace, name].join('\n');
}

function sortKey({ key, change }: ObjectDifference): string {
  return [key.namespace, key.kind, key.name, key.group, change].join('\n');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
