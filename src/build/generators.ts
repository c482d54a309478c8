import type { FileContent } from '../files/file-map.js';
import { type Source, step } from './edits.js';
import { type Behavior, Entry } from './entry.js';
import { fail } from './failure.js';
import { compareBytes } from './go-json.js';
import { listItems, member, stringsOf } from './kustomization.js';
import { field, isMap, isNull, type Node, type NodeMap, textOf } from './node.js';

/** Reads a file next to the kustomization; fails as the build does where it may not or cannot. */
export type Load = (path: string, pointer: string) => { readonly file: string; readonly content: FileContent };

interface Pair {
  readonly key: string;
  /** Text, or bytes that are not valid UTF-8. */
  readonly value: FileContent;
  readonly pointer: string;
  readonly file?: string;
  /** Its line in the file, where the file has several pairs. */
  readonly line?: { readonly offset: number; readonly length: number };
}

export interface GeneratorContext {
  readonly source: Source;
  /** Pointer of the generator in its kustomization. */
  readonly pointer: string;
  readonly load: Load;
  readonly options: Node | undefined;
}

/** A ConfigMap or Secret from its generator. */
export function generate(kind: 'ConfigMap' | 'Secret', args: NodeMap, context: GeneratorContext): Entry {
  const name = textOf(member(args, 'name'));
  const at = { file: context.source.file, document: context.source.document, pointer: context.pointer };
  if (name === '') fail('kustomize-generator', `A generator of a ${kind} needs a name.`, at);
  const pairs = readPairs(args, context);
  checkKeys(pairs, context);
  const metadata: NodeMap = { name };
  const namespace = textOf(member(args, 'namespace'));
  if (namespace !== '') metadata['namespace'] = namespace;
  const root: NodeMap = { apiVersion: 'v1', kind, metadata };
  if (kind === 'Secret') root['type'] = textOf(member(args, 'type')) || 'Opaque';
  const entry = new Entry(root, { ...context.source, pointer: context.pointer }, true);
  fill(kind, root, pairs, entry, context);
  applyOptions(entry, root, metadata, member(args, 'options'), context.options);
  entry.behavior = asBehavior(textOf(member(args, 'behavior')));
  return entry;
}

function fill(kind: string, root: NodeMap, pairs: readonly Pair[], entry: Entry, context: GeneratorContext): void {
  if (kind === 'Secret') root['data'] = {};
  for (const pair of [...pairs].sort((a, b) => compareBytes(a.key, b.key))) {
    const text = typeof pair.value === 'string' ? pair.value : undefined;
    const isData = kind === 'Secret' || text !== undefined;
    const holder = isData ? 'data' : 'binaryData';
    if (root[holder] === undefined) root[holder] = {};
    const map = root[holder] as NodeMap;
    map[pair.key] = kind === 'ConfigMap' && text !== undefined ? text : base64Lines(pair.value);
    entry.wrote(`/${holder}${step(pair.key)}`, sourceOf(pair, context));
  }
}

function sourceOf({ pointer, file, line }: Pair, { source }: GeneratorContext): Source {
  if (file === undefined) return { ...source, pointer };
  const whole = { via: source.via, file, document: 0, pointer: '' };
  return line === undefined ? whole : { ...whole, locate: () => ({ file, document: 0, ...line }) };
}

function applyOptions(
  entry: Entry,
  root: NodeMap,
  metadata: NodeMap,
  local: Node | undefined,
  global: Node | undefined,
): void {
  const own = isMap(local) ? local : {};
  const common = isMap(global) ? global : {};
  for (const key of ['labels', 'annotations'] as const) {
    const merged = { ...stringsOf(member(common, key)), ...stringsOf(member(own, key)) };
    if (Object.keys(merged).length > 0) metadata[key] = merged;
  }
  if (member(own, 'immutable') === true || member(common, 'immutable') === true) root['immutable'] = true;
  entry.needsHash = member(own, 'disableNameSuffixHash') !== true && member(common, 'disableNameSuffixHash') !== true;
}

export function asBehavior(text: string): Behavior {
  return text === 'create' || text === 'replace' || text === 'merge' ? text : 'unspecified';
}

function readPairs(args: NodeMap, context: GeneratorContext): Pair[] {
  const pairs: Pair[] = [];
  for (const item of listItems(member(args, 'envs'), `${context.pointer}/envs`)) {
    pairs.push(...readEnv(textOf(item.value), item.pointer, context));
  }
  const env = textOf(member(args, 'env'));
  if (env !== '') pairs.push(...readEnv(env, `${context.pointer}/env`, context));
  for (const item of listItems(member(args, 'literals'), `${context.pointer}/literals`)) {
    pairs.push(readLiteral(textOf(item.value), item.pointer, context));
  }
  for (const item of listItems(member(args, 'files'), `${context.pointer}/files`)) {
    pairs.push(readFile(textOf(item.value), item.pointer, context));
  }
  return pairs;
}

function wrong(context: GeneratorContext, pointer: string, message: string): never {
  fail('kustomize-generator', message, { file: context.source.file, document: context.source.document, pointer });
}

function readLiteral(text: string, pointer: string, context: GeneratorContext): Pair {
  const equals = text.indexOf('=');
  if (equals <= 0) wrong(context, pointer, 'A literal has the form key=value.');
  const value = text.slice(equals + 1);
  const quote = value[0];
  const quoted = value.length >= 2 && (quote === '"' || quote === "'") && value.endsWith(quote);
  return { key: text.slice(0, equals), value: quoted ? value.slice(1, -1) : value, pointer };
}

