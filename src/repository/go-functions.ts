import { Buffer } from 'node:buffer';
import { isObject } from '../capacity/read.js';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { linearRegex, replaceByRegex } from '../schema/regex.js';
import { readYaml } from '../yaml/read.js';
import { writeYaml } from '../yaml/write.js';
import { Undecidable } from './undecidable.js';

/** A value of a template; undefined is what Go prints as `<no value>`. */
export type Value = Json | undefined;

type Implementation = (args: readonly Value[]) => Value;

/** What Go takes for true: everything but zero values and empty collections. */
export function isTrue(value: Value): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isObject(value) || Object.keys(value).length > 0;
}

/** A value as `%v` prints it. Collections are not printed: nobody means their Go form. */
export function goText(value: Value): string {
  if (value === undefined || value === null) return '<no value>';
  if (typeof value === 'object') throw new Undecidable('a list or mapping in the place of a text');
  return typeof value === 'number' ? numberText(value) : String(value);
}

/** Numbers of parameters are float64, which Go prints with an exponent from a million on. */
function numberText(value: number): string {
  if (value === 0 || (Math.abs(value) < 1e6 && Math.abs(value) >= 1e-4)) return String(value);
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const sign = exponent.startsWith('-') ? '-' : '+';
  return `${digits}e${sign}${exponent.replace(/^[+-]/, '').padStart(2, '0')}`;
}

const text = (value: Value): string => (value === undefined || value === null ? '' : goText(value));
const number = (value: Value): number => {
  const made = typeof value === 'string' ? Number(value) : value;
  if (typeof made !== 'number' || Number.isNaN(made)) return 0;
  return Math.trunc(made);
};
const list = (value: Value): readonly Json[] => {
  if (!Array.isArray(value)) throw new Undecidable('something that is no list');
  return value as readonly Json[];
};
const map = (value: Value): JsonObject => {
  if (!isObject(value)) throw new Undecidable('something that is no mapping');
  return value;
};
const json = (value: Value): Json => value ?? null;
const same = (a: Value, b: Value): boolean => JSON.stringify(json(a)) === JSON.stringify(json(b));

/** Those that look at no more arguments than they need. */
export const lazyFunctions: Readonly<Record<string, (args: readonly (() => Value)[]) => Value>> = {
  and: (args) => {
    let value: Value;
    for (const each of args) {
      value = each();
      if (!isTrue(value)) return value;
    }
    return value;
  },
  or: (args) => {
    let value: Value;
    for (const each of args) {
      value = each();
      if (isTrue(value)) return value;
    }
    return value;
  },
};

const asText: Implementation = ([a]) => text(a);

