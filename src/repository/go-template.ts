import { isObject } from '../capacity/read.js';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { callFunction, goText, isTrue, lazyFunctions, type Value } from './go-functions.js';
import { MissingParameter, Undecidable } from './undecidable.js';

/** A place that holds a value while a template runs. */
interface Scope {
  readonly dot: Value;
  readonly variables: Map<string, Value>[];
  /** `missingkey=error`: a key that is not there is an error, wherever it is asked for. */
  readonly strict: boolean;
}

type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly pipeline: Pipeline }
  | { readonly kind: 'set'; readonly name: string; readonly declares: boolean; readonly pipeline: Pipeline }
  | {
      readonly kind: 'if' | 'with' | 'range';
      readonly names: readonly string[];
      readonly pipeline: Pipeline;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    };

interface Pipeline {
  readonly commands: readonly (readonly Operand[])[];
  readonly text: string;
}

type Operand =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'function'; readonly name: string }
  | {
      readonly kind: 'path';
      readonly from: '.' | '$' | Pipeline | { readonly variable: string };
      readonly keys: readonly string[];
    };

/**
 * Fills a text as Go's text/template does, with the functions of `go-functions.ts`. Throws Undecidable for what is not known here (named
 * templates, other functions), and MissingParameter for a key that is not there and whose text is asked for.
 */
export function renderGoText(text: string, params: JsonObject, strict: boolean): string {
  if (!text.includes('{{')) return text;
  const nodes = new Parser(text).parse();
  return run(nodes, { dot: params, variables: [new Map([['$', params as Value]])], strict });
}

function run(nodes: readonly Node[], scope: Scope): string {
  return nodes.map((node) => runOne(node, scope)).join('');
}

function runOne(node: Node, scope: Scope): string {
  if (node.kind === 'text') return node.text;
  if (node.kind === 'print') {
    const value = evaluate(node.pipeline, scope);
    if (value === undefined) throw new MissingParameter(node.pipeline.text);
    return goText(value);
  }
  if (node.kind === 'set') {
    assign(node.name, evaluate(node.pipeline, scope), node.declares, scope);
    return '';
  }
  const inner: Scope = { ...scope, variables: [...scope.variables, new Map()] };
  const value = evaluate(node.pipeline, inner);
  if (node.kind === 'range') return runRange(node, value, inner);
  const [name] = node.names;
  if (name !== undefined) assign(name, value, true, inner);
  if (!isTrue(value)) return run(node.otherwise, inner);
  return run(node.body, node.kind === 'with' ? { ...inner, dot: value } : inner);
}

function runRange(node: Node & { readonly kind: 'if' | 'with' | 'range' }, value: Value, scope: Scope): string {
  const entries: [Value, Value][] = Array.isArray(value)
    ? (value as readonly Json[]).map((each, index): [Value, Value] => [index, each])
    : isObject(value)
      ? Object.keys(value)
          .sort()
          .map((key): [Value, Value] => [key, value[key] as Value])
      : [];
  if (entries.length === 0) return run(node.otherwise, scope);
  return entries
    .map(([key, each]) => {
      const inner: Scope = { ...scope, dot: each, variables: [...scope.variables, new Map()] };
      const [first, second] = node.names;
      if (first !== undefined) assign(first, second === undefined ? each : key, true, inner);
      if (second !== undefined) assign(second, each, true, inner);
      return run(node.body, inner);
    })
    .join('');
}

function assign(name: string, value: Value, declares: boolean, { variables }: Scope): void {
  const known = declares ? undefined : [...variables].reverse().find((each) => each.has(name));
  (known ?? (variables.at(-1) as Map<string, Value>)).set(name, value);
}

function evaluate({ commands }: Pipeline, scope: Scope): Value {
  let value: Value;
  for (const [index, command] of commands.entries()) {
    const [head, ...rest] = command;
    if (head === undefined) throw new Undecidable('an empty command in a template');
    if (head.kind !== 'function') {
      if (rest.length > 0 || index > 0) throw new Undecidable('a value in the place of a function');
      value = operand(head, scope);
      continue;
    }
    const lazy = rest.map((each) => () => operand(each, scope));
    const piped = value;
    if (index > 0) lazy.push(() => piped);
    const shortcut = Object.hasOwn(lazyFunctions, head.name) ? lazyFunctions[head.name] : undefined;
    value =
      shortcut === undefined
        ? callFunction(
            head.name,
            lazy.map((each) => each()),
          )
        : shortcut(lazy);
  }
  return value;
}

