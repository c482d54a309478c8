import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { composeValue, sameValue } from './compose.js';
import { specLimits } from './limits.js';
import { keyText, nodeAt, parseTree, type YamlEntry, type YamlNode } from './tree.js';
import { flowYaml, writeYaml } from './write.js';

export type YamlPath = readonly (string | number)[];

/** One change of a file that people write. */
export type YamlEdit =
  /** Gives the field or list item at `path` a value; a field that is absent is added behind the others of its mapping. */
  | { readonly op: 'set'; readonly path: YamlPath; readonly value: Json }
  /** Adds an item to the end of the list at `path`; a list that is absent is made. */
  | { readonly op: 'append'; readonly path: YamlPath; readonly value: Json }
  /** Removes the field or list item at `path` with its lines. Comments above it stay. */
  | { readonly op: 'remove'; readonly path: YamlPath };

/**
 * The text with the changes made where they belong: every other character stays as it is, comments, order and style among
 * them. What is added takes the style of its neighbours. The result is read back: undefined where a change cannot be made
 * in this way (the path leads nowhere, or the text is no plain document), so that no edit can damage a file.
 */
export function editYaml(text: string, edits: readonly YamlEdit[]): string | undefined {
  let out = text;
  for (const edit of edits) {
    const next = editOnce(out, edit);
    if (next === undefined) return undefined;
    out = next;
  }
  return out;
}

function editOnce(text: string, edit: YamlEdit): string | undefined {
  const root = rootOf(text);
  if (root === undefined) return undefined;
  const before = composeValue(root, specLimits.depth);
  const wanted = before === undefined ? undefined : applied(before, edit);
  if (wanted === undefined) return undefined;
  const next = splice(text, root, edit);
  if (next === undefined) return undefined;
  const after = rootOf(next);
  const value = after && composeValue(after, specLimits.depth);
  return value !== undefined && sameValue(value, wanted) ? next : undefined;
}

function rootOf(text: string): YamlNode | undefined {
  const tree = parseTree(text, specLimits.nodes);
  return tree?.documents.length === 1 ? tree.documents[0]!.root : undefined;
}

/** The value as the edit wants it. */
function applied(value: Json, edit: YamlEdit): Json | undefined {
  const change = (at: Json | undefined, path: YamlPath): Json | undefined => {
    const [part, ...rest] = path;
    if (part === undefined) {
      if (edit.op === 'set') return edit.value;
      if (edit.op === 'append')
        return at === undefined || at === null
          ? [edit.value]
          : Array.isArray(at)
            ? [...(at as Json[]), edit.value]
            : undefined;
      return undefined;
    }
    if (Array.isArray(at)) {
      if (typeof part !== 'number' || part >= at.length || part < 0) return undefined;
      if (edit.op === 'remove' && rest.length === 0) return (at as Json[]).filter((_, i) => i !== part);
      const inner = change((at as Json[])[part], rest);
      return inner === undefined ? undefined : (at as Json[]).map((item, i) => (i === part ? inner : item));
    }
    if (typeof at !== 'object' || at === null || typeof part !== 'string') return undefined;
    const fields = at as JsonObject;
    if (edit.op === 'remove' && rest.length === 0) {
      return Object.hasOwn(fields, part)
        ? Object.fromEntries(Object.entries(fields).filter(([key]) => key !== part))
        : undefined;
    }
    if (rest.length > 0 && !Object.hasOwn(fields, part)) return undefined;
    const inner = change(Object.hasOwn(fields, part) ? fields[part] : undefined, rest);
    return inner === undefined ? undefined : { ...fields, [part]: inner };
  };
  return change(value, edit.path);
}

function splice(text: string, root: YamlNode, edit: YamlEdit): string | undefined {
  const path = edit.path.map(String);
  const parent = nodeAt(root, path.slice(0, -1));
  const node = nodeAt(root, path);
  const last = path.at(-1);
  if (edit.op === 'append') {
    if (node?.kind === 'seq') return appendItem(text, node, edit.value);
    const entry = parent && last !== undefined ? entryOf(parent, last) : undefined;
    if (parent?.kind !== 'map' || last === undefined) return undefined;
    return entry ? replaceValue(text, parent, entry, [edit.value]) : addField(text, parent, last, [edit.value]);
  }
  if (parent === undefined || last === undefined) return undefined;
  if (edit.op === 'remove') return remove(text, parent, last);
  if (parent.kind === 'map') {
    const entry = entryOf(parent, last);
    return entry ? replaceValue(text, parent, entry, edit.value) : addField(text, parent, last, edit.value);
  }
  return node ? replaceItem(text, parent, node, edit.value) : undefined;
}

function entryOf(map: YamlNode, key: string): YamlEntry | undefined {
  return map.entries.find((entry) => keyText(entry.key) === key);
}

const between = (text: string, start: number, end: number, inserted: string): string =>
  text.slice(0, start) + inserted + text.slice(end);

/** The column (0-based) in which an offset stands. */
function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** Offset of the end of the line, before its line break. */
function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  const end = newline < 0 ? text.length : newline;
  return text[end - 1] === '\r' && newline >= 0 ? end - 1 : end;
}

/** The line break that the file uses. */
function breakOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** Lines in block style, indented; the first line is not, because it follows a dash or a key. */
function block(text: string, value: Json, indent: number): string {
  const lines = writeYaml(value, { compact: true }).trimEnd().split('\n');
  return lines.map((line, i) => (i === 0 || line === '' ? line : ' '.repeat(indent) + line)).join(breakOf(text));
}

const isCollection = (value: Json): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;

