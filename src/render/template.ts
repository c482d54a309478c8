import {
  type Document,
  isCollection,
  isMap,
  isPair,
  isScalar,
  type Node,
  type Pair,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { JsonObject, OnProblem } from '../diagnostics/diagnostic.js';
import { evaluate, hasExpression, lookup, maxOutput, parseTemplate, TemplateError } from './expression.js';

const parseOptions = { version: '1.2', compat: 'yaml-1.1', prettyErrors: false } as const;
const style = { lineWidth: 0, indentSeq: true } as const;

/** Marks a node whose value is absent: its key, or its item, is left out. */
const dropped = Symbol('dropped');

/**
 * Renders a manifest structure first: the template is YAML and is parsed before anything is filled in, so no value can
 * change the number, kind or shape of its documents.
 *
 * - An expression may stand in scalars and in comments, never in keys.
 * - A scalar that is one single expression takes the value with its type: number, list, map.
 * - A scalar with an absent value goes, with its key or as an item; collections emptied that way go too.
 * - Comments stay; one with an absent value goes.
 *
 * @returns the text, or undefined where a problem was reported or nothing is left.
 */
export function renderTemplate(
  file: string,
  text: string,
  values: JsonObject,
  onProblem: OnProblem,
): string | undefined {
  const manifest = parseManifest(file, text, onProblem);
  if (manifest === undefined) return undefined;
  let failed = false;
  const fail = (message: string, node: { range?: readonly number[] | null } | null, hint?: string) => {
    failed = true;
    const [offset = 0, end = offset + 1] = node?.range ?? [];
    onProblem({
      ruleId: 'blueprint-expression',
      severity: 'error',
      message,
      at: { file, offset, length: Math.max(end - offset, 1) },
      ...(hint === undefined ? {} : { hint }),
    });
  };
  fillComments(manifest, values, fail);
  const root = manifest.contents === null ? dropped : fill(manifest.contents, manifest, values, fail);
  if (failed || root === dropped) return undefined;
  manifest.contents = root as typeof manifest.contents;
  const out = manifest.toString(style);
  if (out.length <= maxOutput) return out;
  fail(`the manifest renders to ${out.length} characters, the limit is ${maxOutput}`, null);
  return undefined;
}

/** Every path that a manifest template reads, in order and without repetition: for the check against the values schema. */
export function templatePaths(text: string): string[] {
  const paths = new Set<string>();
  const read = (source: string | null | undefined) => {
    if (!source || !hasExpression(source)) return;
    for (const path of parseTemplate(source, false).paths) paths.add(path);
  };
  const readComments = (node: unknown): void => {
    const commented = node as { commentBefore?: string | null; comment?: string | null } | null;
    read(commented?.commentBefore);
    read(commented?.comment);
  };
  const walk = (node: unknown): void => {
    if (isScalar(node) && typeof node.value === 'string') read(node.value);
    if (isPair(node)) {
      readComments(node.key);
      walk(node.value);
    }
    if (isCollection(node)) for (const item of node.items) walk(item);
    readComments(node);
  };
  for (const document of parseAllDocuments(text, parseOptions) as Document[]) {
    read(document.commentBefore);
    walk(document.contents);
  }
  return [...paths];
}

function parseManifest(file: string, text: string, onProblem: OnProblem): Document | undefined {
  const documents = parseAllDocuments(text, parseOptions) as Document[];
  const [manifest] = documents;
  const error = documents.flatMap((document) => [
    ...document.errors,
    // "may be parsed as either" is the writer's business: it quotes such words.
    ...document.warnings.filter((warning) => !warning.message.startsWith('Value may be parsed as either')),
  ])[0];
  if (manifest !== undefined && documents.length === 1 && error === undefined) return manifest;
  const [offset, end] = error?.pos ?? [0, 1];
  onProblem({
    ruleId: 'blueprint-syntax',
    severity: 'error',
    message: error ? `the template is not valid YAML: ${error.message}` : 'a template must hold exactly one document',
    at: { file, offset, length: Math.max(end - offset, 1) },
    hint: 'a manifest template is YAML before anything is filled in: quote a scalar that starts with {{',
  });
  return undefined;
}

type Fail = (message: string, node: { range?: readonly number[] | null } | null, hint?: string) => void;

function fill(node: Node, document: Document, values: JsonObject, fail: Fail): Node | typeof dropped {
  if (isMap(node)) return fillMap(node, document, values, fail);
  if (isCollection(node)) return fillList(node as YAMLSeq, document, values, fail);
  if (isScalar(node) && typeof node.value === 'string' && hasExpression(node.value))
    return fillScalar(node, document, values, fail);
  return node;
}

function fillMap(map: YAMLMap, document: Document, values: JsonObject, fail: Fail): Node | typeof dropped {
  const before = map.items.length;
  hoistComment(map, map.items[0]?.key);
  const kept: Pair[] = [];
  for (const pair of map.items) {
    const key = pair.key as Node;
    fillComments(key, values, fail);
    if (!isScalar(key) || hasExpression(String(key.value))) {
      fail('an expression cannot be a key: keys are structure', key, 'place the whole map with one expression');
      continue;
    }
    if (pair.value === null) {
      kept.push(pair);
      continue;
    }
    fillComments(pair.value as Node, values, fail);
    const value = fill(pair.value as Node, document, values, fail);
    if (value === dropped) continue;
    pair.value = value;
    kept.push(pair);
  }
  map.items = kept;
  return before > 0 && kept.length === 0 ? dropped : map;
}

function fillList(list: YAMLSeq, document: Document, values: JsonObject, fail: Fail): Node | typeof dropped {
  const before = list.items.length;
  hoistComment(list, list.items[0]);
  const kept: unknown[] = [];
  for (const item of list.items as Node[]) {
    fillComments(item, values, fail);
    const value = fill(item, document, values, fail);
    if (value !== dropped) kept.push(value);
  }
  list.items = kept;
  return before > 0 && kept.length === 0 ? dropped : list;
}

/** The parser hands the comment above a first entry to the collection; it belongs to the entry and goes with it. */
function hoistComment(collection: YAMLMap | YAMLSeq, first: unknown): void {
  const node = first as { commentBefore?: string | null } | null | undefined;
  if (!collection.commentBefore || !node || typeof node !== 'object') return;
  node.commentBefore = node.commentBefore
    ? `${collection.commentBefore}\n${node.commentBefore}`
    : collection.commentBefore;
  collection.commentBefore = null;
}

function fillScalar(node: Scalar, document: Document, values: JsonObject, fail: Fail): Node | typeof dropped {
  try {
    const template = parseTemplate(node.value as string, false);
    const value = template.single === undefined ? evaluate(template, values, false) : lookup(values, template.single);
    if (value === undefined) return dropped;
    const filled = document.createNode(value, { aliasDuplicateObjects: false }) as Scalar;
    filled.commentBefore = node.commentBefore ?? null;
    filled.comment = node.comment ?? null;
    if (node.spaceBefore) filled.spaceBefore = true;
    // A block scalar stays one; everything else is written in the plainest form that is safe.
    if (typeof value === 'string' && node.type?.startsWith('BLOCK') && value.includes('\n')) filled.type = node.type;
    return filled;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    fail(error.message, node, error.hint);
    return node;
  }
}

function fillComments(node: Node | Document, values: JsonObject, fail: Fail): void {
  for (const place of ['commentBefore', 'comment'] as const) {
    const comment = node[place];
    if (!comment || !hasExpression(comment)) continue;
    try {
      const lines = comment.split('\n').map((line) => evaluate(parseTemplate(line, false), values, false));
      node[place] =
        lines
          .filter((line) => line !== undefined)
          .map(oneLine)
          .join('\n') || null;
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      fail(error.message, node as Node, error.hint);
    }
  }
}

/** A value that stands in a comment cannot end the comment. */
function oneLine(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
}
