import { isMap, isScalar, isSeq, type Node, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { writeYaml } from '../yaml/write.js';

/**
 * Edits of files that people write. They insert and cut text at the place that the parser names and touch nothing else, so
 * that comments, order and style of the rest stay and the difference in the pull request is the change. The result is
 * judged by whoever reads it next; a text that does not hold what is expected comes back unchanged.
 */

export interface NewModel {
  readonly family: string;
  /** Runtime of a family that is made for it. */
  readonly runtime?: string;
  /** As in `spec.models[]`, `name` and `replicas` among it. */
  readonly model: JsonObject & { readonly name: string };
  /** The phase that takes it; made as the last one where it is not there. */
  readonly phase: string;
}

/** The family file with one more model, in its phase; a new file where there was none. */
export function addModel(text: string | undefined, added: NewModel): string {
  return text === undefined ? newFamily(added) : keepingLineEnds(text, (lines) => withModelIn(lines, added));
}

/** An edit of a text whose lines end as on Windows leaves them so: one file must not end its lines in two ways. */
function keepingLineEnds(text: string, edit: (lines: string) => string): string {
  if (!text.includes('\r\n') || /(?<!\r)\n/.test(text)) return edit(text);
  return edit(text.replaceAll('\r\n', '\n')).replaceAll('\n', '\r\n');
}

function withModelIn(text: string, added: NewModel): string {
  const withModel = append(text, ['spec', 'models'], added.model);
  const index = phaseIndex(withModel, added.phase);
  if (index !== undefined) return append(withModel, ['spec', 'phases', index, 'models'], added.model.name);
  return append(withModel, ['spec', 'phases'], { name: added.phase, models: [added.model.name] });
}

function newFamily({ family, runtime, model, phase }: NewModel): string {
  const spec = {
    ...(runtime === undefined ? {} : { runtime }),
    models: [model],
    phases: [{ name: phase, models: [model.name] }],
  };
  return (
    '# yaml-language-server: $schema=../.gitops-gen/schemas/model-family.schema.json\n' +
    writeYaml({ apiVersion: 'gitops-gen.io/v1alpha1', kind: 'ModelFamily', metadata: { name: family }, spec })
  );
}

/**
 * The family file without a model. A phase that has no other model goes too, and with it what waits for it by name. The file
 * itself stays, with empty lists where this was the last model: it is people's to delete.
 */
export function removeModel(text: string, name: string): string {
  return keepingLineEnds(text, (lines) => withoutModel(lines, name));
}

function withoutModel(text: string, name: string): string {
  const models = seqAt(text, ['spec', 'models']);
  const position = models?.items.findIndex((item) => isMap(item) && item.get('name') === name) ?? -1;
  if (models === undefined || position < 0) return text;
  if (models.items.length === 1) return emptied(text);
  let out = cut(text, ['spec', 'models'], position);
  for (const [index, phase] of [...phasesOf(out).entries()].reverse()) {
    const at = phase.models.indexOf(name);
    if (at < 0) continue;
    if (phase.models.length > 1) out = cut(out, ['spec', 'phases', index, 'models'], at);
    else out = withoutDependency(cut(out, ['spec', 'phases'], index), phase.name);
  }
  return out;
}

/** The family file without phases that no model is left in, and without what waits for them by name. */
export function withoutEmptyPhases(text: string): string {
  const phases = phasesOf(text);
  const left = phases.filter(({ models }) => models.length > 0);
  if (left.length === phases.length) return text;
  if (left.length === 0 && seqAt(text, ['spec', 'models'])?.items.length === 0) return emptied(text);
  let out = text;
  for (const [index, { name, models }] of [...phases.entries()].reverse())
    if (models.length === 0) out = withoutDependency(cut(out, ['spec', 'phases'], index), name);
  return out;
}

/** The family file with a model marked as retiring: the line stands at the end of its entry. */
export function retireModel(text: string, name: string): string {
  return keepingLineEnds(text, (lines) => withRetired(lines, name));
}

function withRetired(text: string, name: string): string {
  const models = seqAt(text, ['spec', 'models']);
  const entry = models?.items.find((item) => isMap(item) && item.get('name') === name);
  if (!isMap(entry)) return text;
  const first = entry.items[0]?.key as Node | undefined;
  const last = entry.items.at(-1)?.value as Node | undefined;
  if (entry.flow || !first?.range || !last?.range) {
    const document = parseDocument(text);
    const index = models?.items.indexOf(entry as never) ?? 0;
    document.setIn(['spec', 'models', index, 'retiring'], true);
    return document.toString({ lineWidth: 0, indentSeq: true });
  }
  return insertLine(text, endOf(text, last), `${' '.repeat(columnOf(text, first.range[0]))}retiring: true`);
}

/**
 * The family file with a phase that is enabled in exactly these environments. A list that is there keeps its style and the
 * comments of what stays in it.
 */
export function setEnabledIn(text: string, phase: string, environments: readonly string[]): string {
  return keepingLineEnds(text, (lines) => withEnabledIn(lines, phase, environments));
}

function withEnabledIn(text: string, phase: string, environments: readonly string[]): string {
  const index = phaseIndex(text, phase);
  if (index === undefined) return text;
  const path = ['spec', 'phases', index, 'enabledIn'];
  const list = seqAt(text, path);
  if (list === undefined) return insertKey(text, index, `enabledIn: [${environments.map(inline).join(', ')}]`);
  const present = strings(list);
  const kept = present.filter((name) => environments.includes(name));
  const added = environments.filter((name) => !present.includes(name));
  if (!list.range) return text;
  if (list.flow || kept.length === 0) {
    const [start, end] = [list.range[0], list.flow ? list.range[1] : endOf(text, list.items.at(-1) as Node)];
    const from = list.flow ? start : text.lastIndexOf(':', start) + 1;
    const words = `[${[...kept, ...added].map(inline).join(', ')}]`;
    return `${text.slice(0, from)}${list.flow ? '' : ' '}${words}${text.slice(end)}`;
  }
  const gone = present.map((name, at) => (environments.includes(name) ? -1 : at)).filter((at) => at >= 0);
  const shorter = gone.reverse().reduce((out, at) => cut(out, path, at), text);
  return added.reduce((out, name) => append(out, path, name), shorter);
}

/** One more key at the end of a phase, in the style that the phase has. */
function insertKey(text: string, index: number, line: string): string {
  const phase = seqAt(text, ['spec', 'phases'])?.items[index];
  if (!isMap(phase)) return text;
  const first = phase.items[0]?.key as Node | undefined;
  const last = (phase.items.at(-1)?.value ?? phase.items.at(-1)?.key) as Node | undefined;
  if (!first?.range || !last?.range) return text;
  if (phase.flow) return `${text.slice(0, last.range[1])}, ${line}${text.slice(last.range[1])}`;
  return insertLine(text, endOf(text, last), `${' '.repeat(columnOf(text, first.range[0]))}${line}`);
}

function emptied(text: string): string {
  const document = parseDocument(text);
  for (const list of ['models', 'phases']) document.setIn(['spec', list], []);
  return document.toString({ lineWidth: 0, indentSeq: true });
}

function withoutDependency(text: string, phase: string): string {
  let out = text;
  for (const [index, each] of phasesOf(text).entries()) {
    const at = each.dependsOn.indexOf(phase);
    if (at >= 0) out = cut(out, ['spec', 'phases', index, 'dependsOn'], at);
  }
  return out;
}

/** versions/<environment>/kustomization.yaml with one more image. One that is there stays as it is. */
export function addImage(text: string, image: { readonly name: string; readonly tag: string }): string {
  return keepingLineEnds(text, (lines) => withImage(lines, image));
}

function withImage(text: string, image: { readonly name: string; readonly tag: string }): string {
  const images = seqAt(text, ['images']);
  if (images?.items.some((item) => isMap(item) && item.get('name') === image.name)) return text;
  const entry = image.tag.startsWith('@')
    ? { name: image.name, digest: image.tag.slice(1) }
    : { name: image.name, newTag: image.tag };
  return append(text, ['images'], entry);
}

/** versions/<environment>/<model>/revision.yaml with another revision; its comments stay. */
export function setRevision(text: string, revision: string): string {
  const line = `revision: ${JSON.stringify(revision)}`;
  return /^revision:/m.test(text) ? text.replace(/^revision:[^\r\n]*/m, () => line) : `${line}\n`;
}

/** versions/<environment>/models.yaml with the revision of one more model. One that is there stays as it is. */
export function addRevision(text: string, model: string, revision: string): string {
  return keepingLineEnds(text, (lines) => withRevision(lines, model, revision));
}

function withRevision(text: string, model: string, revision: string): string {
  const document = parseDocument(text);
  const map = document.getIn(['revisions'], true);
  if (!isMap(map) || map.has(model)) return text;
  if (map.flow || map.items.length === 0) {
    document.setIn(['revisions'], { ...(map.toJSON() as Record<string, Json>), [model]: revision });
    return document.toString({ lineWidth: 0, indentSeq: true });
  }
  const last = map.items.at(-1)?.value as Node | undefined;
  const key = map.items[0]?.key as Node | undefined;
  const indent = columnOf(text, key?.range?.[0] ?? 0);
  return insertLine(text, endOf(text, last ?? map), `${' '.repeat(indent)}${model}: ${JSON.stringify(revision)}`);
}

interface PhaseFacts {
  readonly name: string;
  readonly models: readonly string[];
  readonly dependsOn: readonly string[];
}

function phasesOf(text: string): readonly PhaseFacts[] {
  const phases = seqAt(text, ['spec', 'phases'])?.items ?? [];
  return phases.map((phase) => {
    const map = phase as YAMLMap;
    return {
      name: String(map.get('name') ?? ''),
      models: strings(map.get('models')),
      dependsOn: strings(map.get('dependsOn')),
    };
  });
}

function strings(node: unknown): readonly string[] {
  return isSeq(node) ? node.items.map((item) => String(isScalar(item) ? item.value : item)) : [];
}

function phaseIndex(text: string, name: string): number | undefined {
  const index = phasesOf(text).findIndex((phase) => phase.name === name);
  return index < 0 ? undefined : index;
}

function seqAt(text: string, path: readonly (string | number)[]): YAMLSeq | undefined {
  const node = parseDocument(text).getIn(path, true);
  return isSeq(node) ? node : undefined;
}

/** Adds an item to the list at a path, in the style that the list has. */
function append(text: string, path: readonly (string | number)[], value: Json): string {
  const list = seqAt(text, path);
  const last = list?.items.at(-1) as Node | undefined;
  if (list === undefined || last === undefined || !list.range || !last.range) return replaceList(text, path, value);
  if (list.flow) {
    const at = last.range[1];
    return `${text.slice(0, at)}, ${inline(value)}${text.slice(at)}`;
  }
  const indent = ' '.repeat(columnOf(text, dashBefore(text, last)));
  const lines = writeYaml([value]).trimEnd().split('\n');
  return insertLine(text, endOf(text, last), lines.map((line) => `${indent}${line}`).join('\n'));
}

/** Where there is no list yet, or an empty one, the library writes the document anew. */
function replaceList(text: string, path: readonly (string | number)[], value: Json): string {
  const document = parseDocument(text);
  document.setIn(path, document.createNode([value]));
  return document.toString({ lineWidth: 0, indentSeq: true });
}

function inline(value: Json): string {
  return typeof value === 'string' && /^[A-Za-z][\w.-]*$/.test(value) ? value : JSON.stringify(value);
}

/** Takes an item out of the list at a path, with the comment that stands right above it. */
function cut(text: string, path: readonly (string | number)[], position: number): string {
  const list = seqAt(text, path);
  const item = list?.items[position] as Node | undefined;
  if (list === undefined || !item?.range) return text;
  if (list.flow) {
    const before = position === 0 ? undefined : (list.items[position - 1] as Node).range?.[1];
    const after = (list.items[position + 1] as Node | undefined)?.range?.[0];
    if (before !== undefined) return text.slice(0, before) + text.slice(item.range[1]);
    return text.slice(0, item.range[0]) + text.slice(after ?? item.range[1]);
  }
  let start = lineStart(text, dashBefore(text, item));
  for (
    let above = lineStart(text, start - 1);
    start > 0 && /^\s*#/.test(text.slice(above, start));
    above = lineStart(text, start - 1)
  )
    start = above;
  const end = Math.min(text.length, endOf(text, item) + 1);
  return text.slice(0, start) + text.slice(end);
}

/** The dash of a block item: the last one before its value. */
function dashBefore(text: string, item: Node): number {
  return text.lastIndexOf('-', (item.range?.[0] ?? 0) - 1);
}

/** The end of the line on which a node ends. */
function endOf(text: string, node: Node): number {
  let end = node.range?.[1] ?? 0;
  while (end > 0 && /\s/.test(text[end - 1] ?? '')) end -= 1;
  const line = text.indexOf('\n', end);
  return line < 0 ? text.length : line;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

function insertLine(text: string, at: number, line: string): string {
  const rest = text.slice(at);
  return `${text.slice(0, at)}\n${line}${rest === '' ? '\n' : rest}`;
}