function appendItem(text: string, list: YamlNode, value: Json): string | undefined {
  const last = list.items.at(-1);
  if (list.flow) {
    if (last === undefined) return between(text, list.start + 1, list.end - 1, flowYaml(value));
    return between(text, last.end, last.end, `, ${flowYaml(value)}`);
  }
  if (last === undefined) return undefined;
  const indent = columnOf(text, list.start);
  const isFlow = last.flow || !isCollection(value);
  const written = isFlow ? flowYaml(value) : block(text, value, indent + 2);
  const end = lineEnd(text, endOfNode(text, last));
  const gap = blankBetween(text, list) ? breakOf(text) : '';
  return between(text, end, end, `${breakOf(text)}${gap}${' '.repeat(indent)}- ${written}`);
}

/** Whether the items of a list are set apart by empty lines. */
function blankBetween(text: string, list: YamlNode): boolean {
  const [first, second] = list.items;
  return first !== undefined && second !== undefined && /\n[ \t]*\r?\n/.test(text.slice(first.end, second.start));
}

/** Where a node ends, with what a block scalar keeps behind it. */
function endOfNode(text: string, node: YamlNode): number {
  return Math.min(node.end, text.length);
}

function addField(text: string, map: YamlNode, key: string, value: Json): string | undefined {
  const name = flowYaml(key);
  const last = map.entries.at(-1);
  if (map.flow) {
    if (last === undefined) return between(text, map.start, map.end, `{ ${name}: ${flowYaml(value)} }`);
    const end = last.value.kind === 'empty' ? last.key.end : last.value.end;
    return between(text, end, end, `, ${name}: ${flowYaml(value)}`);
  }
  if (last === undefined) return undefined;
  const indent = columnOf(text, map.start);
  const end = lineEnd(text, last.value.kind === 'empty' ? last.key.end : endOfNode(text, last.value));
  return between(text, end, end, `${breakOf(text)}${' '.repeat(indent)}${field(text, name, value, indent)}`);
}

/** `key: value` in block style at this indentation. */
function field(text: string, name: string, value: Json, indent: number): string {
  if (!isCollection(value)) return `${name}: ${flowYaml(value)}`;
  const flow = flowYaml(value);
  if (indent + name.length + flow.length < 100 && !Array.isArray(value)) return `${name}: ${flow}`;
  if (Array.isArray(value) && value.every((item) => !isCollection(item as Json)) && flow.length < 80)
    return `${name}: ${flow}`;
  return `${name}:${breakOf(text)}${' '.repeat(indent + 2)}${block(text, value, indent + 2)}`;
}

function replaceValue(text: string, map: YamlNode, { key, value: node }: YamlEntry, value: Json): string | undefined {
  if (node.kind === 'empty') {
    const written =
      map.flow || !isCollection(value)
        ? ` ${flowYaml(value)}`
        : field(text, '', value, columnOf(text, key.start)).slice(1);
    const colon = text.indexOf(':', key.end);
    if (colon < 0) return undefined;
    return between(text, colon + 1, colon + 1, written);
  }
  const isBlock = !node.flow && (node.kind === 'map' || node.kind === 'seq');
  if (!isBlock && (map.flow || !isCollection(value) || node.flow))
    return between(text, node.start, endOfNode(text, node), flowYaml(value));
  const colon = text.indexOf(':', key.end);
  if (colon < 0) return undefined;
  return between(text, colon, endOfNode(text, node), field(text, '', value, columnOf(text, key.start)));
}

function replaceItem(text: string, list: YamlNode, item: YamlNode, value: Json): string | undefined {
  const written =
    list.flow || item.flow || !isCollection(value)
      ? flowYaml(value)
      : block(text, value, columnOf(text, list.start) + 2);
  return item.kind === 'empty' ? undefined : between(text, item.start, endOfNode(text, item), written);
}

function remove(text: string, parent: YamlNode, part: string): string | undefined {
  const spans =
    parent.kind === 'map'
      ? parent.entries.map(({ key, value }) => ({
          is: keyText(key) === part,
          start: key.start,
          end: value.kind === 'empty' ? key.end : endOfNode(text, value),
        }))
      : parent.items.map((item, i) => ({ is: String(i) === part, start: item.start, end: endOfNode(text, item) }));
  const index = spans.findIndex(({ is }) => is);
  const span = spans[index];
  if (span === undefined) return undefined;
  if (spans.length === 1) return emptied(text, parent);
  if (parent.flow) {
    const next = spans[index + 1];
    return next ? between(text, span.start, next.start, '') : between(text, spans[index - 1]!.end, span.end, '');
  }
  const start = text.lastIndexOf('\n', span.start - 1) + 1;
  const head = text.slice(start, span.start);
  const end = Math.min(text.length, text.indexOf('\n', lineEnd(text, span.end)) + 1 || text.length);
  // `- a: 1` and `- - x`: the first field shares its line with the dash, which the next field has to take over.
  if (parent.kind === 'map' && /-/.test(head)) {
    const next = spans[index + 1];
    return next ? between(text, span.start, next.start, '') : undefined;
  }
  if (!/^[ \t]*(?:-[ \t]*)?$/.test(head)) return undefined;
  return between(text, start, end, '');
}

/** The last field or item goes: what is left is `[]` or `{}`. */
function emptied(text: string, parent: YamlNode): string {
  const empty = parent.kind === 'seq' ? '[]' : '{}';
  if (parent.flow) return between(text, parent.start, parent.end, empty);
  const line = text.slice(0, parent.start).trimEnd();
  const isBelowKey = line.endsWith(':');
  return isBelowKey
    ? between(text, line.length, endOfNode(text, parent), ` ${empty}`)
    : between(text, parent.start, endOfNode(text, parent), empty);
}
