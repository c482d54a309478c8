import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { pointerParts } from '../yaml/pointer.js';
import { crdFormat } from './crd-formats.js';
import {
  ANY,
  ARRAY,
  BOOLEAN,
  type CelRule,
  type Format,
  INTEGER,
  makeNode,
  NULL,
  NUMBER,
  OBJECT,
  type OpenNode,
  type SchemaNode,
  STRING,
} from './node.js';

/** How a JSON Schema is read. */
export interface SchemaDialect {
  /**
   * `structural`: the schema of a CRD. The API server drops every field that is not listed, so an object is closed
   * unless it says `additionalProperties` or `x-kubernetes-preserve-unknown-fields`.
   * `json-schema`: draft-07 as kubeconform takes it: only `additionalProperties: false` closes an object.
   */
  readonly form: 'structural' | 'json-schema';
  /** What `metadata` is at the root of a CRD's schema, whatever the schema says of it. */
  readonly metadata?: SchemaNode;
  /** Another document by the part of a `$ref` before `#`. */
  readonly document?: (name: string) => JsonObject | undefined;
}

const types: Readonly<Record<string, number>> = {
  string: STRING,
  boolean: BOOLEAN,
  integer: INTEGER,
  number: INTEGER | NUMBER,
  object: OBJECT,
  array: ARRAY,
  null: NULL,
};
/** Formats whose names are used as they are; those of CRDs alone are looked up by `crdFormat`. */
const formats: ReadonlyMap<string, Format> = new Map([
  ...(['date-time', 'int32', 'int64', 'byte', 'date', 'ipv6'] as const).map((name) => [name, name] as const),
  ['datetime', 'date-time'],
]);
const numeric = [
  'minimum',
  'maximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
] as const;

/** Reads an OpenAPI v3 or JSON Schema into the form the validator interprets. */
export function readSchema(schema: JsonObject, dialect: SchemaDialect): SchemaNode {
  return new Reader(schema, dialect).root();
}

class Reader {
  readonly #references = new Map<string, OpenNode>();

  constructor(
    readonly schema: JsonObject,
    readonly dialect: SchemaDialect,
  ) {}

  root(): SchemaNode {
    const node = this.node(this.schema, this.schema, true);
    if (this.dialect.form !== 'structural') return node;
    // What every object has need not be listed in a CRD.
    const props = new Map(node.props ?? []);
    const text = makeNode({ types: STRING });
    props.set('apiVersion', text).set('kind', text);
    props.set('metadata', this.dialect.metadata ?? makeNode({ types: OBJECT }));
    return Object.assign(makeNode({}), node, { types: OBJECT, props });
  }

  /** `closes` is false inside `allOf`, `anyOf`, `oneOf` and `not`, which only look at fields and do not list them. */
  node(schema: Json, document: JsonObject, closes: boolean): SchemaNode {
    if (schema === true) return makeNode({});
    if (schema === false) return makeNode({ types: 0 });
    if (!isObject(schema)) return makeNode({});
    const reference = schema['$ref'];
    if (typeof reference === 'string') return this.reference(reference, document, closes);
    const node = makeNode({ types: this.types(schema) });
    const format = schema['format'];
    const known = typeof format === 'string' ? (formats.get(format) ?? crdFormat(format)) : undefined;
    if (known !== undefined) node.format = known;
    // Only the core's own type is bound to 32 bits: CRDs write their quantities like this too.
    if (schema['x-kubernetes-int-or-string'] === true) node.types = INTEGER | STRING;
    else if (format === 'int-or-string') Object.assign(node, { types: INTEGER | STRING, format });
    if (schema['nullable'] === true) node.types |= NULL;
    for (const key of numeric) if (typeof schema[key] === 'number') node[key] = schema[key];
    this.limits(node, schema);
    this.members(node, schema, document, closes);
    this.combinations(node, schema, document);
    return node;
  }

  types(schema: JsonObject): number {
    const written = schema['type'];
    const list = Array.isArray(written) ? (written as readonly Json[]) : written === undefined ? [] : [written];
    if (list.length === 0) return ANY;
    return list.reduce<number>(
      (sum, name) => sum | (typeof name === 'string' && Object.hasOwn(types, name) ? types[name]! : ANY),
      0,
    );
  }

