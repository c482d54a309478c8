import { FoldedScalar, OddScalar, type Scalar } from './node.js';
import { foldedScalar } from './written-scalars.js';

const integer = /^[-+]?(?:0b[01]+|0o[0-7]+|0x[0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const date =
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::?[0-9]{2})?))?)?$/;
const words = new Map<string, null | boolean | number>([
  ['null', null],
  ['Null', null],
  ['NULL', null],
  ['~', null],
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['false', false],
  ['False', false],
  ['FALSE', false],
  ['.inf', Infinity],
  ['.Inf', Infinity],
  ['.INF', Infinity],
  ['+.inf', Infinity],
  ['+.Inf', Infinity],
  ['+.INF', Infinity],
  ['-.inf', -Infinity],
  ['-.Inf', -Infinity],
  ['-.INF', -Infinity],
  ['.nan', NaN],
  ['.NaN', NaN],
  ['.NAN', NaN],
]);

const maxInt64 = 2n ** 63n - 1n;
const minInt64 = -(2n ** 63n);
const maxUint64 = 2n ** 64n - 1n;

/**
 * What a plain scalar means to the parser that Kustomize uses (go-yaml v3): YAML 1.2 words, and the integers of YAML 1.1
 * (`010` is 8, `1_000` is 1000). Undefined means: a string.
 */
export function resolvePlain(text: string): Scalar | undefined {
  const first = text.charCodeAt(0);
  // Only these can start something that is not a string: + - . digits ~ and the letters of the words.
  if (first >= 0x30 && first <= 0x39) return resolveNumber(text);
  switch (text[0]) {
    case '+':
    case '-':
    case '.':
      return resolveNumber(text) ?? resolveWord(text);
    case 'n':
    case 'N':
    case 't':
    case 'T':
    case 'f':
    case 'F':
    case '~':
      return resolveWord(text);
    case undefined:
      return null;
    default:
      return undefined;
  }
}

function resolveWord(text: string): Scalar | undefined {
  if (text.length > 5) return undefined;
  const value = words.get(text);
  if (value === undefined) return undefined;
  return text === 'true' || text === 'false' ? value : new OddScalar(text, value);
}

function resolveNumber(text: string): Scalar | undefined {
  if (text.length > 1024) return undefined;
  const short = text.length < 16 ? Number(text) : NaN;
  if (!Number.isNaN(short) && String(short) === text) return short;
  if (date.test(text)) return timestamp(text);
  const digits = text.replaceAll('_', '');
  if (integer.test(digits)) {
    const value = integerOf(digits);
    if (value >= minInt64 && value <= maxUint64) return oddInteger(text, value);
  }
  if (float.test(digits)) return oddFloat(text, Number(digits));
  return undefined;
}

function oddInteger(text: string, value: bigint): Scalar {
  const safe = Number(value);
  if (!Number.isSafeInteger(safe)) return new OddScalar(text, value);
  return String(safe) === text ? safe : new OddScalar(text, safe);
}

function oddFloat(text: string, value: number): Scalar {
  return String(value) === text ? value : new OddScalar(text, value);
}

function integerOf(digits: string): bigint {
  const negative = digits.startsWith('-');
  const bare = digits.replace(/^[-+]/, '');
  const value = /^0[0-7]+$/.test(bare) ? BigInt(`0o${bare.slice(1)}`) : BigInt(bare);
  const signed = negative ? -value : value;
  return signed < minInt64 ? minInt64 - 1n : signed > maxInt64 && negative ? maxUint64 + 1n : signed;
}

/** An unquoted date is a time to go-yaml, and comes out as RFC 3339 in UTC where it has no zone. */
function timestamp(text: string): Scalar | undefined {
  const match =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d{2}):(\d{2})(\.\d+)?(?:[ \t]*(Z|[-+]\d{1,2}(?::?\d{2})?))?)?$/.exec(
      text,
    );
  if (match === null) return undefined;
  const [, year, month, day, hour = '0', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > daysIn(Number(year), Number(month))) {
    return undefined;
  }
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const two = (part: string | undefined) => (part ?? '0').padStart(2, '0');
  const parts = fraction.replace(/0+$/, '');
  const offset = /^[-+]\d{1,2}$/.test(zone) ? `${zone[0]}${two(zone.slice(1))}:00` : zone;
  return new OddScalar(
    text,
    `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second}${parts === '.' ? '' : parts}${offset}`,
  );
}

function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/**
 * A new text for a scalar, as Kustomize writes it: a string stays a string, anything else is typed anew by its text.
 */
export function rescan(old: Scalar, text: string): Scalar {
  if (typeof old === 'string') return text;
  if (old instanceof FoldedScalar) return foldedScalar(text);
  return resolvePlain(text) ?? text;
}

/** A new text for a scalar by a replacement; where the field was made just now, its type hangs on its text for a while. */
export function rescanAs(old: Scalar, text: string): Scalar {
  if (!(old instanceof OddScalar) || !old.isUntyped) return rescan(old, text);
  const value = resolvePlain(text);
  if (value === undefined) return text;
  return new OddScalar(text, value instanceof OddScalar ? value.value : value, true);
}

export type ScalarType = 'string' | 'null' | 'boolean' | 'integer' | 'float' | 'time';

/** The type that a bare text has. */
export function typeOfText(text: string): ScalarType {
  const resolved = resolvePlain(text);
  if (resolved === undefined) return 'string';
  const value = resolved instanceof OddScalar ? resolved.value : resolved;
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string') return 'time';
  const digits = text.replaceAll('_', '');
  return typeof value === 'bigint' || integer.test(digits) ? 'integer' : 'float';
}
