import jsYaml from 'js-yaml';
import { manifestLimits, type YamlLimits } from '../yaml/limits.js';
import { loadAll } from '../yaml/load.js';
import { type Placeholder, placeholderIn } from '../yaml/template.js';
import { type Node, type NodeMap, OddScalar } from './node.js';
import { resolvePlain } from './scalar.js';
import { scalarReaderFor } from './written-scalars.js';

export interface ReadError {
  readonly message: string;
  readonly offset: number;
  /** Set where it is a placeholder of a template that the text cannot be read for. */
  readonly placeholder?: Placeholder;
}

export interface ReadResult {
  /** The documents in order, empty ones as null. */
  readonly documents: readonly Node[];
  readonly error?: ReadError;
  /** Where a key of settings stands a second time, so that the first value is lost. */
  readonly repeated?: number;
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

const explicit = [
  map,
  seq,
  tagged('str', (text) => text),
  tagged('int', resolved),
  tagged('float', resolved),
  tagged('bool', resolved),
  tagged('null', () => null),
  tagged('timestamp', resolved),
  tagged('binary', (text) => text),
];

// The schema of go-yaml v3: one implicit type, and the tags that it knows.
const objectSchema = new jsYaml.Schema({ implicit: [plain, merge], explicit });

const booleans = new Map([
  ...'y Y yes Yes YES on On ON'.split(' ').map((word) => [word, true] as const),
  ...'n N no No NO off Off OFF'.split(' ').map((word) => [word, false] as const),
]);
const oldPlain = new jsYaml.Type('tag:yaml.org,2002:old-plain', {
  kind: 'scalar',
  resolve: (text: unknown) => typeof text === 'string' && text.length <= 3 && booleans.has(text),
  construct: (text: string) => booleans.get(text),
});

// Kustomizations, configurations and JSON patches are read by go-yaml v2, which has the booleans of YAML 1.1.
const settingsSchema = new jsYaml.Schema({ implicit: [oldPlain, plain, merge], explicit });

/** Which of Kustomize's two parsers reads a text: the one for objects, or the one for its own settings. */
export type Dialect = 'objects' | 'settings';

/** Reads all documents of a text as Kustomize's parser would; a syntax error or an exceeded limit gives no documents. */
export function readDocuments(
  text: string,
  dialect: Dialect = 'objects',
  limits: YamlLimits = manifestLimits,
): ReadResult {
  const schema = dialect === 'objects' ? objectSchema : settingsSchema;
  if (text.length > limits.bytes) return failure(`the file is larger than the ${limits.bytes} bytes that are read`, 0);
  const load = (allowDuplicates: boolean) =>
    loadAll(text, { schema, allowDuplicates, limits, readScalar: scalarReaderFor(text, dialect === 'objects') });
  const strict = load(false);
  const isRepeated =
    dialect === 'settings' && strict.failure?.kind === 'syntax' && /duplicated/.test(strict.failure.reason);
  const { values, failure: stopped } = isRepeated ? load(true) : strict;
  if (stopped !== undefined) {
    if (stopped.kind === 'syntax') return failure(stopped.reason, stopped.offset);
    if (stopped.kind === 'cycle') return failure('an alias stands inside what it stands for', 0);
    return failure(limitTexts[stopped.limit](limits), stopped.offset);
  }
  const documents = values as unknown as Node[];
  if (text.includes('__proto__') && documents.some(hasPrototypeKey))
    return failure('a key must not be called __proto__', 0);
  const placeholder = placeholderIn(text, documents, limits.nodes);
  if (placeholder !== undefined)
    return { documents: [], error: { message: mapAsKey, offset: placeholder.offset, placeholder } };
  // Aliases give one object in several places; a tree has it once in each.
  const trees = text.includes('*') && text.includes('&') ? documents.map(expand) : documents;
  return strict.failure?.kind === 'syntax'
    ? { documents: trees, repeated: strict.failure.offset }
    : { documents: trees };
}

const mapAsKey = 'a placeholder of a template without quotes is a map whose key is a map';

const limitTexts = {
  nodes: (limits: YamlLimits) => `the file holds more than ${limits.nodes} values`,
  depth: (limits: YamlLimits) => `the file is nested more than ${limits.depth} levels deep`,
  aliases: (limits: YamlLimits) => `the file uses more than ${limits.aliases} aliases`,
  expanded: (limits: YamlLimits) => `the aliases of the file stand for more than ${limits.expanded} values`,
} as const;

function failure(message: string, offset: number): ReadResult {
  return { documents: [], error: { message, offset } };
}

function hasPrototypeKey(node: Node): boolean {
  if (typeof node !== 'object' || node === null || node instanceof OddScalar) return false;
  if (Array.isArray(node)) return node.some(hasPrototypeKey);
  return Object.keys(node).some((key) => key === '__proto__' || hasPrototypeKey(node[key] as Node));
}

/** A tree in place of the graph that aliases make. */
function expand(node: Node): Node {
  if (typeof node !== 'object' || node === null || node instanceof OddScalar) return node;
  if (Array.isArray(node)) return node.map(expand);
  const copy: NodeMap = {};
  for (const key of Object.keys(node)) copy[key] = expand(node[key] as Node);
  return copy;
}