function operand(each: Operand, scope: Scope): Value {
  if (each.kind === 'value') return each.value;
  if (each.kind === 'function') return callFunction(each.name, []);
  const { from, keys } = each;
  let value: Value;
  if (from === '.') value = scope.dot;
  else if (from === '$') value = scope.variables[0]?.get('$');
  else if ('variable' in from)
    value = [...scope.variables]
      .reverse()
      .find((map) => map.has(from.variable))
      ?.get(from.variable);
  else value = evaluate(from, scope);
  for (const [index, key] of keys.entries()) value = field(value, key, `.${keys.slice(0, index + 1).join('.')}`, scope);
  return value;
}

/** A key of a mapping (evalField of text/template): below what is not there is nothing, below null or a scalar it is an error. */
function field(value: Value, key: string, path: string, { strict }: Scope): Value {
  if (value === undefined && !strict) return undefined;
  if (!isObject(value)) throw new MissingParameter(path);
  if (Object.hasOwn(value, key)) return value[key] as Value;
  if (strict) throw new MissingParameter(path);
  return undefined;
}

interface Action {
  readonly words: readonly string[];
  readonly text: string;
}

/** Splits a text into actions and what stands between them, and the actions into words. */
class Parser {
  private readonly parts: (string | Action)[] = [];
  private at = 0;

  constructor(text: string) {
    let rest = text;
    let trims = false;
    for (;;) {
      const open = rest.indexOf('{{');
      const before = open < 0 ? rest : rest.slice(0, open);
      const opensTrimmed = open >= 0 && /^\{\{-\s/.test(rest.slice(open));
      let plain = trims ? before.replace(/^\s+/, '') : before;
      if (opensTrimmed) plain = plain.replace(/\s+$/, '');
      if (plain !== '') this.parts.push(plain);
      if (open < 0) return;
      const inside = rest.slice(open + (opensTrimmed ? 3 : 2));
      const close = endOf(inside);
      const body = inside.slice(0, close);
      trims = /\s-$/.test(body);
      const action = (trims ? body.slice(0, -1) : body).trim();
      if (!/^\/\*[\s\S]*\*\/$/.test(action)) this.parts.push({ words: wordsOf(action), text: action });
      rest = inside.slice(close + 2);
    }
  }

  parse(): readonly Node[] {
    const { nodes, end } = this.list();
    if (end !== undefined) throw new Undecidable(`a template with a stray ${end.text}`);
    return nodes;
  }

  /** Nodes up to an `end` or `else` that belongs to whoever asked. */
  private list(): { nodes: Node[]; end: Action | undefined } {
    const nodes: Node[] = [];
    while (this.at < this.parts.length) {
      const part = this.parts[this.at++] as string | Action;
      if (typeof part === 'string') nodes.push({ kind: 'text', text: part });
      else if (part.words[0] === 'end' || part.words[0] === 'else') return { nodes, end: part };
      else nodes.push(this.node(part));
    }
    return { nodes, end: undefined };
  }

  private node({ words, text }: Action): Node {
    const [head = ''] = words;
    if (head === 'if' || head === 'with' || head === 'range') return this.block(head, words.slice(1), text);
    if (['define', 'template', 'block', 'include', 'break', 'continue'].includes(head))
      throw new Undecidable(`${head} in the template {{${text}}}`);
    if (/^\$\w/.test(head) && (words[1] === ':=' || words[1] === '=')) {
      return { kind: 'set', name: head, declares: words[1] === ':=', pipeline: pipelineOf(words.slice(2), text) };
    }
    return { kind: 'print', pipeline: pipelineOf(words, text) };
  }

  private block(kind: 'if' | 'with' | 'range', words: readonly string[], text: string): Node {
    const assigns = words.indexOf(':=');
    const names = assigns < 0 ? [] : words.slice(0, assigns).filter((word) => word !== ',');
    const pipeline = pipelineOf(assigns < 0 ? words : words.slice(assigns + 1), text);
    const first = this.list();
    const { end } = first;
    if (end === undefined) throw new Undecidable(`a template without an end: {{${text}}}`);
    let otherwise: readonly Node[] = [];
    if (end.words[0] === 'else') {
      const [, next] = end.words;
      if (next === 'if' || next === 'with') otherwise = [this.block(next, end.words.slice(2), end.text)];
      else {
        const second = this.list();
        if (second.end?.words[0] !== 'end') throw new Undecidable(`a template without an end: {{${text}}}`);
        otherwise = second.nodes;
      }
    }
    return { kind, names, pipeline, body: first.nodes, otherwise };
  }
}

/** Where an action ends: braces in its strings do not count. */
function endOf(text: string): number {
  const token = /"(?:[^"\\]|\\.)*"|`[^`]*`|\}\}/g;
  for (let match = token.exec(text); match !== null; match = token.exec(text))
    if (match[0] === '}}') return match.index;
  throw new Undecidable('a template without closing braces');
}