function readFile(text: string, pointer: string, context: GeneratorContext): Pair {
  const parts = text.split('=');
  if (parts.length > 2) wrong(context, pointer, `The key or the path in "${text}" contains "=".`);
  const path = parts.length === 2 ? (parts[1] as string) : text;
  const key = parts.length === 2 ? (parts[0] as string) : text.slice(text.lastIndexOf('/') + 1);
  if (key === '' || path === '') wrong(context, pointer, `A file has the form path or key=path, not "${text}".`);
  const { file, content } = context.load(path, pointer);
  return { key, value: content, pointer, file };
}

const bom = '\ufeff';

function readEnv(path: string, pointer: string, context: GeneratorContext): Pair[] {
  const { file, content } = context.load(path, pointer);
  if (typeof content !== 'string') wrong(context, pointer, `${path} is not valid UTF-8.`);
  const pairs: Pair[] = [];
  let start = 0;
  for (const [i, raw] of content.split('\n').entries()) {
    const begins = start;
    start += raw.length + 1;
    const line = (i === 0 && raw.startsWith(bom) ? raw.slice(1) : raw).replace(/\r$/, '').replace(/^\s+/, '');
    if (line === '' || line.startsWith('#')) continue;
    const equals = line.indexOf('=');
    const key = equals < 0 ? line : line.slice(0, equals);
    if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(key)) {
      fail('kustomize-generator', `"${key}" is not a name of an environment variable.`, {
        file,
        document: 0,
        offset: begins,
        length: raw.length,
      });
    }
    const offset = begins + raw.indexOf(line);
    const value = equals < 0 ? '' : line.slice(equals + 1);
    pairs.push({ key, value, pointer, file, line: { offset, length: line.length } });
  }
  return pairs;
}

function checkKeys(pairs: readonly Pair[], context: GeneratorContext): void {
  const seen = new Set<string>();
  for (const { key, pointer } of pairs) {
    if (!/^[-._a-zA-Z0-9]+$/.test(key) || key.length > 253 || key === '.' || key.startsWith('..')) {
      wrong(context, pointer, `"${key}" is not a key of a ConfigMap or Secret (letters, digits, '-', '_' and '.').`);
    }
    if (seen.has(key)) wrong(context, pointer, `The key "${key}" is given twice.`);
    seen.add(key);
  }
}

const lineLength = 70;

/** Base 64 as Kustomize breaks it: one line up to 69 characters, else lines of 70, each with a line break. */
function base64Lines(value: FileContent): string {
  const encoded = (typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value)).toString('base64');
  if (encoded.length < lineLength) return encoded;
  let text = '';
  for (let i = 0; i < encoded.length; i += lineLength) text += `${encoded.slice(i, i + lineLength)}\n`;
  return text;
}

/** What a generator that merges or replaces takes over from the object that is there. */
export function absorb(old: Entry, fresh: Entry): Entry {
  const root = fresh.own();
  const metadata = root['metadata'] as NodeMap;
  for (const key of ['labels', 'annotations'] as const) {
    const merged = { ...asRecord(old.strings(key)), ...asRecord(fresh.strings(key)) };
    delete metadata[key];
    if (Object.keys(merged).length > 0) metadata[key] = merged;
  }
  metadata['name'] = old.name;
  delete metadata['namespace'];
  if (old.namespace !== '') metadata['namespace'] = old.namespace;
  if (fresh.behavior === 'merge') {
    for (const key of ['data', 'binaryData']) mergeData(root, old.root, key);
  }
  const merged = new Entry(root, fresh.behavior === 'replace' ? fresh.origin : old.origin, true);
  merged.generator = fresh.behavior === 'replace' ? fresh.generator : old.generator;
  merged.transformations = old.transformations;
  merged.previous = old.previous;
  merged.prefixes = old.prefixes;
  merged.suffixes = old.suffixes;
  merged.refVarNames = old.refVarNames;
  // Only what was generated at first gets a hash, and only as long as every generator wants one.
  merged.needsHash = old.needsHash && fresh.needsHash;
  merged.behavior = old.behavior;
  merged.edits = rebase(fresh, old);
  return merged;
}

function rebase(fresh: Entry, old: Entry): Entry['edits'] {
  const own: { pointer: string; source: Source; from: string | undefined }[] = [];
  for (let edit = fresh.edits; edit !== undefined; edit = edit.previous) {
    if (edit.kind === 'set') own.push({ pointer: edit.pointer, source: edit.source, from: edit.from });
  }
  let edits = old.edits;
  if (fresh.behavior === 'replace') edits = { kind: 'set', previous: edits, pointer: '/data', source: fresh.origin };
  for (const edit of own.reverse()) edits = { kind: 'set', previous: edits, ...edit };
  return edits;
}

function asRecord(map: ReadonlyMap<string, string>): NodeMap {
  const record: NodeMap = {};
  for (const [key, value] of map) record[key] = value;
  return record;
}

function mergeData(root: NodeMap, old: NodeMap, key: string): void {
  const before = field(old, key);
  const after = field(root, key);
  const merged: NodeMap = {};
  for (const map of [before, after]) {
    if (isMap(map)) for (const name of Object.keys(map)) if (!isNull(map[name])) merged[name] = textOf(map[name]);
  }
  delete root[key];
  if (Object.keys(merged).length > 0) root[key] = merged;
}
