import { CST, Lexer, Parser } from 'yaml';
import { resolvePlain } from './scalar.js';

/** A node of the syntax tree, with its place in the text. Children are made on demand. */
export interface YamlNode {
  readonly kind: 'map' | 'seq' | 'scalar' | 'alias' | 'empty';
  /** Offset of the first character of the node itself, behind anchor and tag. */
  readonly start: number;
  /** Offset behind the last character; for collections, of their last child or closing bracket. */
  readonly end: number;
  /** Written with brackets. */
  readonly flow: boolean;
  readonly anchor?: string;
  readonly tag?: { readonly source: string; readonly offset: number };
  readonly entries: readonly YamlEntry[];
  readonly items: readonly YamlNode[];
  /** Text of a scalar as it was written, quotes included; the name behind an alias. */
  readonly source: string;
  readonly quoted: boolean;
  readonly token: CST.Token | undefined;
}

export interface YamlEntry {
  readonly key: YamlNode;
  readonly value: YamlNode;
  /** Written with `?`. */
  readonly explicit: boolean;
}

export interface YamlTreeDocument {
  readonly root: YamlNode;
  /** Offset of the document's first token, `---` included. */
  readonly start: number;
  /** Whether a `---` starts it. */
  readonly marked: boolean;
  /** Text of `...` behind it. */
  readonly endMark: number | undefined;
}

export interface YamlTree {
  readonly documents: readonly YamlTreeDocument[];
  readonly directives: readonly { readonly offset: number; readonly source: string }[];
  /** What the parser could not place. */
  readonly errors: readonly { readonly offset: number; readonly message: string }[];
}

/** The syntax tree of a text, or undefined where it has more nodes than `maxNodes`. Never throws, not recursive. */
export function parseTree(text: string, maxNodes: number): YamlTree | undefined {
  const lexer = new Lexer();
  const parser = new Parser();
  const documents: YamlTreeDocument[] = [];
  const directives: { offset: number; source: string }[] = [];
  const errors: { offset: number; message: string }[] = [];
  const take = (token: CST.Token): void => {
    if (token.type === 'document') documents.push(documentOf(token));
    else if (token.type === 'directive') directives.push({ offset: token.offset, source: token.source });
    else if (token.type === 'error') errors.push({ offset: token.offset, message: token.message });
    else if (token.type === 'doc-end') {
      const last = documents.at(-1);
      if (last) documents[documents.length - 1] = { ...last, endMark: token.offset };
    }
  };
  let nodes = 0;
  let inScalar = false;
  for (const lexeme of lexer.lex(text)) {
    if (inScalar) inScalar = false;
    else if (startsNode.has(lexeme[0]!)) {
      nodes += 1;
      inScalar = lexeme === CST.SCALAR;
      if (nodes > maxNodes) return undefined;
    }
    for (const token of parser.next(lexeme)) take(token);
  }
  for (const token of parser.end()) take(token);
  return { documents, directives, errors };
}

/** First characters of the lexemes that make a node: scalars, aliases, brackets, list items, explicit keys. */
const startsNode: ReadonlySet<string> = new Set([CST.SCALAR, '"', "'", '|', '>', '*', '[', '{', '-', '?']);

function documentOf(token: CST.Document): YamlTreeDocument {
  const start = token.start[0]?.offset ?? token.offset;
  return {
    root: nodeOf(token.value, token.start, token.value?.offset ?? token.offset),
    start,
    marked: token.start.some(({ type }) => type === 'doc-start'),
    endMark: undefined,
  };
}

class TreeNode implements YamlNode {
  readonly kind: YamlNode['kind'];
  readonly token: CST.Token | undefined;
  declare readonly anchor?: string;
  declare readonly tag?: { readonly source: string; readonly offset: number };
  readonly #at: number;
  #entries: readonly YamlEntry[] | undefined;
  #items: readonly YamlNode[] | undefined;

  constructor(token: CST.Token | undefined, props: readonly CST.SourceToken[], at: number) {
    this.token = token;
    this.#at = at;
    for (const prop of props) {
      if (prop.type === 'anchor') this.anchor = prop.source.slice(1);
      if (prop.type === 'tag') this.tag = { source: prop.source, offset: prop.offset };
    }
    this.kind = kindOf(token);
  }

