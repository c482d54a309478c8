import type { Json } from '../diagnostics/diagnostic.js';
import type { CrdFormat } from './crd-formats.js';

/** JSON kinds as bits, so that one test answers "is this type allowed". */
export const STRING = 1;
export const BOOLEAN = 2;
export const INTEGER = 4;
export const NUMBER = 8;
export const OBJECT = 16;
export const ARRAY = 32;
export const NULL = 64;
export const ANY = 127;

/** String formats that the API server itself reads strictly. */
export type Format =
  | 'date-time'
  | 'int32'
  | 'int64'
  | 'quantity'
  | 'byte'
  | 'int-or-string'
  | 'date'
  | 'ipv6'
  | CrdFormat;

/** One rule of `x-kubernetes-validations`. */
export interface CelRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

/**
 * A schema as it is interpreted: one shape for the compact core definitions, the packages of custom resources, CRDs
 * and plain JSON Schemas. Absent members do not constrain.
 */
export interface SchemaNode {
  /** Allowed JSON kinds, a sum of the bits above. */
  readonly types: number;
  /** Fields of a closed object (or of an open one, where `open` says so). Values are resolved on first use. */
  readonly props?: ReadonlyMap<string, SchemaNode>;
  readonly required?: readonly string[];
  /** Unknown fields are accepted (`x-kubernetes-preserve-unknown-fields`, or no fields known). */
  readonly open?: boolean;
  /** Null counts as absent where the field is optional: the API server drops it. */
  readonly nullable?: boolean;
  readonly items?: SchemaNode;
  readonly values?: SchemaNode;
  readonly patterns?: readonly { readonly pattern: string; readonly node: SchemaNode }[];
  readonly format?: Format;
  readonly enum?: readonly Json[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly not?: SchemaNode;
  readonly rules?: readonly CelRule[];
  /** `x-kubernetes-list-type: map|set` and its keys: entries must differ in these. */
  readonly listKeys?: readonly string[];
  readonly listSet?: boolean;
  /** The value is an object of its own: it carries apiVersion, kind and metadata. */
  readonly embedded?: boolean;
  readonly default?: Json;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
/** A node that can still be filled in, so that a definition may lead to itself. */
export type OpenNode = Mutable<SchemaNode>;

const blank: { readonly [K in keyof SchemaNode]-?: SchemaNode[K] | undefined } = {
  types: ANY,
  props: undefined,
  required: undefined,
  open: undefined,
  nullable: undefined,
  items: undefined,
  values: undefined,
  patterns: undefined,
  format: undefined,
  enum: undefined,
  pattern: undefined,
  minimum: undefined,
  maximum: undefined,
  exclusiveMinimum: undefined,
  exclusiveMaximum: undefined,
  multipleOf: undefined,
  minLength: undefined,
  maxLength: undefined,
  minItems: undefined,
  maxItems: undefined,
  uniqueItems: undefined,
  minProperties: undefined,
  maxProperties: undefined,
  allOf: undefined,
  anyOf: undefined,
  oneOf: undefined,
  not: undefined,
  rules: undefined,
  listKeys: undefined,
  listSet: undefined,
  embedded: undefined,
  default: undefined,
};

/** A node with these members. All nodes have the same members in the same order, which the interpreter's speed rests on. */
export function makeNode(members: Partial<SchemaNode>): OpenNode {
  return Object.assign({ ...blank }, members) as OpenNode;
}

/** The kind of a JSON value as a bit; an integral number is INTEGER. */
export function kindOf(value: Json): number {
  switch (typeof value) {
    case 'string':
      return STRING;
    case 'number':
      return Number.isInteger(value) ? INTEGER : NUMBER;
    case 'boolean':
      return BOOLEAN;
    default:
      return value === null ? NULL : Array.isArray(value) ? ARRAY : OBJECT;
  }
}

const names: readonly (readonly [number, string])[] = [
  [STRING, 'string'],
  [INTEGER, 'integer'],
  [NUMBER, 'number'],
  [BOOLEAN, 'boolean'],
  [OBJECT, 'object'],
  [ARRAY, 'list'],
  [NULL, 'null'],
];

/** The names of the kinds in a sum of bits, as messages use them: `string or integer`. */
export function kindNames(types: number): string {
  const shown = (types & NUMBER) !== 0 ? types & ~INTEGER : types;
  const parts = names.filter(([bit]) => (shown & bit) !== 0).map(([, name]) => name);
  return parts.length <= 1 ? (parts[0] ?? 'nothing') : `${parts.slice(0, -1).join(', ')} or ${parts.at(-1)}`;
}
