import { mergeSpecs } from './config.js';
import { placeOf, type Source } from './edits.js';
import { fail } from './failure.js';
import type { FieldSpec } from './field-spec.js';
import { setImages } from './images.js';
import { operationsOf } from './json-patch.js';
import { type Kustomization, listItems, member, replacementShape, stringsOf } from './kustomization.js';
import { field, isList, isMap, isMissingOrNull, type Node, type NodeMap, textOf } from './node.js';
import { mergeSelected, type Patch, patchNamed, patchSelected, readPatch, targetOf } from './patches.js';
import { readDocuments } from './read-documents.js';
import { applyReplacements, type Replacement } from './replacements.js';
import { objectsOf } from './resources.js';
import type { Selector } from './selector.js';
import { checkShape, list } from './shape.js';
import { type State, sourceIn, syntaxError } from './state.js';
import { affixNames, setEntries, setNamespace, setReplicas } from './transformers.js';
import type { Scope } from './workspace.js';

/** One kustomization's transformers at work. */
interface Run {
  readonly scope: Scope;
  readonly state: State;
  readonly kustomization: Kustomization;
  readonly folder: string;
}

/** Runs the transformers of a kustomization in the order that Kustomize has. */
export function runTransformers(
  scope: Scope,
  state: State,
  kustomization: Kustomization,
  folder: string,
  _parents: readonly string[],
): void {
  const run: Run = { scope, state, kustomization, folder };
  strategicMergePatches(run);
  patches(run);
  namespace(run);
  names(run);
  labels(run);
  annotations(run);
  jsonPatches(run);
  replicas(run);
  images(run);
  replacements(run);
}

export function selectorOf(node: Node | undefined): Selector {
  const map = isMap(node) ? node : {};
  const part = (key: string) => textOf(member(map, key));
  return {
    group: part('group'),
    version: part('version'),
    kind: part('kind'),
    name: part('name'),
    namespace: part('namespace'),
    labelSelector: part('labelSelector'),
    annotationSelector: part('annotationSelector'),
  };
}

interface PatchText {
  readonly text: string;
  readonly sourceFor: (document: number) => Source;
}

function loadPatch(run: Run, path: string, pointer: string, via: string): PatchText {
  const at = run.kustomization.at(pointer);
  const { file, content } = run.scope.load(run.folder, path, at);
  if (typeof content !== 'string') fail('kustomize-unreadable', `${path} is not valid UTF-8.`, at);
  return { text: content, sourceFor: (document) => ({ via, file, document, pointer: '' }) };
}

function inlinePatch(run: Run, text: string, pointer: string, via: string): PatchText {
  return { text, sourceFor: () => ({ ...sourceIn(run.kustomization, pointer, via), locate: () => undefined }) };
}

function documentsOf(run: Run, patch: PatchText, at: string): readonly Node[] {
  const source = patch.sourceFor(0);
  const parsed =
    source.locate === undefined ? run.scope.workspace.parse(source.file, patch.text) : readDocuments(patch.text);
  if (parsed.error !== undefined) {
    if (source.locate === undefined) syntaxError(source.file, parsed.error);
    fail('kustomize-patch', `The patch is not valid YAML: ${parsed.error.message}.`, run.kustomization.at(at));
  }
  return parsed.documents;
}

