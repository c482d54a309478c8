import type { Entries } from './accumulator.js';
import { placeOf, type Source, step } from './edits.js';
import type { Entry } from './entry.js';
import { fail } from './failure.js';
import { splitPath } from './field-spec.js';
import { describe, type Id, isSelected } from './ids.js';
import { listItems, member } from './kustomization.js';
import {
  clone,
  field,
  isList,
  isMap,
  isMissingOrNull,
  isNull,
  isScalar,
  isText,
  type Node,
  type NodeMap,
  OddScalar,
  textOf,
} from './node.js';
import { rescanAs, typeOfText } from './scalar.js';
import { type Match, partMatcher, SelectorError, stringsMatcher } from './selector.js';
import { setInString } from './structured-text.js';
import { nodesIn, perWrite, type Spend } from './work.js';

/** A replacement with the source that its pointers count in. */
export interface Replacement {
  readonly value: NodeMap;
  readonly source: Source;
}

interface Options {
  readonly delimiter: string;
  readonly index: number;
  readonly create: boolean;
}

/** Copies values from one object to fields of others. Returns the pointers of targets that no object matched. */
export function applyReplacements(entries: Entries, replacements: readonly Replacement[]): Source[] {
  const unmatched: Source[] = [];
  for (const replacement of replacements) {
    const { value, source } = replacement;
    const targets = member(value, 'targets');
    const hasSource = isMap(member(value, 'source'));
    const sourceValue = member(value, 'sourceValue');
    if ((!hasSource && isMissingOrNull(sourceValue)) || isMissingOrNull(targets)) {
      fail('kustomize-replacement', 'A replacement needs a source and at least one target.', placeOf(source));
    }
    if (hasSource && !isMissingOrNull(sourceValue)) {
      fail('kustomize-replacement', 'source and sourceValue exclude each other.', placeOf(source));
    }
    const found = hasSource
      ? readSource(entries, replacement)
      : { node: textOf(sourceValue) as Node, writer: { ...source, pointer: `${source.pointer}/sourceValue` } };
    for (const target of listItems(targets, `${source.pointer}/targets`)) {
      const at: Source = { ...source, pointer: target.pointer };
      if (applyTarget(entries, target.value as NodeMap, found.node, found.writer, at) === 0) unmatched.push(at);
    }
  }
  entries.changed();
  return unmatched;
}

function optionsOf(node: Node | undefined): Options {
  const map = isMap(node) ? node : {};
  const index = member(map, 'index');
  return {
    delimiter: textOf(member(map, 'delimiter')),
    index: typeof index === 'number' ? index : 0,
    create: member(map, 'create') === true,
  };
}

function idOf(map: NodeMap): Id {
  const part = (key: string) => textOf(member(map, key));
  return {
    group: part('group'),
    version: part('version'),
    kind: part('kind'),
    name: part('name'),
    namespace: part('namespace'),
  };
}

function allIds(entry: Entry): Id[] {
  return [entry.id, ...entry.previousIds];
}

function readSource(entries: Entries, replacement: Replacement): { node: Node; writer: Source } {
  const source = member(replacement.value, 'source') as NodeMap;
  const at: Source = { ...replacement.source, pointer: `${replacement.source.pointer}/source` };
  const selector = idOf(source);
  const matches = entries.list.filter((entry) => allIds(entry).some((id) => isSelectedBy(id, selector)));
  const first = matches[0];
  if (first === undefined) fail('kustomize-replacement', 'The source of the replacement selects nothing.', placeOf(at));
  if (matches.length > 1) {
    fail(
      'kustomize-replacement',
      `The source of the replacement selects ${matches.length} objects: ${matches.map((entry) => describe(entry.id)).join(', ')}.`,
      placeOf(at),
    );
  }
  const path = textOf(member(source, 'fieldPath')) || 'metadata.name';
  const node = lookup(first.root, splitFieldPath(path));
  if (node === undefined || isNull(node) || (!isScalar(node) && isEmpty(node))) {
    fail('kustomize-replacement', `${describe(first.id)} has no field ${path}.`, placeOf(at, '/fieldPath'), {
      related: [{ message: 'the object', at: placeOf(first.origin) }],
    });
  }
  return { node: refine(node, optionsOf(member(source, 'options')), at), writer: { ...at, via: 'replacements' } };
}

