import {
  ANY,
  ARRAY,
  BOOLEAN,
  type Format,
  INTEGER,
  makeNode,
  NULL,
  NUMBER,
  OBJECT,
  type SchemaNode,
  STRING,
} from './node.js';

/** Limits that a definition's text does not hold, by definition and field. */
export interface ExtraLimits {
  readonly field: (definition: string, field: string) => Partial<SchemaNode> | undefined;
  readonly item: (definition: string, field: string) => Partial<SchemaNode> | undefined;
}

/**
 * The compact notation of `schemas/kubernetes` and `schemas/crds`: lines of `name<TAB>definition`; `#` starts a comment,
 * `@apiVersion/kind` a kind, `-name` says that a name of the base does not exist. A definition is a type or JSON:
 *
 * | type  | means                                  | type     | means                             |
 * |-------|----------------------------------------|----------|-----------------------------------|
 * | `s`   | string                                 | `x`      | integer or string                 |
 * | `b`   | boolean                                | `q`      | quantity (`500m`, `16Gi`, number) |
 * | `i`   | int32                                  | `t`, `u` | RFC 3339 time (`u`: microseconds) |
 * | `l`   | int64                                  | `y`      | base64                            |
 * | `I`   | integer                                | `*`      | anything                          |
 * | `n`   | number                                 | `o`      | any object                        |
 * | `[T]` | list                                   | `{T}`    | map                               |
 * | `#N`  | definition N of this file              | `^N`     | definition N of the core          |
 *
 * An object is a closed set of fields (`name!` is required). An object with the key `""` limits a type:
 * `{"":"s","enum":[…]}`; `{"":"[","items":…}`, `{"":"{","values":…}`, `{"":"p","props":…,"open":true}`.
 */
export class CompactFile {
  readonly #lines = new Map<string, string>();
  readonly #nodes = new Map<string, SchemaNode>();
  readonly #core: CompactFile | undefined;
  readonly #limits: ExtraLimits | undefined;

