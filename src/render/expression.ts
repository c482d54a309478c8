import Handlebars from 'handlebars';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';

/**
 * Handlebars, read by its own parser and evaluated here for the small subset that blueprints may use: paths, and in prose
 * `#if`, `#unless` and `#each`. Nothing is compiled to code, no helper runs, partials and inline scripts do not exist, and
 * evaluation has a budget: a blueprint that somebody else wrote can do nothing but place values.
 */

/** How much text one template may produce, in UTF-16 units. */
export const maxOutput = 1024 * 1024;
/** How many nodes of a template may be visited. */
const maxSteps = 200_000;
/** How deep blocks may nest. */
const maxDepth = 16;

type Program = hbs.AST.Program;
type Statement = hbs.AST.Statement;

/** Raised inside this file only; callers see `TemplateError.message` and the offset in the template. */
export class TemplateError extends Error {
  constructor(
    message: string,
    readonly hint: string | undefined = undefined,
  ) {
    super(message);
  }
}

/** A parsed template. `single` is the path where the text is one single expression and nothing else. */
export interface Template {
  readonly program: Program;
  readonly single: string | undefined;
  /** Every path that is read, without repetition, in order. */
  readonly paths: readonly string[];
}

/** Whether a text has anything to evaluate. */
export function hasExpression(text: string): boolean {
  return text.includes('{{');
}

/** Parses a template and refuses what is not of the subset. `blocks` says whether `#if`, `#unless`, `#each` are allowed. */
export function parseTemplate(text: string, blocks: boolean): Template {
  if (typeof text !== 'string') throw new TemplateError('a template must be text');
  if (text.length > maxOutput)
    throw new TemplateError(`the template has ${text.length} characters, the limit is ${maxOutput}`);
  let program: Program;
  try {
    program = Handlebars.parseWithoutProcessing(text);
    if (blocks) program = Handlebars.parse(text);
  } catch (error) {
    throw new TemplateError(`the expression does not parse: ${firstLine(error)}`, 'write {{path.to.value}}');
  }
  const paths = new Set<string>();
  collect(program, blocks, paths, 0);
  const only = program.body.length === 1 ? program.body[0] : undefined;
  const single = only?.type === 'MustacheStatement' ? pathOf((only as hbs.AST.MustacheStatement).path) : undefined;
  return { program, single, paths: [...paths] };
}

function firstLine(error: unknown): string {
  const lines = String((error as Error)?.message ?? error).split('\n');
  return lines.find((line) => line.startsWith('Expecting')) ?? lines[0] ?? 'syntax error';
}

function collect(program: Program, blocks: boolean, paths: Set<string>, depth: number): void {
  if (depth > maxDepth) throw new TemplateError(`blocks nest deeper than ${maxDepth}`);
  for (const statement of program.body) collectStatement(statement, blocks, paths, depth);
}

function collectStatement(statement: Statement, blocks: boolean, paths: Set<string>, depth: number): void {
  switch (statement.type) {
    case 'ContentStatement':
    case 'CommentStatement':
      return;
    case 'MustacheStatement': {
      const { path, params, hash } = statement as hbs.AST.MustacheStatement;
      if (params.length > 0 || hash?.pairs?.length) {
        throw new TemplateError(
          `helper "${(path as hbs.AST.PathExpression).original}" is not available`,
          'an expression is a path such as {{model.name}}; work values out in the plan',
        );
      }
      paths.add(pathOf(path));
      return;
    }
    case 'BlockStatement': {
      if (!blocks) {
        throw new TemplateError(
          'blocks are not allowed inside a manifest',
          'make the optional part a file of its own (`when:` in blueprint.yaml)',
        );
      }
      const block = statement as hbs.AST.BlockStatement;
      const name = (block.path as hbs.AST.PathExpression).original;
      if (!['if', 'unless', 'each'].includes(String(name)) || block.params.length !== 1) {
        throw new TemplateError(`block "#${name}" is not available`, 'use #if, #unless or #each with one path');
      }
      paths.add(pathOf(block.params[0] as hbs.AST.Expression));
      collect(block.program, blocks, paths, depth + 1);
      if (block.inverse) collect(block.inverse, blocks, paths, depth + 1);
      return;
    }
    default:
      throw new TemplateError(
        `${statement.type.replace('Statement', '').toLowerCase()} is not available in a blueprint`,
        'partials, decorators and raw blocks do not exist here',
      );
  }
}