/** Go's own functions, those of Sprig that ApplicationSets use (docs of Sprig 3), and Argo CD's (applicationset/utils/template_functions.go). */
const functions: Readonly<Record<string, Implementation>> = {
  not: ([a]) => !isTrue(a),
  eq: ([a, ...others]) => others.some((each) => same(a, each)),
  ne: ([a, b]) => !same(a, b),
  lt: ([a, b]) => compared(a, b) < 0,
  le: ([a, b]) => compared(a, b) <= 0,
  gt: ([a, b]) => compared(a, b) > 0,
  ge: ([a, b]) => compared(a, b) >= 0,
  len: ([a]) => (typeof a === 'string' ? a.length : Array.isArray(a) ? a.length : Object.keys(map(a)).length),
  index: ([target, ...keys]) => keys.reduce(indexed, target),
  print: (args) => args.map(text).join(''),
  printf: ([format, ...args]) => formatted(text(format), args),

  default: ([fallback, value]) => (isTrue(value) ? value : fallback),
  empty: ([value]) => !isTrue(value),
  coalesce: (args) => args.find(isTrue),
  ternary: ([yes, no, test]) => (isTrue(test) ? yes : no),

  lower: ([a]) => text(a).toLowerCase(),
  upper: ([a]) => text(a).toUpperCase(),
  title: ([a]) => text(a).replace(/(^|\s)(\S)/g, (_, space: string, letter: string) => space + letter.toUpperCase()),
  trim: ([a]) => text(a).trim(),
  trimAll: ([cut, a]) => stripped(text(a), text(cut)),
  trimSuffix: ([cut, a]) => (text(a).endsWith(text(cut)) && cut ? text(a).slice(0, -text(cut).length) : text(a)),
  trimPrefix: ([cut, a]) => (text(a).startsWith(text(cut)) ? text(a).slice(text(cut).length) : text(a)),
  trunc: ([length, a]) => (number(length) < 0 ? text(a).slice(number(length)) : text(a).slice(0, number(length))),
  substr: ([start, end, a]) => text(a).slice(number(start), number(end) < 0 ? undefined : number(end)),
  replace: ([from, to, a]) => text(a).replaceAll(text(from), text(to)),
  contains: ([part, a]) => text(a).includes(text(part)),
  hasPrefix: ([part, a]) => text(a).startsWith(text(part)),
  hasSuffix: ([part, a]) => text(a).endsWith(text(part)),
  quote: (args) =>
    args
      .filter((each) => each !== undefined && each !== null)
      .map((each) => JSON.stringify(text(each)))
      .join(' '),
  squote: (args) =>
    args
      .filter((each) => each !== undefined && each !== null)
      .map((each) => `'${text(each)}'`)
      .join(' '),
  cat: (args) => args.map(text).join(' '),
  indent: ([count, a]) => indented(number(count), text(a)),
  nindent: ([count, a]) => `\n${indented(number(count), text(a))}`,
  kebabcase: ([a]) => words(text(a)).join('-'),
  snakecase: ([a]) => words(text(a)).join('_'),
  regexMatch: ([pattern, a]) => expression(text(pattern)).test(text(a)),
  regexReplaceAll: ([pattern, a, to]) => {
    expression(text(pattern));
    return replaceByRegex(text(pattern), text(a), text(to));
  },

  // The type is that of the method which every object has.
  toString: asText as Implementation & (() => string),
  toJson: ([a]) => JSON.stringify(json(a)),
  fromJson: ([a]) => parsed(text(a)),
  toYaml: ([a]) => writeYaml(json(a)).trimEnd(),
  fromYaml: ([a]) => parsed(text(a)),
  fromYamlArray: ([a]) => parsed(text(a)),
  b64enc: ([a]) => Buffer.from(text(a), 'utf8').toString('base64'),
  b64dec: ([a]) => Buffer.from(text(a), 'base64').toString('utf8'),
  int: ([a]) => number(a),
  int64: ([a]) => number(a),
  atoi: ([a]) => number(a),
  add: (args) => args.reduce<number>((sum, each) => sum + number(each), 0),
  sub: ([a, b]) => number(a) - number(b),
  mul: (args) => args.reduce<number>((product, each) => product * number(each), 1),
  div: ([a, b]) => divided(number(a), number(b)),
  mod: ([a, b]) => number(a) - divided(number(a), number(b)) * number(b),
  max: (args) => Math.max(...args.map(number)),
  min: (args) => Math.min(...args.map(number)),

  until: ([count]) => Array.from({ length: counted(number(count)) }, (_, index) => index),
  list: (args) => args.map(json),
  tuple: (args) => args.map(json),
  dict: (args) => dictionary(args),
  first: ([a]) => list(a)[0],
  last: ([a]) => list(a).at(-1),
  rest: ([a]) => list(a).slice(1),
  initial: ([a]) => list(a).slice(0, -1),
  has: ([item, a]) => list(a).some((each) => same(each, item)),
  uniq: ([a]) => list(a).filter((each, index, all) => all.findIndex((other) => same(other, each)) === index),
  reverse: ([a]) => [...list(a)].reverse(),
  append: ([a, item]) => [...list(a), json(item)],
  concat: (args) => args.flatMap((each) => [...list(each)]),
  compact: ([a]) => list(a).filter(isTrue),
  sortAlpha: ([a]) => list(a).map(text).sort(),
  join: ([separator, a]) => (Array.isArray(a) ? list(a).map(text).join(text(separator)) : text(a)),
  splitList: ([separator, a]) => text(a).split(text(separator)),
  split: ([separator, a]) =>
    Object.fromEntries(
      text(a)
        .split(text(separator))
        .map((each, index) => [`_${index}`, each]),
    ),
  get: ([a, key]) => (Object.hasOwn(map(a), text(key)) ? map(a)[text(key)] : ''),
  hasKey: ([a, key]) => Object.hasOwn(map(a), text(key)),
  dig: (args) => dug(args),

  normalize: ([a]) => normalizeName(text(a)),
  slugify: (args) => slug(args),
};

