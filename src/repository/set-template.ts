import { isObject } from '../capacity/read.js';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';

/** A parameter set of a generator. With go templates it is nested, without it is flat text. */
export type Params = JsonObject;

/** Thrown inside a rendering and caught at its edge: the template needs something that is not known here. */
export class Undecidable extends Error {}

/** A parameter that no generator gives: with `missingkey=error` nothing is made, without it the text is `<no value>`. */
export class MissingParameter extends Undecidable {
  constructor(readonly parameter: string) {
    super(`the parameter ${parameter}, which no generator gives`);
  }
}

/** Fills the string fields of a template, as the controller does (keys too); throws Undecidable. */
export function renderTemplate(template: Json, params: Params, goTemplate: boolean): Json {
  if (typeof template === 'string') return goTemplate ? goText(template, params) : fastText(template, params);
  if (Array.isArray(template))
    return (template as readonly Json[]).map((each) => renderTemplate(each, params, goTemplate));
  if (!isObject(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) => [
      goTemplate ? goText(key, params) : fastText(key, params),
      renderTemplate(value, params, goTemplate),
    ]),
  );
}

/** fasttemplate: `{{name}}` by its whole name; an unknown one stays as it is written. */
function fastText(text: string, params: Params): string {
  return text.replace(/\{\{([^{}]*)\}\}/g, (whole, name: string) => {
    const value = params[name.trim()];
    return value === undefined ? whole : scalarText(value);
  });
}

/** The part of Go's templates that people use in ApplicationSets: fields, index, and pipes of a few functions. */
function goText(text: string, params: Params): string {
  if (!text.includes('{{')) return text;
  const trimmed = text.replace(/\s+\{\{-(?=\s)/g, '{{').replace(/(?<=\s)-\}\}\s+/g, '}}');
  const out = trimmed.replace(/\{\{-?\s*([^{}]*?)\s*-?\}\}/g, (_, action: string) =>
    scalarText(evaluate(action, params)),
  );
  if (out.includes('{{')) throw new Undecidable(`the template ${text}`);
  return out;
}

function evaluate(action: string, params: Params): Json {
  const [head = '', ...pipes] = action.split('|').map((each) => each.trim());
  let value = operand(head, params);
  for (const pipe of pipes) value = apply(pipe, value, action);
  if (value === undefined) throw /^\.[\w.-]*$/.test(head) ? new MissingParameter(head) : new Undecidable(head);
  return value;
}

function operand(text: string, params: Params): Json | undefined {
  const quoted = /^"([^"\\]*)"$/.exec(text);
  if (quoted) return quoted[1] as string;
  const call = /^(\w+)\s+(.+)$/.exec(text);
  if (call?.[1] === 'index') {
    const [target = '', ...keys] = (call[2] as string).split(/\s+/);
    let value: Json | undefined = operand(target, params);
    for (const key of keys) value = step(value, key.replace(/^"|"$/g, ''));
    return value;
  }
  if (call) return apply(call[1] as string, operand(call[2] as string, params), text);
  if (!/^\.[\w.-]*$/.test(text)) throw new Undecidable(`the expression ${text}`);
  let value: Json | undefined = params;
  for (const part of text
    .slice(1)
    .split('.')
    .filter((each) => each !== ''))
    value = step(value, part);
  return value;
}

function step(value: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(value)) return (value as readonly Json[])[Number(key)];
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function apply(pipe: string, value: Json | undefined, action: string): Json | undefined {
  const [name = '', ...args] = pipe.split(/\s+/);
  const argument = args.join(' ').replace(/^"|"$/g, '');
  if (name === 'default') return value === undefined || value === '' ? argument : value;
  if (value === undefined) return undefined;
  if (name === 'toJson') return JSON.stringify(value);
  const text = scalarText(value);
  if (name === 'lower') return text.toLowerCase();
  if (name === 'upper') return text.toUpperCase();
  if (name === 'quote') return JSON.stringify(text);
  if (name === 'toString') return text;
  if (name === 'trimSuffix') return text.endsWith(argument) ? text.slice(0, text.length - argument.length) : text;
  if (name === 'trimPrefix') return text.startsWith(argument) ? text.slice(argument.length) : text;
  if (name === 'normalize') return normalizeName(text);
  if (name === 'replace' && args.length === 2) {
    const [from = '', to = ''] = args.map((each) => each.replace(/^"|"$/g, ''));
    return text.replaceAll(from, to);
  }
  throw new Undecidable(`the function ${name} in {{${action}}}`);
}

/** The `normalize` of ApplicationSets: a name for Kubernetes, of at most 253 characters. */
export function normalizeName(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^-a-z0-9.]/g, '-')
    .slice(0, 253)
    .replace(/^[-.]+|[-.]+$/g, '');
}

function scalarText(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'object') throw new Undecidable('a list or mapping in the place of a text');
  return String(value);
}
