import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { hasFormat } from './formats.js';
import { ARRAY, INTEGER, kindOf, NULL, NUMBER, OBJECT, type SchemaNode, STRING } from './node.js';
import { linearRegex } from './regex.js';

const own = Object.prototype.hasOwnProperty;

/**
 * Whether a value satisfies a schema: the fast path, which says yes or no and nothing else. `explain` says why, and the
 * two agree on every value (a property of the tests).
 */
export function accepts(node: SchemaNode, value: Json): boolean {
  const kind = kindOf(value);
  if ((node.types & kind) === 0 && !(kind === INTEGER && (node.types & NUMBER) !== 0)) {
    return kind === NULL && node.nullable === true;
  }
  if (node.enum !== undefined && !isOneOf(node.enum, value)) return false;
  if (node.format !== undefined && !hasFormat(node.format, value)) return false;
  switch (kind) {
    case STRING:
      if (!acceptsString(node, value as string)) return false;
      break;
    case INTEGER:
    case NUMBER:
      if (!acceptsNumber(node, value as number)) return false;
      break;
    case OBJECT:
      if (!acceptsObject(node, value as JsonObject)) return false;
      break;
    case ARRAY:
      if (!acceptsList(node, value as readonly Json[])) return false;
      break;
  }
  return acceptsCombined(node, value);
}

function acceptsObject(node: SchemaNode, value: JsonObject): boolean {
  const { props, required, values } = node;
  if (required !== undefined) {
    for (const name of required)
      if (value[name] === undefined || isAbsent(props?.get(name), value[name]!)) return false;
  }
  let count = 0;
  for (const key in value) {
    if (!own.call(value, key)) continue;
    count += 1;
    const item = value[key]!;
    const prop = props?.get(key);
    if (prop !== undefined) {
      // Null for an optional field is dropped by the API server.
      if (item !== null && !accepts(prop, item)) return false;
    } else if (!acceptsExtra(node, key, item, values)) return false;
  }
  if (node.minProperties !== undefined && count < node.minProperties) return false;
  if (node.maxProperties !== undefined && count > node.maxProperties) return false;
  return node.embedded !== true || (typeof value['apiVersion'] === 'string' && typeof value['kind'] === 'string');
}

/** A required field that is null is missing, unless null is a value of its own there. */
export function isAbsent(prop: SchemaNode | undefined, value: Json): boolean {
  return value === null && prop !== undefined && (prop.types & NULL) === 0 && prop.nullable !== true;
}

function acceptsExtra(node: SchemaNode, key: string, item: Json, values: SchemaNode | undefined): boolean {
  if (node.patterns !== undefined) {
    const found = node.patterns.find(({ pattern }) => linearRegex(pattern)?.test(key) === true);
    if (found !== undefined) return accepts(found.node, item);
  }
  if (values !== undefined) return item === null || accepts(values, item);
  return node.props === undefined || node.open === true || (node.embedded === true && envelope.has(key));
}

/** The fields that an embedded object has whether its schema lists them or not. */
export const envelope: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

function acceptsList(node: SchemaNode, value: readonly Json[]): boolean {
  if (node.minItems !== undefined && value.length < node.minItems) return false;
  if (node.maxItems !== undefined && value.length > node.maxItems) return false;
  const { items } = node;
  if (items !== undefined) for (const item of value) if (!accepts(items, item)) return false;
  if (node.uniqueItems === true || node.listSet === true) if (duplicateItem(value) >= 0) return false;
  return node.listKeys === undefined || duplicateEntry(value, node) < 0;
}

/** The index of the first item that equals an earlier one, or -1. */
export function duplicateItem(value: readonly Json[]): number {
  if (value.length < 2) return -1;
  const seen = new Set<string>();
  return value.findIndex((item) => seen.size === seen.add(JSON.stringify(item)).size);
}

/** The index of the first entry whose key fields equal those of an earlier one, or -1. */
export function duplicateEntry(value: readonly Json[], node: SchemaNode): number {
  if (value.length < 2) return -1;
  const seen = new Set<string>();
  return value.findIndex((item) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return false;
    const entry = item as JsonObject;
    const key = node.listKeys!.map((name) => entry[name] ?? node.items?.props?.get(name)?.default ?? null);
    return seen.size === seen.add(JSON.stringify(key)).size;
  });
}

function acceptsString(node: SchemaNode, value: string): boolean {
  if (node.minLength !== undefined && codePoints(value) < node.minLength) return false;
  if (node.maxLength !== undefined && codePoints(value) > node.maxLength) return false;
  return node.pattern === undefined || linearRegex(node.pattern)?.test(value) !== false;
}

/** Length as the API server counts it: code points, not UTF-16 units. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length - 1; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00) count -= 1;
  }
  return count;
}

function acceptsNumber(node: SchemaNode, value: number): boolean {
  if (node.minimum !== undefined && value < node.minimum) return false;
  if (node.maximum !== undefined && value > node.maximum) return false;
  if (node.exclusiveMinimum !== undefined && value <= node.exclusiveMinimum) return false;
  if (node.exclusiveMaximum !== undefined && value >= node.exclusiveMaximum) return false;
  return node.multipleOf === undefined || isMultiple(value, node.multipleOf);
}

/** Whether a number is a multiple of another, with the rounding of decimal fractions taken into account. */
export function isMultiple(value: number, of: number): boolean {
  const ratio = value / of;
  return Math.abs(ratio - Math.round(ratio)) < 1e-9 * Math.max(1, Math.abs(ratio));
}

function acceptsCombined(node: SchemaNode, value: Json): boolean {
  if (node.allOf !== undefined && !node.allOf.every((part) => accepts(part, value))) return false;
  if (node.anyOf !== undefined && !node.anyOf.some((part) => accepts(part, value))) return false;
  if (node.oneOf !== undefined && node.oneOf.filter((part) => accepts(part, value)).length !== 1) return false;
  return node.not === undefined || !accepts(node.not, value);
}

/** Whether a value equals one of these, as JSON. */
export function isOneOf(allowed: readonly Json[], value: Json): boolean {
  if (typeof value !== 'object' || value === null) return allowed.includes(value);
  const text = JSON.stringify(value);
  return allowed.some((item) => JSON.stringify(item) === text);
}