  get start(): number {
    return this.token?.type === 'block-scalar'
      ? (this.token.props.find(({ type }) => type === 'block-scalar-header')?.offset ?? this.token.offset)
      : (this.token?.offset ?? this.#at);
  }

  get end(): number {
    let node: YamlNode = this;
    // Not recursive: the last child of the last child may lie deep.
    for (;;) {
      const own = ownEnd(node);
      if (own !== undefined) return own;
      const entry = node.entries.at(-1);
      const last =
        node.kind === 'map' ? entry && (entry.value.kind === 'empty' ? entry.key : entry.value) : node.items.at(-1);
      if (last === undefined) return node.start;
      node = last;
    }
  }

  get flow(): boolean {
    return this.token?.type === 'flow-collection';
  }

  get source(): string {
    return this.token && 'source' in this.token
      ? this.token.type === 'alias'
        ? this.token.source.slice(1)
        : this.token.source
      : '';
  }

  get quoted(): boolean {
    return this.token?.type !== 'scalar' && this.kind === 'scalar';
  }

  get entries(): readonly YamlEntry[] {
    this.#entries ??= this.kind === 'map' ? entriesOf(this.token as CST.BlockMap | CST.FlowCollection) : [];
    return this.#entries;
  }

  get items(): readonly YamlNode[] {
    this.#items ??= this.kind === 'seq' ? itemsOf(this.token as CST.BlockSequence | CST.FlowCollection) : [];
    return this.#items;
  }
}

/** Where a node ends by its own token; undefined for collections that end with their last child. */
function ownEnd(node: YamlNode): number | undefined {
  const { token } = node;
  if (token === undefined) return node.start;
  if (token.type === 'flow-collection') {
    const close = token.end.find(({ type }) => type === 'flow-map-end' || type === 'flow-seq-end');
    return close && close.offset + 1;
  }
  if (token.type === 'block-scalar') {
    // The token starts at its header, and its source behind it.
    const head = token.props.reduce((sum, prop) => sum + ('source' in prop ? prop.source.length : 0), 0);
    return token.offset + head + token.source.trimEnd().length;
  }
  return 'source' in token ? token.offset + token.source.length : undefined;
}

function nodeOf(token: CST.Token | null | undefined, props: readonly CST.SourceToken[], at: number): YamlNode {
  return new TreeNode(token ?? undefined, props, at);
}

function kindOf(token: CST.Token | undefined): YamlNode['kind'] {
  switch (token?.type) {
    case 'block-map':
      return 'map';
    case 'block-seq':
      return 'seq';
    case 'flow-collection':
      return token.start.type === 'flow-map-start' ? 'map' : 'seq';
    case 'alias':
      return 'alias';
    case 'scalar':
    case 'single-quoted-scalar':
    case 'double-quoted-scalar':
    case 'block-scalar':
      return 'scalar';
    default:
      return 'empty';
  }
}

function entriesOf(token: CST.BlockMap | CST.FlowCollection): YamlEntry[] {
  const entries: YamlEntry[] = [];
  for (const item of token.items as CST.CollectionItem[]) {
    const entry = entryOf(item);
    if (entry) entries.push(entry);
  }
  return entries;
}

function entryOf(item: CST.CollectionItem): YamlEntry | undefined {
  const { start, key, sep, value } = item;
  const explicit = start.length > 0 && start.some(({ type }) => type === 'explicit-key-ind');
  if (key === undefined && sep === undefined && value === undefined && !explicit && !hasProps(start)) return undefined;
  const keyAt = key?.offset ?? endOf(start) ?? sep?.[0]?.offset ?? 0;
  const colon = sep?.find(({ type }) => type === 'map-value-ind');
  const valueAt = colon ? colon.offset + 1 : keyAt;
  return {
    key: nodeOf(key, start, keyAt),
    value: nodeOf(value, sep ?? [], valueAt),
    explicit,
  };
}

function itemsOf(token: CST.BlockSequence | CST.FlowCollection): YamlNode[] {
  const items: YamlNode[] = [];
  for (const item of token.items as CST.CollectionItem[]) {
    const { start, key, sep, value } = item;
    if (token.type === 'flow-collection') {
      const isPair =
        start.some(({ type }) => type === 'explicit-key-ind') || sep?.some(({ type }) => type === 'map-value-ind');
      if (isPair) {
        const offset = key?.offset ?? start[0]?.offset ?? sep?.[0]?.offset ?? 0;
        // `[a: b]` is a list of one mapping with one entry.
        items.push(nodeOf({ type: 'block-map', offset, indent: 0, items: [item] } as CST.BlockMap, [], offset));
      } else if (key ?? value) items.push(nodeOf(key ?? value, start, (key ?? value)!.offset));
      else if (hasProps(start)) items.push(nodeOf(undefined, start, endOf(start)!));
      continue;
    }
    if (value === undefined && !start.some(({ type }) => type === 'seq-item-ind')) continue;
    items.push(nodeOf(value, start, value?.offset ?? endOf(start) ?? token.offset));
  }
  return items;
}

function hasProps(tokens: readonly CST.SourceToken[]): boolean {
  return tokens.some(({ type }) => type === 'anchor' || type === 'tag');
}

function endOf(tokens: readonly CST.SourceToken[]): number | undefined {
  const last = tokens.findLast(({ type }) => type !== 'space' && type !== 'newline' && type !== 'comment');
  return last && last.offset + last.source.length;
}

/** The entries of a mapping, made anew: for a walk over a whole tree, which keeps none of them. */
export function freshEntries(node: YamlNode): readonly YamlEntry[] {
  return node.kind === 'map' ? entriesOf(node.token as CST.BlockMap | CST.FlowCollection) : [];
}

/** The items of a list, made anew. */
export function freshItems(node: YamlNode): readonly YamlNode[] {
  return node.kind === 'seq' ? itemsOf(node.token as CST.BlockSequence | CST.FlowCollection) : [];
}

/** The value of a scalar node: text where it is quoted, resolved by the core schema where it is not. */
export function scalarValue(node: YamlNode): null | boolean | number | string {
  if (node.kind === 'empty') return null;
  const { token } = node;
  if (token?.type === 'scalar' && !token.source.includes('\n')) return resolvePlain(token.source);
  // A faulty scalar has a value too; whoever needs certainty compares it with that of the bulk parser.
  const text = CST.resolveAsScalar(token, true, () => undefined)?.value ?? '';
  return token?.type === 'scalar' ? resolvePlain(text) : text;
}

/** A key as bulk reading gives it: always text. */
export function keyText(node: YamlNode): string {
  if (node.kind === 'map') return '[object Object]';
  return String(scalarValue(node));
}

/** The node at the parts of a JSON pointer, aliases not followed; undefined where nothing stands there. */
export function nodeAt(root: YamlNode, parts: readonly string[]): YamlNode | undefined {
  let node: YamlNode | undefined = root;
  for (const part of parts) {
    if (node?.kind === 'seq') node = node.items[Number(part)];
    else if (node?.kind === 'map') node = node.entries.find(({ key }) => keyText(key) === part)?.value;
    else return undefined;
  }
  return node;
}
