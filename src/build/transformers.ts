import type { Entries } from './accumulator.js';
import type { Source } from './edits.js';
import { joined, placeOf, step } from './edits.js';
import type { Entry } from './entry.js';
import { fail } from './failure.js';
import { type FieldSpec, FieldSpecError, type Missing, matchesGvk, type Spot, visitFieldSpec } from './field-spec.js';
import { describe, effectiveNamespace, type Gvk, isSelected } from './ids.js';
import { field, isList, isMap, isScalar, mapAt, type Node, type NodeMap, textAtKey, textOf } from './node.js';
import { sameUpstream } from './refusals.js';
import { rescan } from './scalar.js';
import { isClusterScoped } from './scope.js';
import { perWrite, type Spend } from './work.js';

const fitting = new WeakMap<readonly FieldSpec[], Map<string, readonly FieldSpec[]>>();

/** The field specs that fit the kind of an object; worked out once for each kind. */
function specsFor(entry: Entry, specs: readonly FieldSpec[]): readonly FieldSpec[] {
  if (specs.length < 4) {
    const gvk = entry.gvk;
    return specs.filter((spec) => matchesGvk(spec, gvk));
  }
  let byKind = fitting.get(specs);
  if (byKind === undefined) {
    byKind = new Map();
    fitting.set(specs, byKind);
  }
  const key = `${textAtKey(entry.root, 'apiVersion')}/${entry.kind}`;
  let own = byKind.get(key);
  if (own === undefined) {
    const gvk = entry.gvk;
    own = specs.filter((spec) => matchesGvk(spec, gvk));
    byKind.set(key, own);
  }
  return own;
}

/** Applies every field spec that fits the object. */
export function eachSpot(
  entry: Entry,
  specs: readonly FieldSpec[],
  missing: Missing,
  source: Source,
  visit: (spot: Spot) => void,
): void {
  for (const spec of specsFor(entry, specs)) {
    try {
      visitFieldSpec(entry, spec, missing, visit);
    } catch (error) {
      if (!(error instanceof FieldSpecError)) throw error;
      fail(
        'kustomize-field-kind',
        `The field ${spec.path} of ${describe(entry.id)} cannot be changed by ${source.via}: ${error.message}.`,
        placeOf(source),
        { related: [{ message: 'the object', at: placeOf(entry.origin) }] },
      );
    }
  }
}

function write(entry: Entry, spot: Spot, value: Node, source: Source, from = ''): void {
  (spot.holder as NodeMap)[spot.key as string] = value;
  entry.wrote(spot.pointer, source, from);
}

/** Sets string entries of maps: labels and annotations. `source` points at the map that holds them. */
export function setEntries(
  entries: Entries,
  pairs: Readonly<Record<string, string>>,
  specs: readonly FieldSpec[],
  source: Source,
): void {
  const keys = Object.keys(pairs).sort();
  if (keys.length === 0) return;
  for (const entry of entries.list) {
    entries.spend(20 + 4 * specs.length);
    setEntriesOf(entry, keys, pairs, specs, source, entries.spend);
  }
}

function setEntriesOf(
  entry: Entry,
  keys: readonly string[],
  pairs: Readonly<Record<string, string>>,
  specs: readonly FieldSpec[],
  source: Source,
  spend: Spend,
): void {
  const added: string[][] = keys.map(() => []);
  eachSpot(entry, specs, 'map', source, (spot) => {
    const map = spot.value;
    if (!isMap(map))
      throw new FieldSpecError(`wrong node kind: expected a map, got ${isList(map) ? 'a list' : 'a scalar'}`);
    spend(perWrite * keys.length);
    for (let i = 0; i < keys.length; i += 1) {
      const key = keys[i] as string;
      const from = step(key);
      const pointer = joined(spot.pointer, from);
      const isNew = field(map, key) === undefined;
      map[key] = pairs[key] as string;
      entry.wrote(pointer, source, from);
      if (isNew) added[i]?.push(pointer);
      else entry.spread(pointer, pairs[key] as string, source, from);
    }
  });
  const groups = added.filter((pointers) => pointers.length > 1);
  if (groups.length === 0) return;
  for (const pointers of groups) spend(perWrite * pointers.length + entry.shared.size);
  entry.share(groups);
}

/** Which subjects of role bindings get the namespace. */
export type SubjectMode = 'defaultOnly' | 'allServiceAccounts' | 'none';

export interface NamespaceOptions {
  readonly unsetOnly?: boolean;
  readonly subjects?: SubjectMode;
}

/** Sets the namespace of everything that has one, and where objects name it. */
export function setNamespace(
  entries: Entries,
  namespace: string,
  specs: readonly FieldSpec[],
  source: Source,
  options: NamespaceOptions = {},
): void {
  const occupied = countIds(entries);
  for (const entry of entries.list) {
    entries.spend(perWrite + 4 * specs.length + entry.previous.length);
    const before = entry.key;
    entry.storePreviousId(effectiveNamespace(entry.id));
    namespaceOf(entry, namespace, specs, source, options);
    const after = entry.key;
    moveId(occupied, before, after);
    if (occupied.get(after) !== 1) {
      fail(
        'kustomize-duplicate-id',
        `The namespace ${namespace} makes two objects the same: ${describe(entry.id)}.`,
        placeOf(source),
        {
          related: [{ message: 'one of them', at: placeOf(entry.origin) }],
          hint: `Give one of them another name. ${sameUpstream}`,
        },
      );
    }
  }
  entries.changed();
}

