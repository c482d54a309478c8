import { shown } from '../diagnostics/show.js';
import { formats } from './formats.js';
import type { Refusal } from './names.js';
import { schemaTexts } from './schema-texts.generated.js';

/** The kinds of files that people write. */
export type SpecKind = 'Project' | 'ModelFamily' | 'ClusterConfig' | 'Policies' | 'Exemptions';

/** Schema file by kind. */
export const schemaFiles = {
  Project: 'project.schema.json',
  ModelFamily: 'model-family.schema.json',
  ClusterConfig: 'cluster-config.schema.json',
  Policies: 'policies.schema.json',
  Exemptions: 'exemptions.schema.json',
} as const satisfies Readonly<Record<SpecKind, keyof typeof schemaTexts>>;

/** The part of JSON Schema (draft-07) that our schemas use; a test refuses every other keyword. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: { readonly format: string };
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  /** Alternatives of different types: the type of a value decides which one is meant. */
  readonly oneOf?: readonly Schema[];
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly description?: string;
  readonly examples?: readonly unknown[];
}

export type SchemaKeyword = Exclude<
  keyof Schema,
  '$ref' | 'properties' | 'items' | 'definitions' | 'description' | 'examples' | 'propertyNames'
>;

export interface SchemaError {
  /** What failed; a key that fails its format is a `format` error with `isKey`. */
  readonly keyword: SchemaKeyword;
  /** Borrowed: whoever keeps it has to copy it. */
  readonly path: readonly (string | number)[];
  /** The schema that has the keyword. */
  readonly schema: Schema;
  readonly value: unknown;
  /** The field that is missing or unknown, or the key that is refused. */
  readonly name?: string;
  readonly isKey?: boolean;
  /** The field that makes a missing one necessary. */
  readonly because?: string;
}

/** No format of ours has longer texts; longer ones are refused before any pattern sees them. */
const longestFormatted = 4096;

/** Why a text is refused by a format; undefined where it is fine. */
export function judgeFormat(format: string, text: string): Refusal | undefined {
  if (text.length > longestFormatted) {
    return {
      message: `"${shown(text, 40)}" is too long: ${text.length} characters, the limit is ${longestFormatted}.`,
      hint: 'Shorten it.',
    };
  }
  return formats.get(format)?.(text);
}

const parsed = new Map<SpecKind, Schema>();

/** The schema of a kind. */
export function schemaOf(kind: SpecKind): Schema {
  const schema = parsed.get(kind) ?? (JSON.parse(schemaTexts[schemaFiles[kind]]) as Schema);
  parsed.set(kind, schema);
  return schema;
}

/**
 * Judges a value by the schema of a kind, every mistake, in the order of the schema. One walk, nothing kept: a general
 * validator that collects all errors joins lists at every reference and takes minutes for a hostile file (ajv 8.20:
 * 150 s for 150,000 errors). That both agree on what is valid is a test.
 */
