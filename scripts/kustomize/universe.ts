import { readFileSync } from 'node:fs';

/** A property of a definition in an OpenAPI 2 description, as far as probes need it. */
export interface Property {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly items?: Property;
  readonly properties?: Readonly<Record<string, Property>>;
  readonly additionalProperties?: Property | boolean;
}

export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** All kinds of several versions of Kubernetes with all fields that any of these versions has. */
export interface Universe {
  readonly versions: readonly string[];
  readonly definitions: ReadonlyMap<string, Property>;
  /** Definition of each kind, by group/version/kind. */
  readonly kinds: ReadonlyMap<string, { readonly gvk: Gvk; readonly definition: string }>;
}

interface Description {
  readonly info?: { readonly version?: string };
  readonly definitions: Readonly<Record<string, Property & { 'x-kubernetes-group-version-kind'?: readonly Gvk[] }>>;
}

/** Reads the OpenAPI descriptions that Kubernetes publishes (`api/openapi-spec/swagger.json`), oldest first. */
export function readUniverse(files: readonly string[]): Universe {
  const definitions = new Map<string, Property>();
  const kinds = new Map<string, { gvk: Gvk; definition: string }>();
  const versions: string[] = [];
  for (const file of files) {
    const description = JSON.parse(readFileSync(file, 'utf8')) as Description;
    versions.push(description.info?.version ?? 'unknown');
    for (const [name, definition] of Object.entries(description.definitions)) {
      const known = definitions.get(name);
      definitions.set(name, { ...definition, properties: { ...known?.properties, ...definition.properties } });
      const gvks = definition['x-kubernetes-group-version-kind'] ?? [];
      if (gvks.length !== 1 || definition.properties?.['metadata'] === undefined) continue;
      const [gvk] = gvks as [Gvk];
      if (!gvk.kind.endsWith('List')) kinds.set(`${gvk.group}/${gvk.version}/${gvk.kind}`, { gvk, definition: name });
    }
  }
  return { versions, definitions, kinds };
}

export function apiVersion({ group, version }: Gvk): string {
  return group === '' ? version : `${group}/${version}`;
}

export function definitionName(property: Property): string | undefined {
  return property.$ref?.replace('#/definitions/', '');
}

export type Value = string | number | boolean | Value[] | { [key: string]: Value };

export interface Filling {
  /** What every string field holds. */
  readonly text: string;
  /** Whether maps of strings are there. */
  readonly maps: boolean;
  /** Whether numbers hold the text too: variables stand in their place. */
  readonly numbers?: boolean;
}

/** Fields that a rule may expect a level too high, or in a definition of another kind: two rules upstream do. */
const alsoHas: readonly (readonly [string, string])[] = [
  ['PodTemplateSpec', 'PodSpec'],
  ['PersistentVolumeClaimSpec', 'PersistentVolumeSpec'],
];

/** A value with every field that the description knows; recursion ends where a definition comes again. */
export function fill(
  universe: Universe,
  property: Property,
  filling: Filling,
  above: readonly string[] = [],
): Value | undefined {
  const name = definitionName(property);
  if (name !== undefined) {
    if (above.includes(name) || /JSONSchemaProps|ManagedFields|FieldsV1/.test(name)) return undefined;
    const definition = universe.definitions.get(name);
    if (definition === undefined) return undefined;
    const own = fill(universe, definition, filling, [...above, name]);
    const other = alsoHas.find(([kind]) => name.endsWith(`.${kind}`))?.[1];
    const more = other === undefined ? undefined : definitionEndingIn(universe, `.${other}`);
    if (more === undefined || above.includes(more) || typeof own !== 'object' || Array.isArray(own)) return own;
    const strays = fill(universe, { $ref: `#/definitions/${more}` }, filling, [...above, name]);
    return typeof strays === 'object' && !Array.isArray(strays) ? { ...strays, ...own } : own;
  }
  switch (property.type) {
    case 'string':
      return filling.text;
    case 'integer':
    case 'number':
      return filling.numbers === true ? filling.text : 1;
    case 'boolean':
      return true;
    case 'array': {
      const item = property.items === undefined ? undefined : fill(universe, property.items, filling, above);
      return item === undefined ? undefined : [item];
    }
    default:
      return fillObject(universe, property, filling, above);
  }
}

function definitionEndingIn(universe: Universe, end: string): string | undefined {
  return [...universe.definitions.keys()].filter((name) => name.endsWith(end)).at(-1);
}

function fillObject(
  universe: Universe,
  property: Property,
  filling: Filling,
  above: readonly string[],
): Value | undefined {
  if (property.properties === undefined) {
    if (typeof property.additionalProperties !== 'object' || !filling.maps) return undefined;
    const value = fill(universe, property.additionalProperties, filling, above);
    return value === undefined ? undefined : { own: value };
  }
  const result: { [key: string]: Value } = {};
  for (const [key, child] of Object.entries(property.properties)) {
    const value = fill(universe, child, filling, above);
    if (value !== undefined) result[key] = value;
  }
  return result;
}
