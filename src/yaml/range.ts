import type { Place, Range } from '../diagnostics/diagnostic.js';
import { pointerParts } from './pointer.js';
import { keyText, parseTree, type YamlNode, type YamlTree } from './tree.js';

export { pointerParts, toPointer } from './pointer.js';

/** The range of a place in its text; a pointer to something absent gives its nearest ancestor that is there. */
export function rangeOf(text: string, place: Place): Range {
  if (place.offset === undefined && place.pointer === undefined && place.document === undefined) return wholeFile;
  const known = indexOf(text);
  const [start, end] =
    place.offset === undefined ? spanOf(known, place) : [place.offset, place.offset + (place.length ?? 1)];
  const at = Math.min(start, text.length);
  return { start: known.position(at), end: known.position(Math.max(at, Math.min(end, text.length))) };
}

/** The text as written at a place: quotes and all. Undefined where nothing stands there. */
export function sourceAt(text: string, place: Place): string | undefined {
  const known = indexOf(text);
  const [start, end] =
    place.offset === undefined ? spanOf(known, place) : [place.offset, place.offset + (place.length ?? 1)];
  return end > start ? text.slice(start, end) : undefined;
}

const first = { line: 1, column: 1, offset: 0 };
/** A problem of the file as a whole points at its start. */
const wholeFile: Range = { start: first, end: first };

/** Above this a text is not parsed for ranges; places in it point at its start. */
const maxNodes = 500_000;

interface TextIndex {
  readonly text: string;
  position(offset: number): Range['start'];
  tree(): YamlTree | undefined;
  /** Children of a node by key. */
  child(node: YamlNode, part: string): { readonly key: YamlNode | undefined; readonly value: YamlNode } | undefined;
  anchor(document: number, name: string): YamlNode | undefined;
}

// The last few texts: problems come file by file. The cache holds no state that an answer depends on.
const cache: TextIndex[] = [];
const cacheSize = 8;
/** Characters of all texts in the cache but the latest: a tree takes a multiple of its text. */
const cacheCharacters = 500_000;

function indexOf(text: string): TextIndex {
  const at = cache.findIndex((one) => one.text === text);
  const found = at < 0 ? makeIndex(text) : cache.splice(at, 1)[0]!;
  cache.unshift(found);
  cache.length = Math.min(cache.length, cacheSize);
  let characters = cache.reduce((sum, one) => sum + one.text.length, 0) - text.length;
  while (cache.length > 1 && characters > cacheCharacters) characters -= cache.pop()!.text.length;
  return found;
}

function makeIndex(text: string): TextIndex {
  let lineStarts: number[] | undefined;
  let tree: YamlTree | undefined | null = null;
  const children = new WeakMap<YamlNode, Map<string, { key: YamlNode; value: YamlNode }>>();
  const anchors = new Map<number, Map<string, YamlNode>>();
  const readTree = (): YamlTree | undefined => {
    if (tree === null) tree = parseTree(text, maxNodes);
    return tree;
  };
  return {
    text,
    tree: readTree,
    position(offset) {
      lineStarts ??= lineStartsOf(text);
      const line = lastAtMost(lineStarts, offset);
      return { line: line + 1, column: offset - lineStarts[line]! + 1, offset };
    },
    child(node, part) {
      if (node.kind === 'seq') {
        const value = /^(?:0|[1-9][0-9]*)$/.test(part) ? node.items[Number(part)] : undefined;
        return value && { key: undefined, value };
      }
      if (node.kind !== 'map') return undefined;
      let byKey = children.get(node);
      if (byKey === undefined) {
        byKey = new Map();
        for (const { key, value } of node.entries) byKey.set(keyText(key), { key, value });
        children.set(node, byKey);
      }
      return byKey.get(part);
    },
    anchor(document, name) {
      let byName = anchors.get(document);
      if (byName === undefined) {
        byName = anchorsOf(readTree()?.documents[document]?.root);
        anchors.set(document, byName);
      }
      return byName.get(name);
    },
  };
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

/** Index of the last number that is not above `limit`; the numbers rise and the first is 0. */
function lastAtMost(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (numbers[middle]! <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

function anchorsOf(root: YamlNode | undefined): Map<string, YamlNode> {
  const found = new Map<string, YamlNode>();
  const open = root ? [root] : [];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.anchor !== undefined) found.set(node.anchor, node);
    open.push(...node.items.toReversed());
    for (const { key, value } of node.entries.toReversed()) open.push(value, key);
  }
  return found;
}

type Span = readonly [start: number, end: number];

function spanOf(index: TextIndex, place: Place): Span {
  return walk(index, place).span;
}

/** The node at a place, aliases followed; undefined where nothing stands there. */
export function nodeOf(text: string, place: Place): YamlNode | undefined {
  const { node, isWhole } = walk(indexOf(text), place);
  return isWhole ? node : undefined;
}

/** As far as a pointer leads: the node there, and what to show of it. */
function walk(
  index: TextIndex,
  place: Place,
): { readonly node: YamlNode | undefined; readonly span: Span; readonly isWhole: boolean } {
  const number = place.document ?? 0;
  const document = index.tree()?.documents[number];
  if (document === undefined) return { node: undefined, span: [0, 0], isWhole: false };
  let node: YamlNode = resolve(index, number, document.root);
  let span: Span = spanOfNode(undefined, document.root);
  const parts = pointerParts(place.pointer ?? '');
  for (const [i, part] of parts.entries()) {
    const child = index.child(node, part) ?? mergedChild(index, number, node, part);
    if (child === undefined) return { node, span, isWhole: false };
    const wantsKey = i === parts.length - 1 && place.part === 'key';
    span = wantsKey && child.key ? [child.key.start, child.key.end] : spanOfNode(child.key, child.value);
    node = resolve(index, number, child.value);
  }
  return { node, span, isWhole: true };
}

/** What an alias stands for; itself where it is none. */
function resolve(index: TextIndex, document: number, node: YamlNode): YamlNode {
  let at = node;
  for (let hops = 0; at.kind === 'alias' && hops < 10; hops += 1) {
    const target = index.anchor(document, at.source);
    if (target === undefined) break;
    at = target;
  }
  return at;
}

/** A child that a merge key brings in. */
function mergedChild(index: TextIndex, document: number, node: YamlNode, part: string): ReturnType<TextIndex['child']> {
  const merge = index.child(node, '<<');
  if (merge === undefined || node.kind !== 'map') return undefined;
  const sources = merge.value.kind === 'seq' ? merge.value.items : [merge.value];
  for (const source of sources) {
    const found = index.child(resolve(index, document, source), part);
    if (found) return found;
  }
  return undefined;
}

/** A collection in block style spans many lines: its key is what a reader looks for, or its first line. */
function spanOfNode(key: YamlNode | undefined, value: YamlNode): Span {
  const isBlock = (value.kind === 'map' || value.kind === 'seq') && !value.flow;
  if (key && (value.kind === 'empty' || isBlock)) return [key.start, key.end];
  if (!isBlock) return [value.start, value.end];
  const first = value.kind === 'map' ? value.entries[0] : undefined;
  const inner = first ? (first.value.kind === 'scalar' || first.value.flow ? first.value : first.key) : undefined;
  return [value.start, inner ? inner.end : value.start + 1];
}
