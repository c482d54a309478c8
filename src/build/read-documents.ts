import jsYaml from 'js-yaml';
import { type Node, type NodeMap, OddScalar } from './node.js';
import { resolvePlain } from './scalar.js';

/** What one file may cost to read. The defaults stand far above real repositories and far below harm. */
export interface ReadLimits {
  /** Characters of one file that is read as YAML. */
  readonly maxLength: number;
  /** Nodes of one file after aliases are expanded. */
  readonly maxNodes: number;
  /** Nesting of collections. */
  readonly maxDepth: number;
}

export const defaultLimits: ReadLimits = { maxLength: 8 * 1024 * 1024, maxNodes: 1_000_000, maxDepth: 200 };

export interface ReadError {
  readonly message: string;
  readonly offset: number;
}

export interface ReadResult {
  /** The documents in order, empty ones as null. */
  readonly documents: readonly Node[];
  readonly error?: ReadError;
}

// The published types leave this export out.
const { map, merge, seq } = (jsYaml as unknown as { types: Record<'map' | 'merge' | 'seq', jsYaml.Type> }).types;
const plain = new jsYaml.Type('tag:yaml.org,2002:plain', {
  kind: 'scalar',
  resolve: (text: unknown) => typeof text === 'string' && (text === '' || resolvePlain(text) !== undefined),
  construct: (text: string) => resolvePlain(text),
});
const tagged = (name: string, construct: (text: string) => unknown) =>
  new jsYaml.Type(`tag:yaml.org,2002:${name}`, {
    kind: 'scalar',
    resolve: (text: unknown) => typeof text === 'string',
    construct,
  });
const resolved = (text: string) => resolvePlain(text) ?? text;

// The schema of go-yaml v3: one implicit type, and the tags that it knows.
const schema = new jsYaml.Schema({
  implicit: [plain, merge],
  explicit: [
    map,
    seq,
    tagged('str', (text) => text),
    tagged('int', resolved),
    tagged('float', resolved),
    tagged('bool', resolved),
    tagged('null', () => null),
    tagged('timestamp', resolved),
    tagged('binary', (text) => text),
  ],
});

/** Reads all documents of a text as Kustomize's parser would; a syntax error or an exceeded limit gives no documents. */
export function readDocuments(text: string, limits: ReadLimits = defaultLimits): ReadResult {
  if (text.length > limits.maxLength) {
    return failure(`the file has ${text.length} characters, more than the ${limits.maxLength} that are read`, 0);
  }
  const deep = nestingOf(text, limits.maxDepth);
  if (deep !== undefined) return failure(`nested more than ${limits.maxDepth} levels deep`, deep);
  const documents: Node[] = [];
  try {
    jsYaml.loadAll(text, (value) => documents.push((value ?? null) as Node), { schema });
  } catch (error) {
    if (error instanceof jsYaml.YAMLException) return failure(error.reason, error.mark?.position ?? 0);
    if (error instanceof RangeError) return failure('nested too deeply', 0);
    throw error;
  }
  const budget = { left: limits.maxNodes };
  const shared = text.includes('&');
  for (const [i, document] of documents.entries()) {
    const problem = inspect(document, budget, 0, limits);
    if (problem !== undefined) return failure(problem, 0);
    if (shared) documents[i] = expand(document);
  }
  return { documents };
}

function failure(message: string, offset: number): ReadResult {
  return { documents: [], error: { message, offset } };
}

/** The offset at which flow collections or indentation nest too deeply, before any parser recurses. */
function nestingOf(text: string, maxDepth: number): number | undefined {
  let depth = 0;
  let dashes = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > maxDepth * 8) return i;
    } else if (code === 0x5d || code === 0x7d) depth = Math.max(0, depth - 1);
    else if (code === 0x2d && text.charCodeAt(i + 1) === 0x20) {
      dashes += 1;
      if (dashes > maxDepth * 8) return i;
    } else if (code === 0x0a) {
      dashes = 0;
    }
  }
  return undefined;
}

function inspect(node: Node, budget: { left: number }, depth: number, limits: ReadLimits): string | undefined {
  budget.left -= 1;
  if (budget.left < 0) return `more than ${limits.maxNodes} values (aliases expanded)`;
  if (typeof node !== 'object' || node === null || node instanceof OddScalar) return undefined;
  if (depth > limits.maxDepth) return `nested more than ${limits.maxDepth} levels deep`;
  if (Array.isArray(node)) {
    for (const item of node) {
      const problem = inspect(item, budget, depth + 1, limits);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  for (const key of Object.keys(node)) {
    if (key === '__proto__') return 'a key must not be called __proto__';
    const problem = inspect(node[key] as Node, budget, depth + 1, limits);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** A tree in place of the graph that aliases make. */
function expand(node: Node): Node {
  if (typeof node !== 'object' || node === null || node instanceof OddScalar) return node;
  if (Array.isArray(node)) return node.map(expand);
  const copy: NodeMap = {};
  for (const key of Object.keys(node)) copy[key] = expand(node[key] as Node);
  return copy;
}