/** Calls a function by its name; throws Undecidable for those that are not known here, or whose result differs each time. */
export function callFunction(name: string, args: readonly Value[]): Value {
  const known = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (known === undefined) throw new Undecidable(`the function ${name}`);
  return known(args);
}

/** The `normalize` of ApplicationSets: a name for Kubernetes, of at most 253 characters. */
export function normalizeName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^-a-z0-9.]/g, '-')
    .slice(0, 253)
    .replace(/^[-.]+|[-.]+$/g, '');
}

/** `slugify [length] [smart] text`: 50 characters unless said, cut at a dash where the cut is smart (gosimple/slug). */
function slug(args: readonly Value[]): string {
  const [length, smart] = [args.length > 1 ? number(args[0]) : 50, args.length > 2 ? isTrue(args[1]) : true];
  const whole = text(args.at(-1))
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '');
  if (whole.length <= length) return whole;
  const cut = whole.slice(0, length);
  if (!smart) return cut.replace(/[-_]+$/, '');
  if (whole[length] === '-') return cut;
  const dash = cut.lastIndexOf('-');
  return dash <= 0 ? cut : cut.slice(0, dash);
}

function compared(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  throw new Undecidable('a comparison of different kinds of values');
}

function indexed(value: Value, key: Value): Value {
  if (Array.isArray(value)) {
    const at = number(key);
    if (at < 0 || at >= value.length) throw new Undecidable(`the index ${at} of a list of ${value.length}`);
    return (value as readonly Json[])[at];
  }
  if (value === undefined || value === null) throw new Undecidable('an index of nothing');
  const known = map(value);
  return Object.hasOwn(known, text(key)) ? known[text(key)] : undefined;
}

function formatted(format: string, args: readonly Value[]): string {
  let next = 0;
  return format.replace(
    /%(?:%|(-?)(0?)(\d*)([a-zA-Z]))/g,
    (whole, left?: string, zero?: string, width?: string, verb?: string) => {
      if (whole === '%%') return '%';
      const value = args[next];
      next += 1;
      if (next > args.length) throw new Undecidable(`the format ${format}`);
      let out: string;
      if (verb === 's' || verb === 'v' || verb === 't') out = text(value);
      else if (verb === 'd') out = String(number(value));
      else if (verb === 'q') out = JSON.stringify(text(value));
      else throw new Undecidable(`the format ${format}`);
      const size = Number(width || 0);
      return left === '-' ? out.padEnd(size) : out.padStart(size, zero === '0' && verb === 'd' ? '0' : ' ');
    },
  );
}

function stripped(value: string, cut: string): string {
  let [start, end] = [0, value.length];
  while (start < end && cut.includes(value[start] as string)) start += 1;
  while (end > start && cut.includes(value[end - 1] as string)) end -= 1;
  return value.slice(start, end);
}

function indented(count: number, value: string): string {
  const pad = ' '.repeat(Math.max(0, count));
  return pad + value.replaceAll('\n', `\n${pad}`);
}

function words(value: string): string[] {
  return value
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[\s_-]+/)
    .filter((each) => each !== '');
}

function expression(pattern: string): { test(text: string): boolean } {
  const regex = linearRegex(pattern);
  if (regex === undefined) throw new Undecidable(`the regular expression ${pattern}`);
  return regex;
}

function divided(a: number, b: number): number {
  if (b === 0) throw new Undecidable('a division by zero');
  return Math.trunc(a / b);
}

/** Loops of a template are over what people wrote: nobody means a million turns. */
function counted(count: number): number {
  if (count < 0 || count > 10_000) throw new Undecidable(`a loop of ${count} turns`);
  return count;
}

function parsed(value: string): Json {
  let isBroken = false;
  const made = readYaml('', value, () => {
    isBroken = true;
  })[0]?.value;
  if (isBroken) throw new Undecidable('a text that is no YAML');
  return made ?? null;
}

function dictionary(args: readonly Value[]): JsonObject {
  const out: Record<string, Json> = {};
  for (let index = 0; index < args.length; index += 2) out[text(args[index])] = json(args[index + 1] ?? '');
  return out;
}

/** `dig key… default map` */
function dug(args: readonly Value[]): Value {
  const keys = args.slice(0, -2).map(text);
  let value: Value = args.at(-1);
  for (const key of keys) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return args.at(-2);
    value = value[key];
  }
  return value;
}
