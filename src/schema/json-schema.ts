import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { ANY, ARRAY, BOOLEAN, INTEGER, NULL, NUMBER, OBJECT, type SchemaNode, STRING } from './node.js';

const names: readonly (readonly [number, string])[] = [
  [STRING, 'string'],
  [BOOLEAN, 'boolean'],
  [NUMBER, 'number'],
  [INTEGER, 'integer'],
  [OBJECT, 'object'],
  [ARRAY, 'array'],
  [NULL, 'null'],
];

/** Formats as patterns or bounds where no JSON Schema format says the same. */
const formats: Readonly<Record<string, JsonObject>> = {
  int32: { minimum: -2147483648, maximum: 2147483647 },
  int64: { minimum: -(2 ** 63), exclusiveMaximum: 2 ** 63 },
  'int-or-string': { minimum: -2147483648, maximum: 2147483647 },
  quantity: { pattern: '^[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\\d+)?$' },
};

const copied = [
  'pattern',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
] as const;

/**
 * A schema as JSON Schema draft-07, for editors, other tools, and the second judge of the tests. Entries of a list that
 * must differ in some keys have no counterpart there and are left out.
 */
export function toJsonSchema(node: SchemaNode): JsonObject {
  const definitions: Record<string, Json> = {};
  const ids = new Map<SchemaNode, string>();
  const write = (of: SchemaNode, nullable: boolean): JsonObject => {
    if (of.props === undefined || of.props.size === 0) return body(of, nullable, write);
    let id = ids.get(of);
    if (id === undefined) {
      id = `d${ids.size}`;
      ids.set(of, id);
    }
    const key = nullable ? `${id}n` : id;
    if (!(key in definitions)) {
      definitions[key] = true;
      definitions[key] = body(of, nullable, write);
    }
    return { $ref: `#/definitions/${key}` };
  };
  const root = write(node, false);
  return { $schema: 'http://json-schema.org/draft-07/schema#', ...root, definitions };
}

type Write = (node: SchemaNode, nullable: boolean) => JsonObject;

function body(node: SchemaNode, optional: boolean, write: Write): JsonObject {
  const out: Record<string, Json> = {};
  const nullable = optional || node.nullable === true;
  const types = nullable ? node.types | NULL : node.types;
  const number = (types & NUMBER) !== 0;
  if (types !== ANY) {
    const list = names.filter(([bit]) => (types & bit) !== 0 && !(bit === INTEGER && number)).map(([, name]) => name);
    out['type'] = list.length === 1 ? list[0]! : list;
  }
  for (const key of copied) if (node[key] !== undefined) out[key] = node[key];
  if (node.enum !== undefined) out['enum'] = nullable ? [...node.enum, null] : node.enum;
  const format = node.format;
  if (format !== undefined) {
    const known = formats[format];
    if (known === undefined) out['format'] = format;
    else for (const [key, value] of Object.entries(known)) out[key] ??= value;
  }
  if (node.items !== undefined) out['items'] = write(node.items, false);
  if (node.listSet === true) out['uniqueItems'] = true;
  writeObject(out, node, write);
  const combined = combinators(node, write);
  // What is null is absent: no combination counts for it, whatever it says of values that are no objects.
  if (nullable && Object.keys(combined).length > 0) out['anyOf'] = [{ type: 'null' }, combined];
  else Object.assign(out, combined);
  return out;
}

function combinators(node: SchemaNode, write: Write): JsonObject {
  const out: Record<string, Json> = {};
  for (const key of ['allOf', 'anyOf', 'oneOf'] as const) {
    if (node[key] !== undefined) out[key] = node[key].map((part) => write(part, false));
  }
  if (node.not !== undefined) out['not'] = write(node.not, false);
  return out;
}

function writeObject(out: Record<string, Json>, node: SchemaNode, write: Write): void {
  const required = node.embedded === true ? [...(node.required ?? []), 'apiVersion', 'kind'] : node.required;
  if (required !== undefined && required.length > 0) out['required'] = [...new Set(required)];
  if (node.props !== undefined) {
    const needed = new Set(node.required);
    const entries = [...node.props].map(([name, prop]) => [name, write(prop, !needed.has(name))]);
    out['properties'] = Object.fromEntries(entries) as JsonObject;
  }
  if (node.values !== undefined) out['additionalProperties'] = write(node.values, true);
  else if (node.props !== undefined && node.open !== true) out['additionalProperties'] = false;
}