  limits(node: OpenNode, schema: JsonObject): void {
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
    // Draft-04 (OpenAPI) has a boolean beside the bound, later drafts a bound of its own.
    if (exclusiveMinimum === true && typeof minimum === 'number') node.exclusiveMinimum = minimum;
    else if (typeof exclusiveMinimum === 'number') node.exclusiveMinimum = exclusiveMinimum;
    if (exclusiveMaximum === true && typeof maximum === 'number') node.exclusiveMaximum = maximum;
    else if (typeof exclusiveMaximum === 'number') node.exclusiveMaximum = exclusiveMaximum;
    if (typeof schema['pattern'] === 'string') node.pattern = schema['pattern'];
    if (Array.isArray(schema['enum'])) node.enum = schema['enum'] as readonly Json[];
    if (schema['const'] !== undefined) node.enum = [schema['const']];
    if (schema['default'] !== undefined) node.default = schema['default'];
    if (schema['uniqueItems'] === true) node.uniqueItems = true;
    if (schema['x-kubernetes-list-type'] === 'set') node.listSet = true;
    const keys = schema['x-kubernetes-list-map-keys'];
    if (schema['x-kubernetes-list-type'] === 'map' && Array.isArray(keys)) node.listKeys = keys as readonly string[];
    const rules = schema['x-kubernetes-validations'];
    if (Array.isArray(rules)) node.rules = (rules as readonly Json[]).filter(isRule);
  }

  members(node: OpenNode, schema: JsonObject, document: JsonObject, closes: boolean): void {
    const { properties, required, items, additionalProperties, patternProperties } = schema;
    if (isObject(items)) node.items = this.node(items, document, closes);
    const preserves = schema['x-kubernetes-preserve-unknown-fields'] === true;
    if (schema['x-kubernetes-embedded-resource'] === true) node.embedded = true;
    if (isObject(patternProperties)) {
      node.patterns = Object.entries(patternProperties).map(([pattern, value]) => ({
        pattern,
        node: this.node(value, document, closes),
      }));
    }
    if (isObject(additionalProperties)) node.values = this.node(additionalProperties, document, closes);
    if (isObject(properties)) {
      const entries = Object.entries(properties);
      node.props = new Map(entries.map(([name, value]) => [name, this.node(value, document, closes)]));
    }
    // Defaults are filled in before anything is required.
    const needed = Array.isArray(required)
      ? (required as readonly string[]).filter((name) => node.props?.get(name)?.default === undefined)
      : [];
    if (needed.length > 0) node.required = needed;
    const structural = this.dialect.form === 'structural';
    const closed = additionalProperties === false || (structural && closes && additionalProperties === undefined);
    if (!closed || preserves) node.open = true;
    else if (node.props === undefined && (additionalProperties === false || schema['type'] === 'object')) {
      node.props = new Map();
    }
  }

  combinations(node: OpenNode, schema: JsonObject, document: JsonObject): void {
    for (const key of ['allOf', 'anyOf', 'oneOf'] as const) {
      const parts = schema[key];
      if (Array.isArray(parts)) node[key] = (parts as readonly Json[]).map((part) => this.node(part, document, false));
    }
    if (isObject(schema['not'])) node.not = this.node(schema['not'], document, false);
  }

  reference(reference: string, document: JsonObject, closes: boolean): SchemaNode {
    const hash = reference.indexOf('#');
    const file = hash < 0 ? reference : reference.slice(0, hash);
    const pointer = hash < 0 ? '' : reference.slice(hash + 1);
    const key = `${file === '' && document !== this.schema ? 'other' : file}#${pointer}`;
    const known = this.#references.get(key);
    if (known !== undefined) return known;
    const node = makeNode({});
    this.#references.set(key, node);
    const root = file === '' ? document : this.dialect.document?.(file);
    let target: Json | undefined = root;
    for (const part of pointer === '' ? [] : pointerParts(pointer)) {
      target = isObject(target) ? target[part] : undefined;
    }
    // A document that was not given cannot judge: anything passes.
    if (target !== undefined && root !== undefined) Object.assign(node, this.node(target, root, closes));
    return node;
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRule(value: Json): value is JsonObject & CelRule {
  return isObject(value) && typeof value['rule'] === 'string';
}
