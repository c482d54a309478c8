import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Json } from '../diagnostics/diagnostic.js';
import { withoutEmptyPhases } from './edit.js';
import { idOf, keyed, mergeData, sameData } from './merge-data.js';

/** A file that two people changed: one text, or where they contradict each other. */
export interface SpecMerge {
  readonly text: string | undefined;
  /** Where both changed it differently, as in `spec.models.llama-3.1-8b.context`. */
  readonly conflicts: readonly string[];
}

/**
 * Merges two versions of a YAML file by what they say and not by lines: lists whose items have names are merged item by item,
 * so that two people may add neighbours at one place. The text is ours with their changes put in, comments, order and
 * style kept; it is given only where it says exactly what the merge of the data says.
 *
 * @param start Texts to put their changes into, the best first: such as a merge by lines that took our side of its conflicts.
 * @param prefer `ours` settles contradictions for our side; left out, they are conflicts.
 */
export function mergeSpec(
  base: string,
  ours: string,
  theirs: string,
  options: { readonly start?: readonly string[]; readonly prefer?: 'ours' } = {},
): SpecMerge {
  if ([base, ours, theirs].some((text) => parseDocument(text).errors.length > 0))
    return { text: undefined, conflicts: [''] };
  if (ours === base) return { text: theirs, conflicts: [] };
  const mine = withGrownPhases(base, ours, theirs);
  const other = withGrownPhases(base, theirs, ours);
  const documents = [base, mine, other].map((text) => parseDocument(text));
  const [before, here, there] = documents.map(dataOf);
  const wanted = mergeData(before, here, there);
  if (wanted.conflicts.length > 0 && options.prefer === undefined)
    return { text: undefined, conflicts: [...wanted.conflicts].sort() };
  const contradicted = new Set(wanted.conflicts);
  // A file that both made has nothing before it: then theirs adds to ours.
  const all =
    before === null
      ? additions(documents[1]?.contents ?? null, documents[2]?.contents ?? null, [])
      : changesOf(documents[0]?.contents ?? null, documents[2]?.contents ?? null);
  const changes = all.filter(({ path }) => !contradicted.has(path.map(({ name }) => name).join('.')));
  for (const start of [...(options.start ?? []), mine]) {
    const text = changes.reduce((done, change) => applied(done, change, other), start);
    const result = parseDocument(text);
    if (result.errors.length === 0 && sameData(dataOf(result), wanted.value))
      return { text: withoutEmptiedPhases(text, [base, ours, theirs]), conflicts: [] };
  }
  return { text: undefined, conflicts: [''] };
}

/**
 * Who removes the last model of a phase removes the phase, and somebody else may have added a model to it: then the removal is
 * that of the models. So the phase is put back without them.
 */
function withGrownPhases(base: string, text: string, other: string): string {
  const [before, now, there] = [base, text, other].map(phasesOf);
  let out = text;
  let after: string | undefined;
  for (const [name, phase] of before ?? []) {
    const grown = modelsOf(there?.get(name)).some((model) => !modelsOf(phase).includes(model));
    if (now?.has(name) !== true && grown) {
      const path = stepsTo('spec', 'phases');
      const step = { name, item: true };
      const added: Change = {
        kind: 'add',
        path: [...path, step],
        node: phase,
        ...(after === undefined ? {} : { after }),
      };
      out = applied(out, added, base);
      for (const model of modelsOf(phase)) {
        const models = [...path, step, { name: 'models', item: false }, { name: model, item: true }];
        out = applied(out, { kind: 'remove', path: models }, base);
      }
    }
    after = name;
  }
  return out;
}

/** Two people who each remove a model of one phase remove the phase, unless it had no model before. */
function withoutEmptiedPhases(text: string, sides: readonly string[]): string {
  const isEmpty = (each: string) => [...(phasesOf(each)?.values() ?? [])].some((phase) => modelsOf(phase).length === 0);
  return isEmpty(text) && !sides.some(isEmpty) ? withoutEmptyPhases(text) : text;
}

function phasesOf(text: string): ReadonlyMap<string, Node> | undefined {
  return itemsOf(find(parseDocument(text).contents, stepsTo('spec', 'phases')) ?? null);
}

function modelsOf(phase: Node | undefined): readonly string[] {
  return phase === undefined ? [] : [...(itemsOf(find(phase, stepsTo('models')) ?? null)?.keys() ?? [])];
}

function stepsTo(...keys: readonly string[]): readonly Step[] {
  return keys.map((name) => ({ name, item: false }));
}

function dataOf(document: Document): Json {
  return keyed(document.toJS() as Json);
}

/** One step into a document: a key of a map, or an item of a list by what it is known by. */
interface Step {
  readonly name: string;
  readonly item: boolean;
}

interface Change {
  readonly kind: 'add' | 'remove' | 'change';
  readonly path: readonly Step[];
  /** What they have there: a node of their document. */
  readonly node?: Node;
  /** The key of an added pair. */
  readonly key?: Node;
  /** The item of their list before an added one; absent for the first. */
  readonly after?: string;
}

