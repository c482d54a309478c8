import type { Place } from '../diagnostics/diagnostic.js';
import { mergeSpecs } from './config.js';
import { placeOf, type Source } from './edits.js';
import type { Entry } from './entry.js';
import { fail } from './failure.js';
import type { FieldSpec } from './field-spec.js';
import { findPatchProblems, imageNames, reportImage, reportUnmatched } from './findings.js';
import { imagePattern, setImages } from './images.js';
import { locateInline } from './inline.js';
import { type Operation, operationsOf } from './json-patch.js';
import { listItems, member, replacementShape, stringsOf } from './kustomization.js';
import { field, isList, isMap, isMissingOrNull, type Node, type NodeMap, textOf } from './node.js';
import { mergeSelected, type Patch, patchNamed, patchSelected, targetOf } from './patches.js';
import { applyReplacements, type Replacement } from './replacements.js';
import { objectsOf } from './resources.js';
import { type Selector, SelectorError, select } from './selector.js';
import { checkShape, list } from './shape.js';
import { syntaxError } from './state.js';
import type { Run } from './steps-types.js';
import { setReplicas } from './transformers.js';

export type { Run };

export function sourceAt(run: Run, pointer: string, via: string): Source {
  return { via, file: run.file, document: run.document, pointer };
}

export function placeAt(run: Run, pointer: string): Place {
  return { file: run.file, document: run.document, pointer };
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

/** The text of a patch, and who wrote its documents. */
interface PatchText {
  readonly text: string;
  readonly inline: boolean;
  readonly sourceFor: (document: number) => Source;
}

function loadText(run: Run, path: string, pointer: string, via: string): PatchText {
  const at = placeAt(run, pointer);
  const { file, content } = run.scope.load(run.folder, path, at);
  if (typeof content !== 'string') fail('kustomize-unreadable', `${path} is not valid UTF-8.`, at);
  return { text: content, inline: false, sourceFor: (document) => ({ via, file, document, pointer: '' }) };
}

function inlineText(run: Run, text: string, pointer: string, via: string): PatchText {
  const base = sourceAt(run, pointer, via);
  return {
    text,
    inline: true,
    sourceFor: (document) => ({ ...base, locate: (inner) => locateInline(run, pointer, text, document, inner) }),
  };
}

function documentsOf(run: Run, patch: PatchText, at: string): readonly Node[] {
  const parsed = run.scope.workspace.parse(patch.text);
  if (parsed.error === undefined) return parsed.documents;
  if (!patch.inline) syntaxError(patch.sourceFor(0).file, parsed.error, patch.text);
  fail('kustomize-patch', `The patch is not valid YAML: ${parsed.error.message}.`, placeAt(run, at));
}

/** The operations of a JSON patch: JSON where the text starts with a bracket, else YAML; undefined where it is neither. */
function operationsIn(run: Run, patch: PatchText): Operation[] | undefined {
  if (patch.text.startsWith('[')) {
    try {
      return operationsOf(JSON.parse(patch.text) as Node);
    } catch {
      return undefined;
    }
  }
  const { documents, error } = run.scope.workspace.parse(patch.text, 'settings');
  return error === undefined ? operationsOf(documents[0] ?? null) : undefined;
}

/** A list at the top can only be a JSON patch. */
function startsAsList(text: string): boolean {
  return /^(?:\s*(?:#[^\n]*)?\n|---[^\n]*\n)*\s*(?:-\s|-$|\[)/.test(text);
}

export function patchOf(run: Run, map: NodeMap, pointer: string, via: string): PatchText {
  const inline = textOf(member(map, 'patch')).trim();
  const path = textOf(member(map, 'path'));
  const at = placeAt(run, pointer);
  if (inline === '' && path === '') fail('kustomize-patch', 'A patch needs a path or a patch.', at);
  if (inline !== '' && path !== '') fail('kustomize-patch', 'A patch has either a path or a patch, not both.', at);
  return inline !== '' ? inlineText(run, inline, `${pointer}/patch`, via) : loadText(run, path, `${pointer}/path`, via);
}

function readPatch(run: Run, patch: PatchText, pointer: string): Patch {
  if (startsAsList(patch.text)) {
    const operations = operationsIn(run, patch);
    if (operations !== undefined) return { kind: 'json', operations };
    fail(
      'kustomize-patch',
      'This is neither a strategic merge patch nor a list of JSON patch operations.',
      placeAt(run, pointer),
      {
        hint: 'What starts with a bracket must be JSON, with quotes around every name.',
      },
    );
  }
  const patches = documentsOf(run, patch, pointer).flatMap((document, i) => objectsOf(document, patch.sourceFor(i)));
  return { kind: 'merge', patches };
}

/** An entry of `patches`. */
export function patchStep(run: Run, map: NodeMap, pointer: string, via: string): void {
  const at = placeAt(run, pointer);
  const patch = patchOf(run, map, pointer, via);
  const target = member(map, 'target');
  const flags = member(map, 'options');
  const flag = (key: string) => isMap(flags) && member(flags, key) === true;
  const options = { allowNameChange: flag('allowNameChange'), allowKindChange: flag('allowKindChange') };
  const read = readPatch(run, patch, pointer);
  run.scope.budget.spend(1, at);
  if (isMissingOrNull(target)) {
    if (read.kind === 'json') fail('kustomize-patch', 'A JSON patch needs a target.', at);
    patchNamed(run.state.entries, read.patches, options);
    return;
  }
  const selector = selectorOf(target);
  if (read.kind === 'merge' && read.patches.length === 0) fail('kustomize-patch', 'The patch is empty.', at);
  const source = patch.sourceFor(0);
  const selected = selectedBy(run, selector, at);
  findPatchProblems(run, read, selector, selected, pointer, source);
  patchSelected(run.state.entries, read, selected, options, source, at);
}

function selectedBy(run: Run, selector: Selector, at: Place): Entry[] {
  try {
    return select(run.state.entries, selector);
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error;
    fail('kustomize-selector', `${error.message}.`, { ...at, pointer: `${at.pointer ?? ''}/target` });
  }
}

/** An entry of `patchesStrategicMerge`: a path, or the patch itself. */
export function mergePatchStep(run: Run, text: string, pointer: string, via: string): void {
  const isInline = /[\n:{]/.test(text) && !/^https?:\/\/\S*$/.test(text);
  const patch = isInline ? inlineText(run, text, pointer, via) : loadText(run, text, pointer, via);
  const entries = documentsOf(run, patch, pointer).flatMap((document, i) => objectsOf(document, patch.sourceFor(i)));
  if (entries.length === 0) fail('kustomize-patch', 'The patch is empty.', placeAt(run, pointer));
  for (const entry of entries) {
    const target = targetOf(run.state.entries, entry);
    mergeSelected(run.state.entries, [target], entry, { allowNameChange: false, allowKindChange: false });
  }
}

/** An entry of `patchesJson6902`. */
export function jsonPatchStep(run: Run, map: NodeMap, pointer: string, via: string): void {
  const at = placeAt(run, pointer);
  const target = member(map, 'target');
  if (!isMap(target) || textOf(member(target, 'name')) === '') {
    fail('kustomize-patch', 'An entry of patchesJson6902 needs a target with a name.', at);
  }
  const given = textOf(member(map, 'jsonOp'));
  const patch = patchOf(run, given === '' ? map : { ...map, patch: given }, pointer, via);
  const operations = operationsIn(run, patch);
  if (operations === undefined || operations.length === 0) {
    fail('kustomize-patch', 'This is not a list of JSON patch operations.', at);
  }
  const selector = selectorOf(target);
  const read: Patch = { kind: 'json', operations };
  const selected = selectedBy(run, selector, at);
  findPatchProblems(run, read, selector, selected, pointer, patch.sourceFor(0));
  const options = { allowNameChange: false, allowKindChange: false };
  patchSelected(run.state.entries, read, selected, options, patch.sourceFor(0), at);
}

/** An entry of `replicas`. */
export function replicasStep(run: Run, map: NodeMap, specs: readonly FieldSpec[], pointer: string, via: string): void {
  const name = textOf(member(map, 'name'));
  const count = Number(textOf(member(map, 'count')) || '0');
  const source = sourceAt(run, pointer, via);
  if (setReplicas(run.state.entries, name, count, specs, source)) return;
  const kinds = new Set(specs.map((spec) => spec.kind));
  const named = run.state.entries.list.filter((entry) => kinds.has(entry.kind)).map((entry) => entry.name);
  fail('kustomize-replicas-no-target', `No ${[...kinds].join(', ')} is called ${name}.`, placeOf(source, '/name'), {
    allowed: named,
  });
}

/** An entry of `images`. */
export function imageStep(run: Run, map: NodeMap, specs: readonly FieldSpec[], pointer: string, via: string): void {
  const part = (key: string) => textOf(member(map, key));
  const rule = {
    name: part('name'),
    newName: part('newName'),
    newTag: part('newTag'),
    digest: part('digest'),
    tagSuffix: part('tagSuffix'),
  };
  const source = sourceAt(run, pointer, via);
  if (imagePattern(rule.name) === undefined && imageNames(run).length > 0) {
    fail(
      'kustomize-selector',
      `The name ${rule.name} is not a regular expression that can be used here.`,
      placeOf(source, '/name'),
    );
  }
  const found = setImages(run.state.entries, rule, specs, source);
  reportImage(run, rule.name, found, source);
}

export function specOf(node: Node): FieldSpec {
  const map = isMap(node) ? node : {};
  const part = (key: string) => textOf(member(map, key));
  const create = member(map, 'create') === true;
  return { group: part('group'), version: part('version'), kind: part('kind'), path: part('path'), create };
}

export function specsOf(node: Node | undefined): FieldSpec[] {
  return listItems(node, '').map((item) => specOf(item.value));
}

const metadataLabels: FieldSpec = { group: '', version: '', kind: '', path: 'metadata/labels', create: true };

/** Where an entry of `labels` writes. */
export function labelSpecs(run: Run, map: NodeMap, pointer: string): readonly FieldSpec[] {
  const { config } = run.state;
  const at = placeAt(run, pointer);
  let specs: readonly FieldSpec[] = specsOf(member(map, 'fields'));
  specs = mergeSpecs(specs, config.labels, at);
  if (member(map, 'includeSelectors') === true) return mergeSpecs(specs, config.commonLabels, at);
  if (member(map, 'includeTemplates') === true) specs = mergeSpecs(specs, config.templateLabels, at);
  return mergeSpecs(specs, [metadataLabels], at);
}

/** All entries of `replacements`. */
export function replacementsStep(run: Run, items: readonly { value: Node; pointer: string }[], via: string): void {
  const found: Replacement[] = [];
  for (const { value, pointer } of items) {
    const map = isMap(value) ? value : {};
    const path = textOf(member(map, 'path'));
    if (path === '') {
      found.push({ value: map, source: sourceAt(run, pointer, via) });
      continue;
    }
    if (!isMissingOrNull(field(map, 'source')) || isList(member(map, 'targets'))) {
      fail('kustomize-replacement', 'A replacement has either a path or a source and targets.', placeAt(run, pointer));
    }
    found.push(...replacementsOfFile(run, path, pointer, via));
  }
  if (found.length === 0) return;
  run.scope.budget.spend(found.length * (run.state.entries.list.length + 1), placeAt(run, ''));
  for (const source of applyReplacements(run.state.entries, found)) reportUnmatched(run, source);
}

function replacementsOfFile(run: Run, path: string, pointer: string, via: string): Replacement[] {
  const { text, sourceFor } = loadText(run, path, `${pointer}/path`, via);
  const source = sourceFor(0);
  const parsed = run.scope.parseSettings(source.file, text);
  if (parsed.error !== undefined) syntaxError(source.file, parsed.error, text);
  const document = parsed.documents[0] ?? null;
  const place = placeOf(source);
  if (!isList(document)) {
    checkShape(document, replacementShape, place);
    return isMap(document) ? [{ value: document, source }] : [];
  }
  checkShape(document, list(replacementShape), place);
  return document.flatMap((item, i) => (isMap(item) ? [{ value: item, source: { ...source, pointer: `/${i}` } }] : []));
}

export { stringsOf };