function isEmpty(node: Node): boolean {
  return isList(node) ? node.length === 0 : isMap(node) && Object.keys(node).length === 0;
}

function refine(node: Node, options: Options, at: Source): Node {
  if (options.delimiter === '') return node;
  if (!isScalar(node)) fail('kustomize-replacement', 'A delimiter needs a scalar.', placeOf(at));
  const parts = textOf(node).split(options.delimiter);
  const part = parts[options.index];
  if (part === undefined) {
    fail(
      'kustomize-replacement',
      `The index ${options.index} is out of bounds for "${textOf(node)}".`,
      placeOf(at, '/options/index'),
    );
  }
  return rescanAs(node, part);
}

function isSelectedBy(id: Id, selector: Id): boolean {
  const effective = (namespace: string) => (namespace === '' ? 'default' : namespace);
  return (
    (selector.name === '' || selector.name === id.name) &&
    (selector.namespace === '' || effective(selector.namespace) === effective(id.namespace)) &&
    isSelected(id, selector)
  );
}

interface IdMatcher {
  readonly group: Match;
  readonly version: Match;
  readonly kind: Match;
  readonly name: Match;
  readonly namespace: Match;
}

function idMatcher(map: NodeMap, spend: Spend): IdMatcher {
  const id = idOf(map);
  return {
    group: partMatcher(id.group, spend),
    version: partMatcher(id.version, spend),
    kind: partMatcher(id.kind, spend),
    name: partMatcher(id.name, spend),
    namespace: partMatcher(id.namespace, spend),
  };
}

function fits(matcher: IdMatcher, id: Id): boolean {
  return (
    matcher.kind(id.kind) &&
    matcher.name(id.name) &&
    matcher.group(id.group) &&
    matcher.version(id.version) &&
    matcher.namespace(id.namespace)
  );
}

function applyTarget(entries: Entries, target: NodeMap, value: Node, writer: Source, at: Source): number {
  const selected = member(target, 'select');
  if (!isMap(selected)) fail('kustomize-replacement', 'A target must select objects.', placeOf(at));
  const options = optionsOf(member(target, 'options'));
  const given = listItems(member(target, 'fieldPaths'), '');
  const paths = given.length === 0 ? ['metadata.name'] : given.map((item) => textOf(item.value));
  let count = 0;
  for (const entry of chosen(entries, selected, listItems(member(target, 'reject'), ''), at)) {
    count += 1;
    for (const [i, path] of paths.entries()) {
      const place = { ...at, pointer: `${at.pointer}${given.length === 0 ? '' : `/fieldPaths/${i}`}` };
      entries.spend(perWrite + path.length / 2);
      copyTo(entry, path, value, options, writer, place, entries.spend);
    }
  }
  return count;
}

function chosen(entries: Entries, selected: NodeMap, rejected: { value: Node }[], at: Source): Entry[] {
  const { spend } = entries;
  try {
    const matcher = idMatcher(selected, spend);
    const strings = (map: NodeMap) => {
      const labels = stringsMatcher(textOf(member(map, 'labelSelector')), 'labels', spend);
      const annotations = stringsMatcher(textOf(member(map, 'annotationSelector')), 'annotations', spend);
      return (entry: Entry) => labels(entry) && annotations(entry);
    };
    const selects = strings(selected);
    const rejects = rejected
      .map((item) => item.value)
      .filter(isMap)
      .map((map) => {
        const id = idOf(map);
        const byId = Object.values(id).some((part) => part !== '');
        const byStrings =
          textOf(member(map, 'labelSelector')) !== '' || textOf(member(map, 'annotationSelector')) !== '';
        return { byId, byStrings, matcher: idMatcher(map, spend), strings: strings(map) };
      });
    spend((4 + rejects.length) * entries.list.length);
    return entries.list.filter((entry) => {
      if (!selects(entry)) return false;
      if (rejects.some((reject) => reject.byStrings && reject.strings(entry))) return false;
      const ids = allIds(entry);
      if (rejects.some((reject) => reject.byId && ids.some((id) => fits(reject.matcher, id)))) return false;
      return ids.some((id) => fits(matcher, id));
    });
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error;
    fail('kustomize-selector', `${error.message}.`, placeOf(at, '/select'));
  }
}