  constructor(text: string, options: CompactOptions = {}) {
    this.#core = options.core;
    this.#limits = options.limits;
    if (options.base !== undefined) for (const [name, line] of options.base.#lines) this.#lines.set(name, line);
    for (let start = 0; start < text.length; ) {
      const end = text.indexOf('\n', start);
      const stop = end < 0 ? text.length : end;
      const first = text[start];
      if (first === '-') this.#lines.delete(text.slice(start + 1, stop));
      else if (first !== '#' && stop > start) {
        const tab = text.indexOf('\t', start);
        this.#lines.set(text.slice(start, tab), text.slice(tab + 1, stop));
      }
      start = stop + 1;
    }
  }

  /** What a line `@apiVersion/kind` says, without its key. */
  kind(apiVersion: string, kind: string): readonly string[] | undefined {
    return this.#lines.get(`@${apiVersion}/${kind}`)?.split('\t');
  }

  /** All `apiVersion/kind`. */
  kinds(): string[] {
    return [...this.#lines.keys()].filter((name) => name.startsWith('@')).map((name) => name.slice(1));
  }

  /** The definition of this name with all it leads to, parsed when it is first met. */
  node(name: string): SchemaNode | undefined {
    const known = this.#nodes.get(name);
    if (known !== undefined) return known;
    const line = this.#lines.get(name);
    if (line === undefined) return undefined;
    // Registered before it is read: a definition may lead to itself (JSONSchemaProps).
    const node = makeNode({});
    this.#nodes.set(name, node);
    if (!line.startsWith('{"')) return Object.assign(node, this.#type(line));
    const fields = JSON.parse(line) as Fields;
    return Object.assign(node, typeof fields[''] === 'string' ? this.#read(fields) : this.#object(fields, {}, name));
  }

  #read(value: Compact): SchemaNode {
    if (typeof value === 'string') return this.#type(value);
    const type = value[''];
    return typeof type === 'string' ? this.#limited(type, value) : this.#object(value);
  }

  #type(text: string): SchemaNode {
    const scalar = scalars[text];
    if (scalar !== undefined) return scalar;
    switch (text[0]) {
      case '[': {
        const items = this.#read(text.slice(1, -1));
        // The core decodes null in a list of scalars as the empty value; a CRD refuses it.
        const lenient = this.#core === undefined && scalars[text.slice(1, -1)] !== undefined;
        return makeNode({
          types: ARRAY,
          items: lenient ? Object.assign(makeNode({}), items, { nullable: true }) : items,
        });
      }
      case '{':
        return makeNode({ types: OBJECT, values: this.#read(text.slice(1, -1)) });
      case '#':
        return this.node(text.slice(1)) ?? missing(text);
      case '^':
        return (this.#core ?? this).node(text.slice(1)) ?? missing(text);
      default:
        return missing(text);
    }
  }

  #object(fields: Fields, limits: Partial<SchemaNode> = {}, definition = ''): SchemaNode {
    const props = new Map<string, SchemaNode>();
    const required: string[] = [];
    for (const [key, value] of Object.entries(fields)) {
      const name = key.endsWith('!') ? key.slice(0, -1) : key;
      if (name !== key) required.push(name);
      props.set(name, this.#limitedField(definition, name, this.#read(value)));
    }
    return makeNode({ types: OBJECT, props, ...(required.length > 0 && { required }), ...limits });
  }

  #limitedField(definition: string, name: string, node: SchemaNode): SchemaNode {
    if (this.#limits === undefined || definition === '') return node;
    const extra = this.#limits.field(definition, name);
    if (extra !== undefined) return Object.assign(makeNode({}), node, extra);
    const item = this.#limits.item(definition, name);
    if (item === undefined || node.items === undefined) return node;
    return Object.assign(makeNode({}), node, { items: Object.assign(makeNode({}), node.items, item) });
  }

  #limited(type: string, { '': _, items, values, props, open, ...limits }: Fields): SchemaNode {
    const rest = withPresence(limits);
    if (type === '[') return makeNode({ types: ARRAY, items: this.#read(items!), ...rest });
    if (type === '{') return makeNode({ types: OBJECT, values: this.#read(values!), ...rest });
    const isOpen = (open as unknown) === true;
    if (type === 'p') return this.#object(props as Fields, { ...rest, ...(isOpen && { open: true }) });
    return Object.assign(makeNode({}), this.#type(type), rest);
  }
}

const combinations = ['oneOf', 'anyOf', 'not'] as const;
interface Presence {
  readonly required?: readonly string[];
  readonly oneOf?: readonly Presence[];
  readonly anyOf?: readonly Presence[];
  readonly not?: Presence;
}

/** Limits with their alternatives as nodes: which fields may stand together. */
function withPresence(limits: Fields): Partial<SchemaNode> {
  if (!combinations.some((key) => key in limits)) return limits as Partial<SchemaNode>;
  const { oneOf, anyOf, not, ...rest } = limits as Fields & Presence;
  return {
    ...(rest as Partial<SchemaNode>),
    ...presenceNode({ ...(oneOf && { oneOf }), ...(anyOf && { anyOf }), ...(not && { not }) }),
  };
}

function presenceNode({ required = [], oneOf, anyOf, not }: Presence): Partial<SchemaNode> {
  // Null is dropped before the API server looks: a field that is null is absent.
  const present = makeNode({ types: ANY & ~NULL });
  const node = (part: Presence): SchemaNode => makeNode({ types: ANY, open: true, ...presenceNode(part) });
  return {
    ...(required.length > 0 && { required, props: new Map(required.map((name) => [name, present])) }),
    ...(oneOf !== undefined && { oneOf: oneOf.map(node) }),
    ...(anyOf !== undefined && { anyOf: anyOf.map(node) }),
    ...(not !== undefined && { not: node(not) }),
  };
}

interface CompactOptions {
  /** What this text does not repeat. */
  readonly base?: CompactFile;
  /** Where `^N` leads. */
  readonly core?: CompactFile;
  readonly limits?: ExtraLimits;
}
type Compact = string | Fields;
type Fields = { readonly [key: string]: Compact };

function missing(text: string): never {
  throw new Error(`a schema file refers to ${text}, which it does not hold`);
}

const formatted = (types: number, format: Format): SchemaNode => makeNode({ types, format });

const scalars: Readonly<Record<string, SchemaNode>> = {
  s: makeNode({ types: STRING }),
  b: makeNode({ types: BOOLEAN }),
  i: formatted(INTEGER, 'int32'),
  l: formatted(INTEGER, 'int64'),
  I: makeNode({ types: INTEGER }),
  n: makeNode({ types: INTEGER | NUMBER }),
  x: formatted(INTEGER | STRING, 'int-or-string'),
  q: formatted(INTEGER | NUMBER | STRING, 'quantity'),
  t: formatted(STRING, 'date-time'),
  u: formatted(STRING, 'date-time'),
  y: formatted(STRING, 'byte'),
  '*': makeNode({ types: ANY }),
  o: makeNode({ types: OBJECT }),
};
