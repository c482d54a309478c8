import type { Place } from '../diagnostics/diagnostic.js';
import { DuplicateId, type Entries } from './accumulator.js';
import { placeOf, type Source } from './edits.js';
import type { Entry } from './entry.js';
import { fail } from './failure.js';
import { describe, effectiveNamespace } from './ids.js';
import { applyOperations, JsonPatchError, type Operation } from './json-patch.js';
import { keep, replay, watch } from './merge-memo.js';
import { mergeSchemaOf } from './merge-schema.js';
import { clone, field, isMap, isNull, mapAt, type NodeMap, textOf } from './node.js';
import { MergeError, mergeInto } from './strategic-merge.js';
import { factsOf } from './tree-facts.js';
import { nodesIn, perWrite, type Spend } from './work.js';

/** A patch that was read: strategic merge patches, or operations of RFC 6902. */
export type Patch =
  | { readonly kind: 'merge'; readonly patches: readonly Entry[] }
  | { readonly kind: 'json'; readonly operations: readonly Operation[] };

export interface PatchOptions {
  readonly allowNameChange: boolean;
  readonly allowKindChange: boolean;
}

/** Applies a patch to the objects that its selector selects. */
export function patchSelected(
  entries: Entries,
  patch: Patch,
  selected: readonly Entry[],
  options: PatchOptions,
  source: Source,
  at: Place,
): void {
  if (patch.kind === 'json') {
    for (const entry of selected) {
      entries.spend(perWrite + entry.previous.length);
      entry.storePreviousId(effectiveNamespace(entry.id));
      operate(entry, patch.operations, source, entries.spend);
    }
    entries.changed();
    return;
  }
  if (patch.patches.length > 1) {
    fail('kustomize-patch', 'A patch with a target must hold one document.', at);
  }
  const [only] = patch.patches as readonly [Entry];
  mergeSelected(entries, selected, only, options);
}

/** Applies each document to the object that it names. */
export function patchNamed(entries: Entries, patches: readonly Entry[], options: PatchOptions): void {
  for (const patch of patches) {
    const target = targetOf(entries, patch);
    mergeNamed(target, patch, options, entries);
    entries.changed();
  }
  entries.dropEmpty();
}

function mergeNamed(target: Entry, patch: Entry, options: PatchOptions, entries: Entries): void {
  const isUsual = !options.allowNameChange && !options.allowKindChange && entries.schemas === mergeSchemaOf;
  const watched = isUsual && !replacesAnnotations(patch.root) ? watch(target, patch.root) : undefined;
  if (watched !== undefined && replay(target, patch.root, patch.origin)) return;
  mergeOne(target, clone(patch.root), patch.origin, options, {
    schemas: entries.schemas,
    spend: entries.spend,
    isQuoted: (place) => {
      if (watched !== undefined) watched.depends = true;
      return entries.isQuoted(place);
    },
  });
  if (watched !== undefined) keep(watched, target);
}

/** The one object that a patch names, by its present or an earlier id. */
export function targetOf(entries: Entries, patch: Entry): Entry {
  const targets = entries.withAnyId(patch.id);
  const target = targets[0];
  if (target === undefined) {
    const near = entries.list.filter((entry) => entry.kind === patch.kind).map((entry) => describe(entry.id));
    fail(
      'kustomize-patch-no-target',
      `The patch is for ${describe(patch.id)}, which is not there.`,
      placeOf(patch.origin, '/metadata/name'),
      {
        ...(near.length === 0 ? {} : { hint: `Objects of this kind: ${near.slice(0, 5).join(', ')}.` }),
      },
    );
  }
  if (targets.length > 1) {
    fail(
      'kustomize-patch-no-target',
      `The patch is for ${describe(patch.id)}, and several objects are or were that.`,
      placeOf(patch.origin),
      {
        related: targets.map((entry) => ({ message: 'one of them', at: placeOf(entry.origin) })),
      },
    );
  }
  return target;
}