function countIds(entries: Entries): Map<string, number> {
  const counts = new Map<string, number>();
  for (const entry of entries.list) {
    const key = entry.key;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function moveId(counts: Map<string, number>, from: string, to: string): void {
  if (from === to) return;
  counts.set(from, (counts.get(from) ?? 1) - 1);
  counts.set(to, (counts.get(to) ?? 0) + 1);
}

const metadataNamespace: FieldSpec = { group: '', version: '', kind: '', path: 'metadata/namespace', create: true };

function namespaceOf(
  entry: Entry,
  namespace: string,
  specs: readonly FieldSpec[],
  source: Source,
  options: NamespaceOptions,
): void {
  const gvk = entry.gvk;
  const set = (spot: Spot) => {
    if (!isScalar(spot.value)) throw new FieldSpecError('wrong node kind: expected a scalar');
    if (options.unsetOnly === true && textOf(spot.value) !== '') return;
    write(entry, spot, namespace, source);
  };
  if (!isClusterScoped(gvk)) eachSpot(entry, [metadataNamespace], 'scalar', source, set);
  const isBinding = isBindingKind(gvk.kind);
  if (isBinding) setSubjects(entry, options.subjects ?? 'defaultOnly', set);
  const rest = specsFor(entry, specs).filter(
    (spec) =>
      spec.path !== 'metadata/namespace' &&
      !(spec.path === 'metadata/name' && textAtKey(entry.root, 'apiVersion') !== 'v1') &&
      !(isBinding && spec.path === 'subjects/namespace' && isBindingKind(spec.kind)),
  );
  eachSpot(entry, rest, 'scalar', source, set);
}

function isBindingKind(kind: string): boolean {
  return kind === 'RoleBinding' || kind === 'ClusterRoleBinding';
}

function setSubjects(entry: Entry, mode: SubjectMode, set: (spot: Spot) => void): void {
  if (mode === 'none' || !isList(field(entry.root, 'subjects'))) return;
  const subjects = entry.own()['subjects'] as Node[];
  for (const [i, subject] of subjects.entries()) {
    if (!isMap(subject)) continue;
    const chosen =
      mode === 'defaultOnly'
        ? textAtKey(subject, 'name') === 'default'
        : textAtKey(subject, 'kind') === 'ServiceAccount';
    if (!chosen) continue;
    const value = field(subject, 'namespace') ?? '';
    set({ holder: subject, key: 'namespace', pointer: `/subjects/${i}/namespace`, value });
  }
}

// Kinds whose names are contracts, which a prefix or suffix would break.
const keepsName: readonly Gvk[] = [
  { group: '', version: '', kind: 'CustomResourceDefinition' },
  { group: 'apiregistration.k8s.io', version: '', kind: 'APIService' },
  { group: '', version: '', kind: 'Namespace' },
];

/** Puts a text before or after the names (and the other fields that the configuration lists). */
export function affixNames(
  entries: Entries,
  side: 'prefix' | 'suffix',
  text: string,
  specs: readonly FieldSpec[],
  source: Source,
): void {
  for (const entry of entries.list) {
    // Prefixes, suffixes and earlier ids are copied with each more of them.
    entries.spend(perWrite + 32 * specs.length + entry.previous.length + entry.name.length / 8);
    const original = entry.originalId;
    if (keepsName.some((gvk) => isSelected(original, gvk))) continue;
    for (const spec of specs) {
      if (!isSelected(original, spec)) continue;
      if (spec.path === 'metadata/name') {
        if (side === 'prefix') entry.prefixes = [...entry.prefixes, text];
        else entry.suffixes = [...entry.suffixes, text];
        entry.storePreviousId(effectiveNamespace(entry.id));
      }
      eachSpot(entry, [spec], 'scalar', source, (spot) => {
        if (!isScalar(spot.value)) throw new FieldSpecError('wrong node kind: expected a scalar');
        const old = textOf(spot.value);
        write(entry, spot, rescan(spot.value, side === 'prefix' ? text + old : old + text), source);
      });
    }
  }
  entries.changed();
}

/** Sets the replica count of objects by name (their names of now or before); false where none was found. */
export function setReplicas(
  entries: Entries,
  name: string,
  count: number,
  specs: readonly FieldSpec[],
  source: Source,
): boolean {
  let found = false;
  entries.spend(2 * entries.list.length);
  for (const entry of entries.list) {
    const isNow = entry.name === name;
    if (!isNow && !entry.previous.some((id) => id.name === name)) continue;
    const ids = entry.previousIds.filter((id) => id.name === name);
    if (isNow) ids.push(entry.id);
    for (const spec of specs) {
      if (!ids.some((id) => isSelected(id, spec))) continue;
      found = true;
      eachSpot(entry, [spec], 'scalar', source, (spot) => {
        if (!isScalar(spot.value)) throw new FieldSpecError('wrong node kind: expected a scalar');
        write(entry, spot, count, source, '/count');
      });
    }
  }
  return found;
}

export function nameAt(map: NodeMap | undefined, key: string): string {
  return map === undefined ? '' : textAtKey(mapAt(map, key), 'name');
}
