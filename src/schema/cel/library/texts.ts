import { type CelFunc, CelScalar, celFunc, celList, celMethod, listType } from '@bufbuild/cel';
import { create } from '@bufbuild/protobuf';
import { DurationSchema } from '@bufbuild/protobuf/wkt';
import { goDuration } from '../../go-duration.js';
import { linearRegex, regexMatches } from '../../regex.js';

const { BOOL, DOUBLE, INT, STRING, UINT } = CelScalar;
const STRINGS = listType(CelScalar.DYN);

/** A regular expression of RE2, or an error as the API server has it. */
export function compiled(pattern: string): { test(text: string): boolean } {
  const regex = linearRegex(pattern);
  if (regex === undefined) throw new Error(`error parsing regexp: ${pattern}`);
  return regex;
}

function matchesOf(pattern: string, text: string, limit: number): string[] {
  compiled(pattern);
  return limit === 0 ? [] : regexMatches(pattern, text, limit);
}

/** Go's `strings.SplitN`: what is left over stays in the last part. */
function split(text: string, separator: string, limit: number): string[] {
  if (limit === 0) return [];
  const parts = separator === '' ? [...text] : text.split(separator);
  if (limit < 0 || parts.length <= limit) return parts;
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
}

function integer(text: string): bigint {
  if (!/^[+-]?\d+$/.test(text)) throw new Error(`type conversion error: cannot convert ${JSON.stringify(text)} to int`);
  const value = BigInt(text.replace(/^\+/, ''));
  if (BigInt.asIntN(64, value) !== value) throw new Error('integer overflow');
  return value;
}

/** Go's `strconv.ParseFloat` for what people write. */
function double(text: string): number {
  const word = /^([+-]?)(?:inf|infinity)$/i.exec(text);
  if (word !== null) return word[1] === '-' ? -Infinity : Infinity;
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return Number(text);
  if (/^nan$/i.test(text)) return Number.NaN;
  throw new Error(`type conversion error: cannot convert ${JSON.stringify(text)} to double`);
}

function duration(text: string) {
  const nanos = goDuration(text);
  if (nanos === undefined) throw new Error(`time: invalid duration ${JSON.stringify(text)}`);
  return create(DurationSchema, { seconds: nanos / 1_000_000_000n, nanos: Number(nanos % 1_000_000_000n) });
}

/**
 * `library.Regex` of the API server, and what of cel-go's strings and conversions the engine does in another way: it
 * drops what is left over in `split`, and turns texts that are no numbers into numbers.
 */
export const textFunctions: readonly CelFunc[] = [
  celMethod('find', STRING, [STRING], STRING, function (pattern) {
    return matchesOf(pattern, this, 1)[0] ?? '';
  }),
  celMethod('findAll', STRING, [STRING], STRINGS, function (pattern) {
    return celList(matchesOf(pattern, this, -1));
  }),
  celMethod('findAll', STRING, [STRING, INT], STRINGS, function (pattern, limit) {
    return celList(matchesOf(pattern, this, Number(limit)));
  }),
  celFunc('matches', [STRING, STRING], BOOL, (text, pattern) => compiled(pattern).test(text)),
  celMethod('split', STRING, [STRING], STRINGS, function (separator) {
    return celList(split(this, separator, -1));
  }),
  celMethod('split', STRING, [STRING, INT], STRINGS, function (separator, limit) {
    return celList(split(this, separator, Number(limit)));
  }),
  celMethod('reverse', STRING, [], STRING, function () {
    return [...this].reverse().join('');
  }),
  celFunc('int', [STRING], INT, integer),
  celFunc('double', [STRING], DOUBLE, double),
  celFunc('uint', [STRING], UINT, () => {
    throw new Error('no such overload: unsigned integers from texts');
  }),
  celFunc('duration', [STRING], CelScalar.DYN, duration),
];