function operate(entry: Entry, operations: readonly Operation[], source: Source, spend: Spend): void {
  try {
    applyOperations(entry, operations, source, spend);
  } catch (error) {
    if (!(error instanceof JsonPatchError)) throw error;
    fail(
      'kustomize-json-patch',
      `Operation ${error.index} cannot be applied to ${describe(entry.id)}: ${error.message}.`,
      placeOf(source, `/${error.index}`),
      {
        related: [{ message: 'the object', at: placeOf(entry.origin) }],
      },
    );
  }
}

export function mergeSelected(entries: Entries, selected: readonly Entry[], patch: Entry, options: PatchOptions): void {
  for (const entry of selected) {
    const tree = clone(patch.root);
    stringify(tree);
    tree['apiVersion'] = field(entry.root, 'apiVersion') ?? '';
    mergeOne(entry, tree, patch.origin, options, entries);
  }
  entries.dropEmpty();
  entries.changed();
  for (const same of entries.byId().values()) {
    if (same.length > 1) throw new DuplicateId(same[0] as Entry, same[1] as Entry);
  }
}

/** A patch with a target has its labels and annotations read as strings first. */
function stringify(tree: NodeMap): void {
  const metadata = mapAt(tree, 'metadata');
  if (metadata === undefined) return;
  for (const key of ['labels', 'annotations']) {
    const map = field(metadata, key);
    delete metadata[key];
    if (!isMap(map) || Object.keys(map).length === 0) continue;
    for (const name of Object.keys(map)) map[name] = textOf(map[name]);
    metadata[key] = map;
  }
}

function mergeOne(
  entry: Entry,
  patch: NodeMap,
  source: Source,
  options: PatchOptions,
  { isQuoted, schemas, spend }: Pick<Entries, 'isQuoted' | 'schemas' | 'spend'>,
): void {
  spend(perWrite + 2 * factsOf(entry.tree).nodes + 2 * nodesIn(patch) + entry.previous.length);
  const { name, namespace, kind } = entry;
  const id = entry.id;
  if (options.allowNameChange || options.allowKindChange) entry.storePreviousId(effectiveNamespace(id));
  const forgets = replacesAnnotations(patch);
  let merged: NodeMap | undefined;
  try {
    const hides = hideIdentity(patch, options);
    merged = mergeInto(entry, hides, source, isQuoted, { schemas, spend });
  } catch (error) {
    if (!(error instanceof MergeError)) throw error;
    fail('kustomize-patch', `The patch does not fit ${describe(id)}: ${error.message}.`, placeOf(source), {
      related: [{ message: 'the object', at: placeOf(entry.origin) }],
    });
  }
  if (merged === undefined || Object.keys(merged).length === 0) {
    entry.replaceRoot({});
    return;
  }
  entry.replaceRoot(merged);
  if (forgets) entry.forget();
  if (!options.allowKindChange) merged['kind'] = kind;
  if (mapAt(merged, 'metadata') === undefined) merged['metadata'] = {};
  const metadata = merged['metadata'] as NodeMap;
  if (!options.allowNameChange) metadata['name'] = name;
  if (namespace === '') delete metadata['namespace'];
  else metadata['namespace'] = namespace;
}

function replacesAnnotations(patch: NodeMap): boolean {
  const metadata = field(patch, 'metadata');
  const annotations = isMap(metadata) ? field(metadata, 'annotations') : undefined;
  return [patch, metadata, annotations].some(
    (node) =>
      node !== undefined &&
      (isNull(node) || (isMap(node) && /^(?:replace|delete)$/.test(textOf(field(node, '$patch'))))),
  );
}

/** What identifies the target is put back after the merge; without it in the patch, nothing is recorded as changed. */
function hideIdentity(patch: NodeMap, options: PatchOptions): NodeMap {
  if (!options.allowKindChange) delete patch['kind'];
  const metadata = mapAt(patch, 'metadata');
  if (metadata === undefined) return patch;
  if (!options.allowNameChange) delete metadata['name'];
  delete metadata['namespace'];
  if (Object.keys(metadata).length === 0) delete patch['metadata'];
  return patch;
}
