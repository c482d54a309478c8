import type { CelInput } from '@bufbuild/cel';
import { create, fromJson } from '@bufbuild/protobuf';
import { DurationSchema, TimestampSchema } from '@bufbuild/protobuf/wkt';
import type { Json, JsonObject } from '../../diagnostics/diagnostic.js';
import { isTimestamp } from '../formats.js';
import { INTEGER, NUMBER, type SchemaNode } from '../node.js';

/** Words that CEL reserves; a field of that name is written `__name__` in a rule. */
const reserved: ReadonlySet<string> = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** The name by which a rule reaches a declared field (Kubernetes: "Validation rules", property escaping). */
export function celName(field: string): string {
  if (reserved.has(field)) return `__${field}__`;
  return field
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
}

/**
 * A value as the rules of a CRD see it: typed by the schema (integers are ints, times are timestamps), defaults filled
 * in, unknown fields left out.
 */
export function celValue(node: SchemaNode, value: Json): CelInput {
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) && ((node.types & NUMBER) === 0 || (node.types & INTEGER) === 0)
        ? BigInt(value)
        : value;
    case 'string':
      return textValue(node, value);
    case 'boolean':
      return value;
    default:
      if (value === null) return null;
      return Array.isArray(value)
        ? (value as readonly Json[]).map((item) => celValue(node.items ?? node, item))
        : new Map(entriesOf(node, value as JsonObject));
  }
}

function entriesOf(node: SchemaNode, value: JsonObject): [string, CelInput][] {
  const out: [string, CelInput][] = [];
  for (const [name, prop] of node.props ?? []) {
    const item = value[name] ?? prop.default;
    if (item !== undefined && (item !== null || prop.nullable === true))
      out.push([celName(name), celValue(prop, item)]);
  }
  if (node.values === undefined) return out;
  for (const [key, item] of Object.entries(value)) {
    if (node.props?.has(key) !== true && item !== null) out.push([key, celValue(node.values, item)]);
  }
  return out;
}

function textValue(node: SchemaNode, value: string): CelInput {
  if (node.format === 'date-time' || node.format === 'date') {
    const whole = node.format === 'date' ? `${value}T00:00:00Z` : value;
    return isTimestamp(whole) ? fromJson(TimestampSchema, whole) : value;
  }
  if (node.format === 'duration') {
    const seconds = durationSeconds(value);
    if (seconds === undefined) return value;
    const whole = Math.trunc(seconds);
    return create(DurationSchema, { seconds: BigInt(whole), nanos: Math.round((seconds - whole) * 1e9) });
  }
  return value;
}

const durationUnits: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** The seconds of a Go duration such as `1h30m`; undefined where it is none. */
export function durationSeconds(text: string): number | undefined {
  const match = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+|0)$/.exec(text);
  if (match === null) return undefined;
  let sum = 0;
  for (const [, digits, unit] of match[2]!.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    sum += Number(digits) * durationUnits[unit!]!;
  }
  return match[1] === '-' ? -sum : sum;
}