/** What they changed: the smallest parts that are not as they were. */
function changesOf(before: Node | null, now: Node | null, path: readonly Step[] = []): Change[] {
  if (isMap(before) && isMap(now)) return changesOfMap(before, now, path);
  const [old, items] = [itemsOf(before), itemsOf(now)];
  if (old !== undefined && items !== undefined) return changesOfList(old, items, path);
  if (sameData(json(before), json(now))) return [];
  return now === null ? [] : [{ kind: 'change', path, node: now }];
}

/** What they have and we have not, below something that both added. */
function additions(ours: Node | null, theirs: Node | null, path: readonly Step[]): readonly Change[] {
  return changesOf(ours, theirs, path).filter(({ kind }) => kind === 'add');
}

function changesOfMap(before: YAMLMap, now: YAMLMap, path: readonly Step[]): Change[] {
  const changes: Change[] = [];
  for (const { key, value } of pairsOf(now)) {
    const step = { name: String(isScalar(key) ? key.value : key), item: false };
    const old = pairOf(before, step.name);
    if (old === undefined) changes.push({ kind: 'add', path: [...path, step], node: value ?? key, key });
    else changes.push(...changesOf(old.value ?? null, value ?? null, [...path, step]));
  }
  for (const { key } of pairsOf(before)) {
    const name = String(isScalar(key) ? key.value : key);
    if (pairOf(now, name) === undefined) changes.push({ kind: 'remove', path: [...path, { name, item: false }] });
  }
  return changes;
}

function changesOfList(
  before: ReadonlyMap<string, Node>,
  now: ReadonlyMap<string, Node>,
  path: readonly Step[],
): Change[] {
  const changes: Change[] = [];
  let after: string | undefined;
  for (const [name, node] of now) {
    const step = [...path, { name, item: true }];
    const old = before.get(name);
    if (old === undefined) changes.push({ kind: 'add', path: step, node, ...(after === undefined ? {} : { after }) });
    else changes.push(...changesOf(old, node, step));
    after = name;
  }
  for (const name of before.keys())
    if (!now.has(name)) changes.push({ kind: 'remove', path: [...path, { name, item: true }] });
  return changes;
}

/** The text with one of their changes; unchanged where it holds it already, or where it cannot take it (which is seen later). */
function applied(text: string, change: Change, theirs: string): string {
  const document = parseDocument(text);
  const parent = find(document.contents as Node, change.path.slice(0, -1));
  const last = change.path.at(-1);
  if (parent === undefined || last === undefined) return text;
  const node = find(parent, [last]);
  if (change.kind === 'add' && node === undefined) return added(text, parent, change, theirs);
  if (change.kind === 'add')
    return additions(node ?? null, change.node ?? null, change.path).reduce(
      (done, each) => applied(done, each, theirs),
      text,
    );
  if (node === undefined) return text;
  if (change.kind === 'remove') return removed(text, parent, last);
  const old = change.node === undefined ? '' : sourceOf(theirs, change.node, columnOf(text, startOf(node)));
  return text.slice(0, startOf(node)) + old + text.slice(endOf(text, node));
}

function added(text: string, parent: Node, { node, key, after }: Change, theirs: string): string {
  if (node === undefined) return text;
  if (isSeq(parent)) return addedItem(text, parent, node, after, theirs);
  if (!isMap(parent) || key === undefined) return text;
  const first = parent.items[0]?.key as Node | undefined;
  const last = parent.items.at(-1) as Pair<Node, Node | null> | undefined;
  if (first === undefined || last === undefined) return text;
  const source = theirs.slice(commentsAbove(theirs, lineStart(theirs, startOf(key))), endOf(theirs, node));
  if (parent.flow)
    return insert(text, endOf(text, last.value ?? last.key), `, ${theirs.slice(startOf(key), endOf(theirs, node))}`);
  const lines = indented(source, columnOf(theirs, startOf(key)), columnOf(text, startOf(first)));
  return insert(text, lineEnd(text, endOf(text, last.value ?? last.key)), `\n${lines}`);
}

function addedItem(text: string, list: YAMLSeq, node: Node, after: string | undefined, theirs: string): string {
  const items = [...(itemsOf(list) ?? [])];
  const at = items.findIndex(([name]) => name === after);
  const previous = items[at < 0 ? items.length - 1 : at]?.[1];
  if (list.flow || previous === undefined) {
    const source = isScalar(node) ? theirs.slice(startOf(node), endOf(theirs, node)) : JSON.stringify(json(node));
    return previous === undefined
      ? `${text.slice(0, startOf(list))}[${source}]${text.slice(endOf(text, list))}`
      : insert(text, endOf(text, previous), `, ${source}`);
  }
  const dash = dashBefore(theirs, node);
  const start = commentsAbove(theirs, lineStart(theirs, dash));
  const isBlock = theirs.slice(lineStart(theirs, dash), dash).trim() === '' && theirs[dash] === '-';
  const source = isBlock
    ? theirs.slice(start, lineEnd(theirs, endOf(theirs, node)))
    : `- ${JSON.stringify(json(node))}`;
  const lines = indented(source, isBlock ? columnOf(theirs, dash) : 0, columnOf(text, dashBefore(text, previous)));
  return insert(text, lineEnd(text, endOf(text, previous)), `\n${lines}`);
}