/** The dotted path of an expression; literals, `@data` and `..` are refused except `this` and `@key` inside `#each`. */
function pathOf(expression: hbs.AST.Expression): string {
  const path = expression as hbs.AST.PathExpression;
  if (expression.type !== 'PathExpression') throw new TemplateError('only paths can be placed, not literals');
  if (path.depth > 0)
    throw new TemplateError(`"${path.original}" looks outside its block`, 'use a path from the top of the values');
  if (path.original === 'log' || path.original === 'lookup')
    throw new TemplateError(`helper "${path.original}" is not available`);
  return path.data ? `@${path.parts.join('.')}` : path.parts.length === 0 ? 'this' : path.parts.join('.');
}

/** The value at a dotted path, own properties only; undefined where it is absent or null. */
export function lookup(values: Json, path: string): Json | undefined {
  if (path === 'this') return values;
  let value: Json | undefined = values;
  for (const part of path.split('.')) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, part)) return undefined;
    value = (value as JsonObject)[part];
  }
  return value ?? undefined;
}

/** What an evaluation is given besides the values. */
interface Frame {
  readonly root: JsonObject;
  readonly self: Json;
  readonly key: string | undefined;
  readonly index: number | undefined;
}

/**
 * The text of a template. In a manifest (`parseTemplate` without blocks) an absent value makes the whole text absent
 * (undefined); in prose it is the empty string, as in Handlebars.
 */
export function evaluate(template: Template, values: JsonObject, prose: boolean): string | undefined {
  const out: string[] = [];
  const budget = { steps: 0, length: 0, absent: false };
  run(template.program, { root: values, self: values, key: undefined, index: undefined }, out, budget);
  return budget.absent && !prose ? undefined : out.join('');
}

function run(
  program: Program,
  frame: Frame,
  out: string[],
  budget: { steps: number; length: number; absent: boolean },
): void {
  for (const statement of program.body) {
    budget.steps += 1;
    if (budget.steps > maxSteps) throw new TemplateError(`the template takes more than ${maxSteps} steps`);
    if (statement.type === 'ContentStatement') emit((statement as hbs.AST.ContentStatement).value, out, budget);
    else if (statement.type === 'MustacheStatement') {
      const value = resolve(pathOf((statement as hbs.AST.MustacheStatement).path), frame);
      if (value === undefined) budget.absent = true;
      else emit(scalarText(value), out, budget);
    } else if (statement.type === 'BlockStatement') runBlock(statement as hbs.AST.BlockStatement, frame, out, budget);
  }
}

function runBlock(
  block: hbs.AST.BlockStatement,
  frame: Frame,
  out: string[],
  budget: { steps: number; length: number; absent: boolean },
): void {
  const name = (block.path as hbs.AST.PathExpression).original;
  const value = resolve(pathOf(block.params[0] as hbs.AST.Expression), frame);
  if (name === 'each') {
    const entries: [string, Json][] = value !== null && typeof value === 'object' ? Object.entries(value) : [];
    for (const [index, [key, self]] of entries.entries())
      run(block.program, { root: frame.root, self, key, index }, out, budget);
    if (entries.length === 0 && block.inverse) run(block.inverse, frame, out, budget);
    return;
  }
  const truthy = isTruthy(value) === (name === 'if');
  if (truthy) run(block.program, frame, out, budget);
  else if (block.inverse) run(block.inverse, frame, out, budget);
}

function resolve(path: string, frame: Frame): Json | undefined {
  if (path === '@key') return frame.key;
  if (path === '@index') return frame.index;
  if (path === '@root') return frame.root;
  if (path.startsWith('@root.')) return lookup(frame.root, path.slice('@root.'.length));
  return lookup(frame.self, path);
}

/** Handlebars' idea of true: everything but false, absent, 0, '' and []. */
function isTruthy(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return Boolean(value);
}

function scalarText(value: Json): string {
  if (typeof value === 'object' && value !== null) {
    throw new TemplateError('a list or a map cannot stand inside a text', 'let the scalar be this one expression');
  }
  return String(value);
}

function emit(text: string, out: string[], budget: { length: number }): void {
  budget.length += text.length;
  if (budget.length > maxOutput) throw new TemplateError(`the template renders more than ${maxOutput} characters`);
  out.push(text);
}