export function walkSchema(kind: SpecKind, value: unknown, onError: (error: SchemaError) => void): void {
  const root = schemaOf(kind);
  const path: (string | number)[] = [];
  const fail = (
    keyword: SchemaKeyword,
    schema: Schema,
    at: unknown,
    more: Pick<SchemaError, 'name' | 'isKey' | 'because'> = {},
  ): void => onError({ keyword, path, schema, value: at, ...more });
  const walk = (given: Schema, at: unknown): void => {
    const schema = resolveSchema(root, given);
    if (schema.oneOf) {
      const branch = schema.oneOf.find((one) => hasType(resolveSchema(root, one), at, false));
      if (branch) walk(branch, at);
      else fail('oneOf', schema, at);
      return;
    }
    if (!hasType(schema, at, true)) {
      fail('type', schema, at);
      return;
    }
    if (schema.const !== undefined && at !== schema.const) fail('const', schema, at);
    if (schema.enum && !schema.enum.includes(at as string)) fail('enum', schema, at);
    if (typeof at === 'string') walkText(schema, at, fail);
    else if (typeof at === 'number') {
      if (schema.minimum !== undefined && at < schema.minimum) fail('minimum', schema, at);
      if (schema.maximum !== undefined && at > schema.maximum) fail('maximum', schema, at);
    } else if (Array.isArray(at)) walkList(schema, at);
    else if (typeof at === 'object' && at !== null) walkMap(schema, at as Record<string, unknown>);
  };
  const inside = (part: string | number, schema: Schema, at: unknown): void => {
    path.push(part);
    walk(schema, at);
    path.pop();
  };
  const walkList = (schema: Schema, list: readonly unknown[]): void => {
    if (schema.minItems !== undefined && list.length < schema.minItems) fail('minItems', schema, list);
    if (schema.maxItems !== undefined && list.length > schema.maxItems) fail('maxItems', schema, list);
    // What is beyond the limit is refused as a whole.
    const judged = list.length > (schema.maxItems ?? list.length) ? list.slice(0, schema.maxItems) : list;
    if (schema.items) for (const [i, item] of judged.entries()) inside(i, schema.items, item);
  };
  const walkMap = (schema: Schema, map: Readonly<Record<string, unknown>>): void => {
    const names = Object.keys(map);
    if (schema.minProperties !== undefined && names.length < schema.minProperties) fail('minProperties', schema, map);
    if (schema.maxProperties !== undefined && names.length > schema.maxProperties) fail('maxProperties', schema, map);
    for (const name of schema.required ?? []) if (!Object.hasOwn(map, name)) fail('required', schema, map, { name });
    for (const [because, needed] of Object.entries(schema.dependencies ?? {})) {
      if (!Object.hasOwn(map, because)) continue;
      for (const name of needed) if (!Object.hasOwn(map, name)) fail('dependencies', schema, map, { name, because });
    }
    const { properties = {}, additionalProperties: others = true, propertyNames } = schema;
    for (const name of names) {
      if (propertyNames && judgeFormat(propertyNames.format, name))
        fail('format', { format: propertyNames.format }, map, { name, isKey: true });
      const own = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (own) inside(name, own, map[name]);
      else if (others === false) fail('additionalProperties', schema, map, { name });
      else if (others !== true) inside(name, others, map[name]);
    }
  };
  walk(root, value);
}

/** A format speaks for pattern and length too. */
function walkText(
  schema: Schema,
  text: string,
  fail: (keyword: SchemaKeyword, schema: Schema, at: unknown) => void,
): void {
  if (schema.format !== undefined && judgeFormat(schema.format, text)) fail('format', schema, text);
  else if (schema.minLength !== undefined && text.length < schema.minLength) fail('minLength', schema, text);
  else if (schema.maxLength !== undefined && text.length > schema.maxLength) fail('maxLength', schema, text);
  else if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(text)) fail('pattern', schema, text);
}

/** The schema that a reference leads to, with what stands beside the reference as its description and examples. */
export function resolveSchema(root: Schema, schema: Schema): Schema {
  let at = schema;
  while (at.$ref !== undefined) {
    const parts = at.$ref.replace(/^#\//, '').split('/');
    at = parts.reduce<unknown>((inner, part) => (inner as Record<string, unknown>)[part], root) as Schema;
  }
  return at;
}

/** Whether a value has the type of a schema; exactly, or only as far as it tells alternatives apart. */
function hasType({ type }: Schema, value: unknown, exactly: boolean): boolean {
  if (type === undefined) return true;
  const isOf = (name: string): boolean => {
    switch (name) {
      case 'object':
        return typeof value === 'object' && value !== null && !Array.isArray(value);
      case 'array':
        return Array.isArray(value);
      case 'integer':
        return typeof value === 'number' && (!exactly || Number.isInteger(value));
      default:
        return typeof value === name;
    }
  };
  return typeof type === 'string' ? isOf(type) : type.some(isOf);
}

/** What a schema accepts, in words: `an integer from 0 to 1000, or a mapping with min, max`. */
export function expectation(root: Schema, schema: Schema): string {
  const resolved = resolveSchema(root, schema);
  if (resolved.oneOf) return resolved.oneOf.map((branch) => expectation(root, branch)).join(', or ');
  const types = typeof resolved.type === 'string' ? [resolved.type] : (resolved.type ?? []);
  return types.map((type) => typeInWords(type, resolved)).join(' or ');
}

function typeInWords(type: string, { minimum, maximum, required = [] }: Schema): string {
  const range =
    minimum === undefined ? '' : maximum === undefined ? ` >= ${minimum}` : ` from ${minimum} to ${maximum}`;
  switch (type) {
    case 'integer':
      return `an integer${range}`;
    case 'number':
      return `a number${range}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'object':
      return required.length > 0 && required.length <= 4 ? `a mapping with ${required.join(', ')}` : 'a mapping';
    default:
      return 'text';
  }
}