/** Splits a dotted path; dots inside brackets and escaped dots do not count. */
export function splitFieldPath(path: string): string[] {
  const parts: string[] = [];
  let bracket: string | undefined;
  for (const part of splitPath(path, '.')) {
    if (bracket !== undefined) {
      bracket += `.${part}`;
      if (!part.endsWith(']')) continue;
      parts.push(bracket);
      bracket = undefined;
    } else if (part.startsWith('[') && !part.endsWith(']')) bracket = part;
    else parts.push(part);
  }
  if (bracket !== undefined) parts.push(...bracket.split('.'));
  // `[a.b/c]` is a key that holds dots.
  return parts.map((part) => (/^\[[^=]*\]$/.test(part) ? part.slice(1, -1) : part));
}

function keyValue(part: string): { key: string; value: string } | undefined {
  const match = /^\[([^=]*)=(.*)\]$/.exec(part);
  return match === null ? undefined : { key: match[1] as string, value: match[2] as string };
}

function lookup(node: Node, parts: readonly string[]): Node | undefined {
  let at: Node | undefined = node;
  for (const part of parts) {
    if (isMissingOrNull(at) || at === undefined) return undefined;
    if (isList(at)) {
      const named = keyValue(part);
      if (/^\d+$/.test(part)) at = at[Number(part)];
      else if (part === '-') at = at.at(-1);
      else if (named !== undefined) at = at.find((item) => itemMatches(item, named));
      else return undefined;
    } else if (isMap(at)) at = field(at, part);
    else return undefined;
  }
  return at;
}

function itemMatches(item: Node, named: { key: string; value: string }): boolean {
  if (named.key === '') return isScalar(item) && textOf(item) === named.value;
  if (!isMap(item)) return false;
  const own = field(item, named.key);
  return own !== undefined && textOf(own) === named.value;
}

/** A value that is copied keeps memory, and what is copied can be copied again. */
const perCopy = 10;

interface Spot {
  readonly holder: NodeMap | Node[];
  readonly key: string | number;
  readonly pointer: string;
}

function copyTo(
  entry: Entry,
  path: string,
  value: Node,
  options: Options,
  writer: Source,
  at: Source,
  spend: Spend,
): void {
  const parts = splitFieldPath(path);
  if (setInString(entry, parts, value, writer, placeOf(at), spend)) return;
  const spots: Spot[] = [];
  const problem = match(entry.own(), parts, '', options.create, value, spots);
  if (problem !== undefined || spots.length === 0) {
    fail(
      'kustomize-replacement',
      `${describe(entry.id)} has no field ${path}${problem === undefined ? '' : ` (${problem})`}.`,
      placeOf(at),
      {
        related: [{ message: 'the object', at: placeOf(entry.origin) }],
        ...(options.create ? {} : { hint: 'options.create makes the field where it is missing.' }),
      },
    );
  }
  for (const { holder, key, pointer } of spots) {
    spend(perWrite + perCopy * nodesIn(value));
    const old = (holder as NodeMap)[key as string];
    (holder as NodeMap)[key as string] = replaced(old, value, options, at);
    entry.wrote(pointer, writer);
    if (pointer === '/metadata/annotations' || pointer === '/metadata') entry.forget();
    const written = (holder as NodeMap)[key as string];
    if (options.delimiter !== '') spend(4 * textOf(written).length);
    if (isScalar(old) && isScalar(written)) entry.spread(pointer, written, writer);
    else entry.unshare(pointer);
  }
}

