import { type CelInput, celList, celMap } from '@bufbuild/cel';
import { create, fromJson } from '@bufbuild/protobuf';
import { DurationSchema, TimestampSchema } from '@bufbuild/protobuf/wkt';
import type { Json, JsonObject } from '../../diagnostics/diagnostic.js';
import { isTimestamp } from '../formats.js';
import { formatDuration } from '../go-duration.js';
import { INTEGER, NULL, NUMBER, type SchemaNode } from '../node.js';
import { markList } from './equality.js';

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
 * A value as the rules of a CRD see it: typed by the schema (integers are ints, times are timestamps), unknown
 * fields and nulls left out (`UnstructuredToVal` in `k8s.io/apiserver/pkg/cel/common`).
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
        ? listValue(node, value as readonly Json[])
        : celMap(new Map(entriesOf(node, value as JsonObject)));
  }
}

function listValue(node: SchemaNode, value: readonly Json[]): CelInput {
  const list = celList(value.map((item) => celValue(node.items ?? node, item)));
  if (node.listSet === true) return markList(list, { kind: 'set' });
  return node.listKeys === undefined ? list : markList(list, { kind: 'map', keys: node.listKeys.map(celName) });
}

function entriesOf(node: SchemaNode, value: JsonObject): [string, CelInput][] {
  const out: [string, CelInput][] = [];
  for (const [name, prop] of node.props ?? []) {
    const item = value[name];
    if (item !== undefined && item !== null) out.push([celName(name), celValue(prop, item)]);
  }
  if (node.values === undefined) return out;
  for (const [key, item] of Object.entries(value)) {
    if (node.props?.has(key) === true || (item === null && (node.values.types & NULL) === 0)) continue;
    out.push([key, celValue(node.values, item)]);
  }
  return out;
}

function textValue(node: SchemaNode, value: string): CelInput {
  switch (node.format) {
    case 'date-time':
    case 'date': {
      const whole = node.format === 'date' ? `${value}T00:00:00Z` : value;
      return isTimestamp(whole) ? fromJson(TimestampSchema, whole) : value;
    }
    case 'duration': {
      const nanos = formatDuration(value);
      if (nanos === undefined) return value;
      return create(DurationSchema, { seconds: nanos / 1_000_000_000n, nanos: Number(nanos % 1_000_000_000n) });
    }
    case 'byte':
      return base64Bytes(value);
    default:
      return value;
  }
}

function base64Bytes(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll(/\s/g, '').replaceAll('-', '+').replaceAll('_', '/')), (character) =>
    character.charCodeAt(0),
  );
}
