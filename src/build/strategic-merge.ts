import { type Edit, type Source, step } from './edits.js';
import type { Entry } from './entry.js';
import {
  appendElements,
  elementValues,
  findElement,
  mergeTuples,
  primitiveValues,
  setElement,
  validPairs,
} from './merge-elements.js';
import { MergeError } from './merge-error.js';
import type { MergeSchema, MergeSchemas } from './merge-schema-types.js';
import { isStill } from './merge-still.js';
import {
  FoldedScalar,
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
import { isInQuotes } from './quotes.js';
import type { FieldSource } from './resource.js';
import type { Spend } from './work.js';
import { foldedScalar } from './written-scalars.js';

type Maybe = Node | undefined;
type Directive = 'merge' | 'delete' | 'replace';

/** What a merge needs to know of the build. */
export interface Merging {
  readonly schemas: MergeSchemas;
  readonly spend: Spend;
}

/** Where a merge stands in the object and in the patch; undefined where nothing more is recorded below. */
interface Trail {
  readonly entry: Entry;
  readonly source: Source;
  readonly at: string;
  readonly from: string;
  readonly isQuoted: (place: FieldSource) => boolean;
}

/**
 * Merges a patch into an object as Kustomize does: maps by key, lists by the merge keys of built-in types (items of the
 * patch first), other lists replaced, `$patch` directives obeyed. The patch is consumed. Undefined: the object is deleted.
 */
export function mergeInto(
  entry: Entry,
  patch: NodeMap,
  source: Source,
  isQuoted: (place: FieldSource) => boolean,
  merging: Merging,
): NodeMap | undefined {
  const trail: Trail = { entry, source, at: '', from: '', isQuoted };
  const merged = merge(entry.own(), patch, undefined, trail, merging);
  return isMap(merged) ? merged : undefined;
}

function merge(
  dest: Maybe,
  patch: Maybe,
  known: MergeSchema | undefined,
  trail: Trail | undefined,
  merging: Merging,
): Maybe {
  const schema = known ?? schemaOfSelf(dest, merging) ?? schemaOfSelf(patch, merging);
  const first = isMissingOrNull(dest) ? patch : dest;
  if (isMissingOrNull(first) || isMap(first)) {
    expectKind('map', dest, patch);
    return mergeMap(dest, patch, schema, trail, merging);
  }
  if (isList(first)) {
    expectKind('list', dest, patch);
    if (schema?.keys !== undefined)
      return mergeList(dest as Node[] | undefined, patch as Node[] | undefined, schema, trail, merging);
    return overwrite(dest, patch, trail);
  }
  expectKind('scalar', dest, patch);
  return overwrite(dest, patch, trail);
}

function schemaOfSelf(node: Maybe, merging: Merging): MergeSchema | undefined {
  if (!isMap(node)) return undefined;
  const kind = textOf(field(node, 'kind'));
  const apiVersion = textOf(field(node, 'apiVersion'));
  return kind === '' || apiVersion === '' ? undefined : merging.schemas(apiVersion, kind);
}

function kindOf(node: Node): 'map' | 'list' | 'scalar' {
  return isMap(node) ? 'map' : isList(node) ? 'list' : 'scalar';
}

function expectKind(kind: 'map' | 'list' | 'scalar', ...nodes: Maybe[]): void {
  for (const node of nodes) {
    if (node === undefined || isNull(node) || kindOf(node) === kind) continue;
    throw new MergeError(`a ${kindOf(node)} stands where the other side has a ${kind}`);
  }
}

/** A number or a word that takes the place of a string in quotes stands in these quotes then, and is a string. */
function keepsQuotes(dest: Maybe, patch: Maybe, trail: Trail): boolean {
  if (!isText(dest) || isText(patch) || !isScalar(patch) || isNull(patch)) return false;
  return isInQuotes(dest, trail.entry, trail.at, trail.isQuoted);
}

/** Scalars and lists without merge keys: the patch wins where it says something. */
function overwrite(dest: Maybe, given: Maybe, trail: Trail | undefined): Maybe {
  if (given === undefined) return dest;
  const patch = styledAs(dest, given);
  if (trail !== undefined && dest !== patch) {
    const quoted = keepsQuotes(dest, patch, trail);
    trail.entry.wrote(trail.at, trail.source, trail.from, isScalar(dest) ? dest : undefined);
    if (quoted) return textOf(patch);
    if (isScalar(patch) && dest !== undefined && trail.entry.shared.size > 0)
      trail.entry.spread(trail.at, patch, trail.source, trail.from);
  }
  return patch;
}

/** What is written over a scalar takes its style: folded text stays folded, and nothing else becomes it. */
function styledAs(dest: Maybe, patch: Node): Node {
  if (!isText(patch) || !isScalar(dest) || isNull(dest)) return patch;
  return dest instanceof FoldedScalar ? foldedScalar(textOf(patch)) : textOf(patch);
}

function record(trail: Trail): void {
  trail.entry.wrote(trail.at, trail.source, trail.from);
}

function mergeMap(
  dest: Maybe,
  patch: Maybe,
  schema: MergeSchema | undefined,
  trail: Trail | undefined,
  merging: Merging,
): Maybe {
  const chosen = visitMap(dest, patch);
  if (chosen !== dest) trail?.entry.unshare(trail.at);
  if (chosen === undefined) {
    if (trail !== undefined && patch !== undefined) record(trail);
    return undefined;
  }
  if (!isMap(chosen)) return chosen;
  // An added or replaced map comes from the patch as a whole: it is merged with itself only to obey what stands in it.
  const fresh = chosen !== dest;
  if (fresh && trail !== undefined) record(trail);
  const below = fresh ? undefined : trail;
  const keys = isMap(patch) ? (fresh ? Object.keys(patch) : union(chosen, patch)) : Object.keys(chosen);
  for (const key of sorted(keys)) {
    const own = field(chosen, key);
    const other = isMap(patch) ? field(patch, key) : undefined;
    // Nothing to do, and nothing that a merge with nothing would change.
    if (other === undefined && isScalar(own) && own !== null) {
      if (own instanceof OddScalar && own.isUntyped) chosen[key] = own.text;
      continue;
    }
    const type = schema?.fields?.[key] ?? schema?.others?.();
    if (other === undefined && isStill(own, type)) continue;
    const deeper =
      below === undefined ? undefined : { ...below, at: below.at + step(key), from: below.from + step(key) };
    const value = merge(own, other, type, deeper, merging);
    if (value === undefined || (isNull(value) && !keepsNull(own, other))) delete chosen[key];
    else if (value !== own) chosen[key] = value;
  }
  return chosen;
}

/** In the order of their characters; what is in order already, as most maps of most files, is not copied for sorting. */
function sorted(keys: string[]): string[] {
  for (let i = 1; i < keys.length; i += 1) if ((keys[i - 1] as string) > (keys[i] as string)) return keys.sort();
  return keys;
}

function union(a: NodeMap, b: NodeMap): string[] {
  const keys = Object.keys(a);
  for (const key of Object.keys(b)) if (field(a, key) === undefined) keys.push(key);
  return keys;
}

/** A null that the object spells out stays, as long as the patch is silent. */
function keepsNull(dest: Maybe, patch: Maybe): boolean {
  return patch === undefined && dest instanceof OddScalar && dest.value === null;
}

function visitMap(dest: Maybe, patch: Maybe): Maybe {
  if (isMissingOrNull(dest)) {
    if (isMap(patch) && directiveOfMap(patch) === 'delete') return undefined;
    if (patch === undefined && keepsNull(dest, patch)) return dest;
    return patch;
  }
  if (isNull(patch)) return undefined;
  if (isMap(patch)) {
    const directive = directiveOfMap(patch);
    if (directive === 'delete') return undefined;
    if (directive === 'replace') return patch;
  }
  return dest;
}

const directiveKey = '$patch';

/** The directive of a map, taken out of it. */
function directiveOfMap(patch: NodeMap): Directive {
  const value = field(patch, directiveKey);
  if (value === undefined) return 'merge';
  const directive = asDirective(value);
  delete patch[directiveKey];
  return directive;
}

/** The directive of a list: an item that holds nothing but a directive, taken out of it. */
function directiveOfList(patch: Node[]): Directive {
  const index = patch.findIndex((item) => isMap(item) && field(item, directiveKey) !== undefined);
  const item = patch[index];
  if (!isMap(item) || Object.keys(item).length > 1) return 'merge';
  const value = item[directiveKey] as Node;
  const directive = asDirective(value);
  setElement(patch, [directiveKey], [textOf(value)], undefined);
  return directive;
}

function asDirective(value: Node): Directive {
  const text = textOf(value);
  if (text === 'merge' || text === 'delete' || text === 'replace') return text;
  throw new MergeError(`unknown patch strategy '${text}' (merge, replace and delete are known)`);
}

function mergeList(
  dest: Node[] | null | undefined,
  patch: Node[] | null | undefined,
  schema: MergeSchema,
  trail: Trail | undefined,
  merging: Merging,
): Maybe {
  let target: Node[];
  const patchItems = isList(patch as Maybe) ? [...(patch as Node[])] : [];
  if (isMissingOrNull(dest as Maybe)) {
    if (isMissingOrNull(patch as Maybe)) return undefined;
    target = patch as Node[];
  } else if (isNull(patch as Maybe)) {
    if (trail !== undefined) record(trail);
    return undefined;
  } else {
    const directive = isList(patch as Maybe) ? directiveOfList(patch as Node[]) : 'merge';
    if (directive === 'delete') {
      if (trail !== undefined) record(trail);
      return undefined;
    }
    target = directive === 'replace' ? (patch as Node[]) : (dest as Node[]);
  }
  const fresh = target !== dest;
  if (fresh && trail !== undefined) record(trail);
  if (patch === undefined || patch === null) return settle(target, undefined, schema, undefined, merging);
  return settle(target, patch, schema, fresh || trail === undefined ? undefined : { trail, patchItems }, merging);
}

interface ListTrail {
  readonly trail: Trail;
  /** The items of the patch as they stood before directives were taken out. */
  readonly patchItems: readonly Node[];
}

/** Merges the items of two lists that have merge keys. */
function settle(
  dest: Node[],
  patch: Node[] | undefined,
  schema: MergeSchema,
  list: ListTrail | undefined,
  merging: Merging,
): Maybe {
  const keys = schema.keys as readonly string[];
  const before = list === undefined ? [] : [...dest];
  const sources = patch === undefined ? [dest] : [patch, dest];
  const primitive = keys.length === 0;
  const tuples = primitive ? primitiveValues(sources) : elementValues(sources, keys);
  const used = primitive ? [''] : keys;
  const origins = new Map<Node, Node>();
  const result = mergeElements(dest, patch, tuples, used, schema, list, before, origins, merging);
  if (list !== undefined && isList(result)) recordList(list, before, result, origins);
  return result;
}

function mergeElements(
  dest: Node[],
  patch: Node[] | undefined,
  given: string[][],
  keys: readonly string[],
  schema: MergeSchema,
  list: ListTrail | undefined,
  before: readonly Node[],
  origins: Map<Node, Node>,
  merging: Merging,
): Maybe {
  const own = keys.length === 1 ? indexByKey(dest, keys[0] as string) : undefined;
  const others = own === undefined || patch === undefined ? own : indexByKey(patch, keys[0] as string);
  if (own !== undefined && others !== undefined) {
    return mergeByKey(dest, own, patch === undefined ? noItems : others, given, schema, list, before, merging);
  }
  // Every item is looked for among all others.
  merging.spend((given.length * (given.length + dest.length + (patch?.length ?? 0))) / 4);
  const tuples = keys.length > 1 ? mergeTuples(given) : given;
  const added: Node[] = [];
  const items = itemsOf(schema);
  const positions = list === undefined ? undefined : positionsOf(before, list.patchItems);
  let validKeys: string[] = [];
  let validValues: string[] = [];
  for (const tuple of tuples) {
    if (tuple.length === 0) continue;
    [validKeys, validValues] = validPairs(tuples, tuple, keys);
    const [elementKeys, elementKeyValues] = validPairs([validValues], validValues, validKeys);
    const own = findElement(dest, elementKeys, elementKeyValues);
    const other = patch === undefined ? undefined : findElement(patch, elementKeys, elementKeyValues);
    const value = merge(
      own,
      other,
      items,
      list === undefined ? undefined : trailOf(list, positions as Positions, own, other),
      merging,
    );
    if (isMissingOrNull(value) || (isMap(value) && Object.keys(value).length === 0)) {
      for (const _ of validKeys) setElement(dest, validKeys, validValues, undefined);
      continue;
    }
    for (const [i, key] of validKeys.entries()) {
      if (isMap(value) && field(value, key) === undefined && validValues[i] !== '')
        value[key] = validValues[i] as string;
    }
    if (own !== undefined && value !== own) origins.set(value as Node, own);
    setElement(added, validKeys, validValues, value);
  }
  if (tuples.length === 0) return dest;
  appendElements(added, dest, validKeys);
  dest.length = 0;
  for (const item of added) dest.push(item);
  return dest;
}

function itemsOf({ fields, others }: MergeSchema): MergeSchema {
  return { ...(fields === undefined ? {} : { fields }), ...(others === undefined ? {} : { others }) };
}

const noItems: ReadonlyMap<string, NodeMap> = new Map();

/** The items by their key; undefined where one has none, or two have the same. */
function indexByKey(items: readonly Node[], key: string): Map<string, NodeMap> | undefined {
  const index = new Map<string, NodeMap>();
  for (const item of items) {
    const text = isMap(item) ? textOf(field(item, key)) : '';
    if (text === '' || index.has(text)) return undefined;
    index.set(text, item as NodeMap);
  }
  return index;
}

/** The same as below for lists in which every item has a key of its own: in one pass. */
function mergeByKey(
  dest: Node[],
  own: ReadonlyMap<string, NodeMap>,
  others: ReadonlyMap<string, NodeMap>,
  tuples: readonly string[][],
  schema: MergeSchema,
  list: ListTrail | undefined,
  before: readonly Node[],
  merging: Merging,
): Node[] {
  const items = itemsOf(schema);
  const positions = list === undefined ? undefined : positionsOf(before, list.patchItems);
  const result: Node[] = [];
  for (const [key] of tuples as [string][]) {
    const mine = own.get(key);
    const other = others.get(key);
    if (other === undefined && mine !== undefined && isStill(mine, items)) {
      if (Object.keys(mine).length > 0) result.push(mine);
      continue;
    }
    const trail =
      list === undefined || mine === undefined ? undefined : trailOf(list, positions as Positions, mine, other);
    const value = merge(mine, other, items, trail, merging);
    if (isMissingOrNull(value) || (isMap(value) && Object.keys(value).length === 0)) continue;
    // Upstream puts the old item back where the merge gave another one (`$patch: replace` in an item).
    result.push(mine ?? (value as Node));
  }
  dest.length = 0;
  for (const item of result) dest.push(item);
  return dest;
}

interface Positions {
  readonly own: ReadonlyMap<Node, number>;
  readonly patch: ReadonlyMap<Node, number>;
}

function positionsOf(before: readonly Node[], patchItems: readonly Node[]): Positions {
  const index = (items: readonly Node[]) => {
    const positions = new Map<Node, number>();
    for (const [i, item] of items.entries()) if (!positions.has(item)) positions.set(item, i);
    return positions;
  };
  return { own: index(before), patch: index(patchItems) };
}

function trailOf(list: ListTrail, positions: Positions, own: Maybe, other: Maybe): Trail | undefined {
  // A new item is recorded with the list, as a whole.
  if (own === undefined) return undefined;
  const at = positions.own.get(own) ?? 0;
  const from = other === undefined ? undefined : positions.patch.get(other);
  return {
    ...list.trail,
    at: `${list.trail.at}/${at}`,
    from: from === undefined ? list.trail.from : `${list.trail.from}/${from}`,
  };
}

function recordList(list: ListTrail, before: readonly Node[], after: readonly Node[], origins: Map<Node, Node>): void {
  const old = new Map<Node, number>();
  for (const [i, item] of before.entries()) if (!old.has(item)) old.set(item, i);
  const patched = new Map<Node, number>();
  for (const [i, item] of list.patchItems.entries()) if (!patched.has(item)) patched.set(item, i);
  const items = after.map((item) => {
    const index = old.get(item) ?? old.get(origins.get(item) ?? item);
    return index ?? -1 - (patched.get(item) ?? 0);
  });
  if (items.length === before.length && items.every((index, i) => index === i)) return;
  const { entry, source, at, from } = list.trail;
  const edit: Edit = { kind: 'list', previous: entry.edits, pointer: at, source, items, from };
  entry.edits = edit;
}

export { MergeError };