function replaced(old: Node | undefined, value: Node, options: Options, at: Source): Node {
  let copy = clone(value);
  if (options.delimiter !== '') {
    if (!isScalar(old)) fail('kustomize-replacement', 'A delimiter needs a scalar.', placeOf(at));
    const text = delimited(textOf(old), textOf(copy), options);
    copy = isScalar(copy) ? rescanAs(copy, text) : text;
  }
  if (isScalar(old)) {
    refuseOtherType(old, textOf(copy), at);
    return rescanAs(old, textOf(copy));
  }
  return copy;
}

/** The new text of a scalar: all of it, or the part that a delimiter and an index name. */
function delimited(old: string, value: string, { delimiter, index }: Options): string {
  if (delimiter === '') return value;
  const parts = old.split(delimiter);
  if (index < 0) parts.unshift(value);
  else if (index >= parts.length) parts.push(value);
  else parts[index] = value;
  return parts.join(delimiter);
}

/** A field keeps its type; a text of another type is an error, as upstream has it. */
function refuseOtherType(old: Node, text: string, at: Source): void {
  if (isText(old) || (old instanceof OddScalar && old.isUntyped)) return;
  const type = old === null ? 'null' : typeOfText(textOf(old));
  const given = typeOfText(text);
  if (type === given || (type === 'float' && given === 'integer')) return;
  fail(
    'kustomize-replacement',
    `The field holds ${textOf(old) || 'null'} (${type}) and cannot take "${text}" (${given}).`,
    placeOf(at),
  );
}

/** Collects what a path leads to; `*` is every item. Returns a reason where the path cannot be followed. */
function match(
  node: NodeMap | Node[],
  parts: readonly string[],
  pointer: string,
  create: boolean,
  value: Node,
  spots: Spot[],
): string | undefined {
  const [part, ...rest] = parts;
  if (part === undefined) return 'the path is empty';
  const reach = (holder: NodeMap | Node[], key: string | number, below: string): string | undefined => {
    if (rest.length === 0) {
      spots.push({ holder, key, pointer: below });
      return undefined;
    }
    const child = (holder as NodeMap)[key as string];
    if (isMap(child) || isList(child)) return match(child, rest, below, create, value, spots);
    return isMissingOrNull(child) ? undefined : 'a scalar stands on the way';
  };
  if (isList(node)) return matchList(node, part, pointer, create, value, rest, reach);
  if (part === '*') return '* stands for the items of a list, and here is a map';
  const child = field(node, part);
  if (child === undefined || (isNull(child) && create)) {
    if (!create) return undefined;
    node[part] = emptyFor(rest, value);
  }
  return reach(node, part, pointer + step(part));
}

function matchList(
  list: Node[],
  part: string,
  pointer: string,
  create: boolean,
  value: Node,
  rest: readonly string[],
  reach: (holder: Node[], key: number, pointer: string) => string | undefined,
): string | undefined {
  if (part === '*') {
    for (let i = 0; i < list.length; i += 1) {
      const problem = reach(list, i, `${pointer}/${i}`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  if (/^\d+$/.test(part)) {
    const index = Number(part);
    if (index >= list.length) {
      if (!create || index > list.length) return undefined;
      list.push(emptyFor(rest, value));
    }
    return reach(list, index, `${pointer}/${index}`);
  }
  const named = keyValue(part);
  if (named === undefined) return `"${part}" is not an item of a list`;
  let found = false;
  for (const [i, item] of list.entries()) {
    if (!itemMatches(item, named)) continue;
    found = true;
    const problem = reach(list, i, `${pointer}/${i}`);
    if (problem !== undefined) return problem;
  }
  if (found || !create) return undefined;
  list.push(named.key === '' ? named.value : { [named.key]: named.value });
  return reach(list, list.length - 1, `${pointer}/${list.length - 1}`);
}

function emptyFor(rest: readonly string[], value: Node): Node {
  const next = rest[0];
  if (next === undefined) return isMap(value) ? {} : isList(value) ? [] : new OddScalar('', null, true);
  return next === '-' || next === '*' || /^\d+$/.test(next) || keyValue(next) !== undefined ? [] : {};
}
