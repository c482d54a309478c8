import jsYaml from 'js-yaml';
import type { Json } from '../diagnostics/diagnostic.js';
import type { YamlLimits } from './limits.js';

/** What stopped the bulk parser. */
export type LoadFailure =
  | { readonly kind: 'syntax'; readonly reason: string; readonly offset: number }
  | { readonly kind: 'limit'; readonly limit: 'nodes' | 'depth' | 'aliases' | 'expanded'; readonly offset: number }
  | { readonly kind: 'cycle' };

export interface Loaded {
  readonly values: readonly Json[];
  readonly failure?: LoadFailure;
}

/**
 * Reads a scalar that is in quotes or a block anew: `raw` is its text with its quotes or its header, `isLast` says that the text
 * ends with it. Undefined leaves the value as the parser has it.
 */
export type ScalarReader = (value: string, raw: string, isLast: boolean) => unknown;

export interface LoadOptions {
  readonly schema: jsYaml.Schema;
  /** Whether a later duplicate of a key wins in silence (somebody else reports it). */
  readonly allowDuplicates: boolean;
  readonly limits: YamlLimits;
  readonly readScalar?: ScalarReader | undefined;
}

class LimitReached extends Error {
  constructor(
    readonly limit: 'nodes' | 'depth' | 'aliases',
    readonly offset: number,
  ) {
    super(limit);
  }
}

interface ParserState {
  readonly input: string;
  readonly position: number;
  readonly kind: string | null;
  readonly anchor: string | null;
  readonly anchorMap: Record<string, unknown>;
  result: unknown;
}

/** What may stand between the place where the parser opens a node and its first character. */
const properties = /(?:[ \t\r\n]+|#[^\n]*|[&!][^ \t\r\n]*)*/y;

function readAgain(state: ParserState, opened: number, length: number, read: ScalarReader): void {
  if (state.kind !== 'scalar' || typeof state.result !== 'string') return;
  properties.lastIndex = opened;
  properties.test(state.input);
  const start = Math.max(opened, properties.lastIndex);
  const raw = state.input.slice(start, Math.min(state.position, length));
  const value = read(state.result, raw, state.position >= length);
  if (value === undefined) return;
  state.result = value;
  if (state.anchor !== null) state.anchorMap[state.anchor] = value;
}

/**
 * All documents of a text by the bulk parser. Nodes, depth and aliases are counted while it parses, so that no text makes
 * it overflow; what aliases expand to is counted afterwards, without expanding.
 */
export function loadAll(text: string, { schema, allowDuplicates, limits, readScalar }: LoadOptions): Loaded {
  const values: Json[] = [];
  let nodes = 0;
  let depth = 0;
  let aliases = 0;
  const opened: number[] = [];
  const shift = text.startsWith('\ufeff') ? 1 : 0;
  const listener = (event: 'open' | 'close', raw: unknown): void => {
    const state = raw as ParserState;
    if (event === 'open') {
      nodes += 1;
      depth += 1;
      if (readScalar !== undefined) opened.push(state.position);
      if (nodes > limits.nodes * 2) throw new LimitReached('nodes', state.position);
      // The parser opens a node once more than there are collections around it.
      if (depth > limits.depth + 1) throw new LimitReached('depth', state.position);
      return;
    }
    depth -= 1;
    if (readScalar !== undefined) readAgain(state, opened.pop() as number, text.length - shift, readScalar);
    if (state.kind === null && typeof state.result === 'object' && state.result !== null) {
      aliases += 1;
      if (aliases > limits.aliases) throw new LimitReached('aliases', state.position);
    }
  };
  try {
    jsYaml.loadAll(text, (value) => values.push((value ?? null) as Json), { schema, json: allowDuplicates, listener });
  } catch (error) {
    if (error instanceof LimitReached)
      return { values: [], failure: { kind: 'limit', limit: error.limit, offset: error.offset + shift } };
    if (!(error instanceof jsYaml.YAMLException)) throw error;
    return {
      values: [],
      failure: { kind: 'syntax', reason: error.reason, offset: (error.mark?.position ?? 0) + shift },
    };
  }
  const size = aliases === 0 ? 0 : expandedSize(values);
  if (size === undefined) return { values: [], failure: { kind: 'cycle' } };
  if (size > limits.expanded) return { values: [], failure: { kind: 'limit', limit: 'expanded', offset: 0 } };
  return { values };
}

/** Nodes of a value with every alias expanded; undefined where a value contains itself. */
function expandedSize(value: Json): number | undefined {
  const known = new Map<object, number | undefined>();
  const size = (node: Json): number | undefined => {
    if (typeof node !== 'object' || node === null) return 1;
    if (known.has(node)) return known.get(node);
    known.set(node, undefined);
    let total = 1;
    for (const child of Array.isArray(node) ? node : Object.values(node)) {
      const part = size(child as Json);
      if (part === undefined) return undefined;
      total += part;
    }
    known.set(node, total);
    return total;
  };
  return size(value);
}