function removed(text: string, parent: Node, { name }: Step): string {
  if (isSeq(parent)) {
    const items = [...(itemsOf(parent) ?? [])];
    const at = items.findIndex(([id]) => id === name);
    const node = items[at]?.[1];
    if (node === undefined) return text;
    if (items.length === 1) return `${replacedList(text, parent)}`;
    if (!parent.flow) return withoutLines(text, dashBefore(text, node), endOf(text, node));
    const spans = items.map(([, item]): Span => [startOf(item), endOf(text, item)]);
    return withoutSpan(text, spans, at);
  }
  if (!isMap(parent)) return text;
  const pairs = pairsOf(parent);
  const at = pairs.findIndex(({ key }) => String(isScalar(key) ? key.value : key) === name);
  const spans = pairs.map(({ key, value }): Span => [startOf(key), endOf(text, value ?? key)]);
  const [from, to] = spans[at] ?? [0, 0];
  if (at < 0) return text;
  return parent.flow ? withoutSpan(text, spans, at) : withoutLines(text, from, to);
}

type Span = readonly [number, number];

/** Without one of several parts that commas separate. */
function withoutSpan(text: string, spans: readonly Span[], at: number): string {
  const [from = 0, to = 0] = spans[at] ?? [];
  const before = spans[at - 1]?.[1];
  return before !== undefined
    ? text.slice(0, before) + text.slice(to)
    : text.slice(0, from) + text.slice(spans[at + 1]?.[0] ?? to);
}

/** A list without its last item is an empty one, and not nothing. */
function replacedList(text: string, list: YAMLSeq): string {
  const above = list.flow ? startOf(list) : commentsAbove(text, lineStart(text, startOf(list)));
  const start = list.flow ? above : text.slice(0, above).trimEnd().length;
  return `${text.slice(0, start)}${list.flow ? '' : ' '}[]${text.slice(endOf(text, list))}`;
}

/** Without the lines of a part, and the comment right above it. */
function withoutLines(text: string, from: number, to: number): string {
  return (
    text.slice(0, commentsAbove(text, lineStart(text, from))) + text.slice(Math.min(text.length, lineEnd(text, to) + 1))
  );
}

function find(node: Node | null, path: readonly Step[]): Node | undefined {
  let found: Node | null | undefined = node;
  for (const { name, item } of path) {
    if (item) found = itemsOf(found ?? null)?.get(name);
    else found = isMap(found) ? pairOf(found, name)?.value : undefined;
  }
  return found ?? undefined;
}

function pairsOf(map: YAMLMap): readonly Pair<Node, Node | null>[] {
  return map.items as Pair<Node, Node | null>[];
}

function pairOf(map: YAMLMap, name: string): Pair<Node, Node | null> | undefined {
  return pairsOf(map).find(({ key }) => String(isScalar(key) ? key.value : key) === name);
}

/** The items of a list by what they are known by; undefined where it is no list, or not all of them are known by something. */
function itemsOf(node: Node | null): ReadonlyMap<string, Node> | undefined {
  if (!isSeq(node)) return undefined;
  const items = new Map<string, Node>();
  for (const item of node.items as Node[]) {
    const id = idOf(json(item));
    if (id === undefined || items.has(id)) return undefined;
    items.set(id, item);
  }
  return items;
}

function json(node: Node | null): Json {
  return node === null ? null : (node.toJS(parseDocument('')) as Json);
}

/** Their text of a node, its further lines moved to the column where it will stand. */
function sourceOf(text: string, node: Node, column: number): string {
  const lines = text.slice(startOf(node), endOf(text, node)).split('\n');
  const shift = column - columnOf(text, startOf(node));
  return lines.map((line, index) => (index === 0 ? line : shifted(line, shift))).join('\n');
}

function indented(source: string, from: number, to: number): string {
  return source
    .split('\n')
    .map((line) => shifted(line, to - from))
    .join('\n')
    .trimEnd();
}

function shifted(line: string, by: number): string {
  if (line.trim() === '') return line;
  return by >= 0 ? ' '.repeat(by) + line : line.slice(Math.min(-by, line.length - line.trimStart().length));
}

function insert(text: string, at: number, words: string): string {
  return text.slice(0, at) + words + text.slice(at);
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

/** Where the text of a node ends, without the white space after it. */
function endOf(text: string, node: Node): number {
  let end = node.range?.[1] ?? 0;
  while (end > 0 && /\s/.test(text[end - 1] ?? '')) end -= 1;
  return end;
}

/** The dash of a block item: the last one before its value. */
function dashBefore(text: string, item: Node): number {
  return text.lastIndexOf('-', startOf(item) - 1);
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function lineEnd(text: string, offset: number): number {
  const line = text.indexOf('\n', offset);
  return line < 0 ? text.length : line;
}

function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** The start of the comment lines right above a line. */
function commentsAbove(text: string, start: number): number {
  let from = start;
  while (from > 0) {
    const above = lineStart(text, from - 1);
    if (!/^\s*#/.test(text.slice(above, from))) break;
    from = above;
  }
  return from;
}