function wordsOf(action: string): string[] {
  const token = /\s+|"(?:[^"\\]|\\.)*"|`[^`]*`|:=|[=|(),]|[^\s"`=|(),:]+/g;
  const words: string[] = [];
  let end = 0;
  for (let match = token.exec(action); match !== null; match = token.exec(action)) {
    if (match.index !== end) break;
    end = token.lastIndex;
    // A chain behind a parenthesis belongs to it; one behind a blank is an operand of its own.
    if (match[0].trim() !== '') words.push(match[0]);
    else words.push(' ');
  }
  if (end !== action.length) throw new Undecidable(`the expression {{${action}}}`);
  return joined(words);
}

/** Takes the blanks out, after `)` and the chain behind it have become one word. */
function joined(words: readonly string[]): string[] {
  const out: string[] = [];
  for (const [index, word] of words.entries()) {
    if (word === ' ') continue;
    if (words[index - 1] === ')' && word.startsWith('.')) out[out.length - 1] = `)${word}`;
    else out.push(word);
  }
  return out;
}

function pipelineOf(words: readonly string[], text: string): Pipeline {
  const reader = { at: 0 };
  const pipeline = readPipeline(words, reader, text);
  if (reader.at < words.length) throw new Undecidable(`the expression {{${text}}}`);
  return pipeline;
}

function readPipeline(words: readonly string[], reader: { at: number }, text: string): Pipeline {
  const commands: Operand[][] = [[]];
  const from = reader.at;
  for (; reader.at < words.length; reader.at += 1) {
    const word = words[reader.at] as string;
    if (word.startsWith(')')) break;
    if (word === '|') commands.push([]);
    else (commands.at(-1) as Operand[]).push(readOperand(words, reader, text));
  }
  return { commands, text: words.slice(from, reader.at).join(' ') };
}

function readOperand(words: readonly string[], reader: { at: number }, text: string): Operand {
  const word = words[reader.at] as string;
  if (word === '(') {
    reader.at += 1;
    const from = readPipeline(words, reader, text);
    const close = words[reader.at];
    if (close === undefined) throw new Undecidable(`the expression {{${text}}}`);
    return { kind: 'path', from, keys: keysOf(close.slice(1)) };
  }
  if (word.startsWith('"')) return { kind: 'value', value: unquoted(word) };
  if (word.startsWith('`')) return { kind: 'value', value: word.slice(1, -1) };
  if (/^[+-]?\d+(\.\d+)?$/.test(word)) return { kind: 'value', value: Number(word) };
  if (word === 'true' || word === 'false') return { kind: 'value', value: word === 'true' };
  if (word === 'nil') return { kind: 'value', value: null };
  if (/^\.([\w-]+(\.[\w-]+)*)?$/.test(word)) return { kind: 'path', from: '.', keys: keysOf(word) };
  const variable = /^(\$\w*)((?:\.[\w-]+)*)$/.exec(word);
  if (variable?.[1] === '$') return { kind: 'path', from: '$', keys: keysOf(variable[2] as string) };
  if (variable) return { kind: 'path', from: { variable: variable[1] as string }, keys: keysOf(variable[2] as string) };
  if (/^[a-zA-Z]\w*$/.test(word)) return { kind: 'function', name: word };
  throw new Undecidable(`the expression {{${text}}}`);
}

function keysOf(chain: string): string[] {
  return chain.split('.').filter((each) => each !== '');
}

function unquoted(word: string): string {
  try {
    return JSON.parse(word) as string;
  } catch {
    throw new Undecidable(`the text ${word}`);
  }
}