function strategicMergePatches(run: Run): void {
  for (const { text, pointer } of run.kustomization.texts('patchesStrategicMerge')) {
    const patch = /[\n:{]/.test(text)
      ? inlinePatch(run, text, pointer, 'patchesStrategicMerge')
      : loadPatch(run, text, pointer, 'patchesStrategicMerge');
    const documents = documentsOf(run, patch, pointer);
    const entries = documents.flatMap((document, i) => objectsOf(document, patch.sourceFor(i)));
    for (const entry of entries) {
      mergeSelected(run.state.entries, [targetOf(run.state.entries, entry)], entry, {
        allowNameChange: false,
        allowKindChange: false,
      });
    }
  }
}

function patches(run: Run): void {
  for (const { value, pointer } of run.kustomization.items('patches')) {
    const at = run.kustomization.at(pointer);
    const map = isMap(value) ? value : {};
    const patch = patchText(run, map, pointer, 'patches');
    const documents = documentsOf(run, patch, pointer);
    const target = member(map, 'target');
    const optionsNode = member(map, 'options');
    const flags = isMap(optionsNode) ? optionsNode : {};
    const options = {
      allowNameChange: member(flags, 'allowNameChange') === true,
      allowKindChange: member(flags, 'allowKindChange') === true,
    };
    const read: Patch = readPatch(documents, patch.sourceFor, at);
    if (isMissingOrNull(target)) {
      if (read.kind === 'json') fail('kustomize-patch', 'A JSON patch needs a target.', at);
      patchNamed(run.state.entries, read.patches, options);
    } else {
      patchSelected(run.state.entries, read, selectorOf(target), options, patch.sourceFor(0), at);
    }
    run.scope.budget.spend(run.state.entries.list.length, at);
  }
}

function patchText(run: Run, map: NodeMap, pointer: string, via: string): PatchText {
  const inline = textOf(member(map, 'patch')).trim();
  const path = textOf(member(map, 'path'));
  const at = run.kustomization.at(pointer);
  if (inline === '' && path === '') fail('kustomize-patch', 'A patch needs a path or a patch.', at);
  if (inline !== '' && path !== '') fail('kustomize-patch', 'A patch has either a path or a patch, not both.', at);
  return inline !== ''
    ? inlinePatch(run, inline, `${pointer}/patch`, via)
    : loadPatch(run, path, `${pointer}/path`, via);
}

function jsonPatches(run: Run): void {
  for (const { value, pointer } of run.kustomization.items('patchesJson6902')) {
    const at = run.kustomization.at(pointer);
    const map = isMap(value) ? value : {};
    const target = member(map, 'target');
    if (!isMap(target) || textOf(member(target, 'name')) === '') {
      fail('kustomize-patch', 'An entry of patchesJson6902 needs a target with a name.', at);
    }
    const patch = patchText(run, map, pointer, 'patchesJson6902');
    const operations = operationsOf(documentsOf(run, patch, pointer)[0] ?? null);
    if (operations === undefined || operations.length === 0)
      fail('kustomize-patch', 'This is not a list of JSON patch operations.', at);
    const options = { allowNameChange: false, allowKindChange: false };
    patchSelected(run.state.entries, { kind: 'json', operations }, selectorOf(target), options, patch.sourceFor(0), at);
  }
}

function namespace(run: Run): void {
  const value = run.kustomization.text('namespace');
  if (value === '') return;
  setNamespace(
    run.state.entries,
    value,
    run.state.config.namespace,
    sourceIn(run.kustomization, '/namespace', 'namespace'),
  );
}

function names(run: Run): void {
  const { kustomization, state } = run;
  const prefix = kustomization.text('namePrefix');
  if (prefix !== '') {
    affixNames(
      state.entries,
      'prefix',
      prefix,
      state.config.namePrefix,
      sourceIn(kustomization, '/namePrefix', 'namePrefix'),
    );
  }
  const suffix = kustomization.text('nameSuffix');
  if (suffix !== '') {
    affixNames(
      state.entries,
      'suffix',
      suffix,
      state.config.nameSuffix,
      sourceIn(kustomization, '/nameSuffix', 'nameSuffix'),
    );
  }
}

const metadataLabels: FieldSpec = { group: '', version: '', kind: '', path: 'metadata/labels', create: true };

function labels(run: Run): void {
  const { kustomization, state } = run;
  const { config } = state;
  for (const { value, pointer } of kustomization.items('labels')) {
    const map = isMap(value) ? value : {};
    const at = kustomization.at(pointer);
    let specs: readonly FieldSpec[] = listItems(member(map, 'fields'), '').map((item) => specOf(item.value));
    specs = mergeSpecs(specs, config.labels, at);
    if (member(map, 'includeSelectors') === true) specs = mergeSpecs(specs, config.commonLabels, at);
    else {
      if (member(map, 'includeTemplates') === true) specs = mergeSpecs(specs, config.templateLabels, at);
      specs = mergeSpecs(specs, [metadataLabels], at);
    }
    setEntries(
      state.entries,
      stringsOf(member(map, 'pairs')),
      specs,
      sourceIn(kustomization, `${pointer}/pairs`, 'labels'),
    );
  }
  const common = kustomization.map('commonLabels');
  if (common !== undefined) {
    setEntries(
      state.entries,
      stringsOf(common),
      config.commonLabels,
      sourceIn(kustomization, '/commonLabels', 'commonLabels'),
    );
  }
}

function specOf(node: Node): FieldSpec {
  const map = isMap(node) ? node : {};
  const part = (key: string) => textOf(member(map, key));
  return {
    group: part('group'),
    version: part('version'),
    kind: part('kind'),
    path: part('path'),
    create: member(map, 'create') === true,
  };
}

function annotations(run: Run): void {
  const map = run.kustomization.map('commonAnnotations');
  if (map === undefined) return;
  const source = sourceIn(run.kustomization, '/commonAnnotations', 'commonAnnotations');
  setEntries(run.state.entries, stringsOf(map), run.state.config.commonAnnotations, source);
}

function replicas(run: Run): void {
  for (const { value, pointer } of run.kustomization.items('replicas')) {
    const map = isMap(value) ? value : {};
    const name = textOf(member(map, 'name'));
    const count = Number(textOf(member(map, 'count')) || '0');
    const source = sourceIn(run.kustomization, pointer, 'replicas');
    if (setReplicas(run.state.entries, name, count, run.state.config.replicas, source)) continue;
    const kinds = run.state.config.replicas.map((spec) => spec.kind);
    const named = run.state.entries.list.filter((entry) => kinds.includes(entry.kind)).map((entry) => entry.name);
    fail(
      'kustomize-replicas-no-target',
      `No ${[...new Set(kinds)].join(', ')} is called ${name}.`,
      placeOf(source, '/name'),
      { allowed: named },
    );
  }
}

function images(run: Run): void {
  for (const key of ['images', 'imageTags']) {
    for (const { value, pointer } of run.kustomization.items(key)) {
      const map = isMap(value) ? value : {};
      const part = (name: string) => textOf(member(map, name));
      const rule = {
        name: part('name'),
        newName: part('newName'),
        newTag: part('newTag'),
        digest: part('digest'),
        tagSuffix: part('tagSuffix'),
      };
      setImages(run.state.entries, rule, run.state.config.images, sourceIn(run.kustomization, pointer, key));
    }
  }
}

function replacements(run: Run): void {
  const found: Replacement[] = [];
  for (const { value, pointer } of run.kustomization.items('replacements')) {
    const map = isMap(value) ? value : {};
    const path = textOf(member(map, 'path'));
    if (path === '') {
      found.push({ value: map, source: sourceIn(run.kustomization, pointer, 'replacements') });
      continue;
    }
    const at = run.kustomization.at(pointer);
    if (!isMissingOrNull(field(map, 'source')) || isList(member(map, 'targets'))) {
      fail('kustomize-replacement', 'A replacement has either a path or a source and targets.', at);
    }
    const text = loadPatch(run, path, `${pointer}/path`, 'replacements');
    const document = documentsOf(run, text, pointer)[0] ?? null;
    const source = text.sourceFor(0);
    const place = placeOf(source);
    if (isList(document)) {
      checkShape(document, list(replacementShape), place);
      for (const [i, item] of document.entries())
        if (isMap(item)) found.push({ value: item, source: { ...source, pointer: `/${i}` } });
    } else {
      checkShape(document, replacementShape, place);
      if (isMap(document)) found.push({ value: document, source });
    }
  }
  if (found.length > 0) applyReplacements(run.state.entries, found);
}
