import type { Place } from '../diagnostics/diagnostic.js';
import { fail } from './failure.js';
import type { Kustomization } from './kustomization.js';
import { mergeSchemaOf } from './merge-schema.js';
import type { MergeSchema, MergeSchemas } from './merge-schema-types.js';
import { field, isList, isMap, isMissingOrNull, type Node, type NodeMap, textOf } from './node.js';
import { isClusterScopedBy } from './openapi-scope.js';
import { refuse, refuseRemote, remoteKind } from './refusals.js';
import { syntaxError } from './state.js';
import type { Scope } from './workspace.js';

/** The one description that Kustomize 5.8 has built in (`kustomize openapi info`). */
const builtIn = 'v1.21.2';

/** Which description of types a build merges by: the built-in one, or a file that takes its place. */
export interface ApiDescription {
  /** The file; empty for the built-in one. */
  readonly file: string;
  /** The kustomization that asks for it. */
  readonly root: string;
  readonly schemaOf: MergeSchemas;
}

/** The description that the kustomization at the root of a build asks for; undefined where it asks for none. */
export function rootDescription(
  scope: Scope,
  kustomization: Kustomization,
  folder: string,
): ApiDescription | undefined {
  if (kustomization.map('openapi') === undefined) return undefined;
  const named = describedBy(scope, kustomization, folder);
  if (named !== undefined)
    return { file: named.file, root: kustomization.file, schemaOf: schemasOf(named.node, named.at) };
  const isSet = textOf(field(kustomization.map('openapi') as NodeMap, 'version')) !== '';
  return isSet ? { file: '', root: kustomization.file, schemaOf: mergeSchemaOf } : undefined;
}

/**
 * The first description of a build counts, and that of the root comes first. Where the root has none, upstream changes
 * the description half-way, for all that comes after: refused.
 */
export function nestedDescription(scope: Scope, kustomization: Kustomization, folder: string): void {
  const openapi = kustomization.map('openapi');
  if (openapi === undefined || kustomization.file === scope.description?.root) return;
  if (scope.description !== undefined) {
    const path = field(openapi, 'path');
    if (path !== undefined) scope.load(folder, textOf(path), kustomization.at('/openapi/path'));
    return;
  }
  if (describedBy(scope, kustomization, folder) === undefined) return;
  refuse(
    'kustomize-unsupported',
    'The field openapi below the kustomization that is built',
    'its description would count for all that is built after it, whoever owns that; the kustomization that is built can name it',
    kustomization.at('/openapi/path'),
    'build',
  );
}

interface Described {
  readonly file: string;
  readonly node: NodeMap;
  readonly at: Place;
}

function describedBy(scope: Scope, kustomization: Kustomization, folder: string): Described | undefined {
  const openapi = kustomization.map('openapi');
  if (openapi === undefined) return undefined;
  const path = field(openapi, 'path');
  const version = field(openapi, 'version');
  if (path === undefined) {
    const text = textOf(version);
    if (text !== '' && text !== builtIn)
      fail('kustomize-openapi', `The OpenAPI version ${text} is not built in.`, kustomization.at('/openapi/version'), {
        allowed: [builtIn],
      });
    return undefined;
  }
  const at = kustomization.at('/openapi/path');
  const remote = remoteKind(textOf(path));
  if (remote !== undefined) refuseRemote(textOf(path), remote, at);
  const { file, content } = scope.load(folder, textOf(path), at);
  if (version !== undefined)
    fail('kustomize-openapi', 'openapi takes a version or a path, not both.', kustomization.at('/openapi'));
  if (typeof content !== 'string') fail('kustomize-unreadable', `${textOf(path)} is not valid UTF-8.`, at);
  const parsed = scope.workspace.parse(content, 'settings');
  if (parsed.error !== undefined) syntaxError(file, parsed.error, content);
  const node = parsed.documents[0] ?? null;
  const place = { file, document: 0, pointer: '' };
  if (!isMap(node)) fail('kustomize-openapi', 'An OpenAPI description is a map with definitions.', place);
  const kind = isClusterScopedBy(node);
  if (kind !== undefined)
    refuse(
      'kustomize-unsupported',
      `The path of the cluster-scoped kind ${kind} in an OpenAPI description`,
      'scopes of kinds are taken from the built-in description here',
      { ...place, pointer: '/paths' },
      'build',
    );
  return { file, node, at: place };
}

/** Merge schemas of the kinds in a description; all other kinds have none, not even the built-in ones. */
function schemasOf(root: NodeMap, at: Place): MergeSchemas {
  const given = field(root, 'definitions');
  const definitions = isMap(given) ? given : {};
  const reader = new Definitions(definitions);
  const byKind = new Map<string, Node>();
  for (const name of Object.keys(definitions)) {
    const definition = definitions[name] as Node;
    const kinds = isMap(definition) ? field(definition, 'x-kubernetes-group-version-kind') : undefined;
    if (!isList(kinds)) continue;
    for (const one of kinds) {
      if (!isMap(one)) continue;
      const [group, version, kind] = ['group', 'version', 'kind'].map((key) => field(one, key));
      if (typeof version !== 'string' || typeof kind !== 'string')
        fail('kustomize-openapi', `The definition ${name} names a kind without its version or kind.`, {
          ...at,
          pointer: '/definitions',
        });
      byKind.set(`${typeof group === 'string' && group !== '' ? `${group}/` : ''}${version}/${kind}`, definition);
    }
  }
  return (apiVersion, kind) => {
    const definition = byKind.get(`${apiVersion}/${kind}`);
    return isMap(definition) ? reader.schema(definition) : undefined;
  };
}

class Definitions {
  private readonly known = new Map<NodeMap, MergeSchema>();

  constructor(private readonly definitions: NodeMap) {}

  /** Memoised, because definitions may lead back to themselves. */
  schema(definition: NodeMap): MergeSchema {
    const known = this.known.get(definition);
    if (known !== undefined) return known;
    const fields = Object.create(null) as Record<string, MergeSchema>;
    const keys = mergeKeysOf(definition);
    const schema: {
      keys?: readonly string[];
      fields: Record<string, MergeSchema>;
      others?: () => MergeSchema | undefined;
    } = { fields, ...(keys === undefined ? {} : { keys }) };
    this.known.set(definition, schema);
    if (isArray(definition)) {
      const items = this.resolve(field(definition, 'items'));
      if (items === undefined) return schema;
      const below = this.schema(items);
      const list: MergeSchema = { ...schema, fields: below.fields ?? {}, others: () => below.others?.() };
      this.known.set(definition, list);
      return list;
    }
    const properties = field(definition, 'properties');
    if (isMap(properties)) {
      for (const name of Object.keys(properties)) {
        const property = this.resolve(properties[name]);
        if (property !== undefined) fields[name] = this.schema(property);
      }
    }
    const others = this.resolve(field(definition, 'additionalProperties'));
    if (others !== undefined) schema.others = () => this.schema(others);
    return schema;
  }

  /** The definition that a reference leads to; undefined where it leads nowhere. */
  private resolve(node: Node | undefined): NodeMap | undefined {
    let at = node;
    for (let hops = 0; isMap(at) && hops < 100; hops += 1) {
      const reference = field(at, '$ref');
      if (typeof reference !== 'string' || reference === '') return at;
      if (!reference.startsWith('#/definitions/')) return undefined;
      const name = reference.slice('#/definitions/'.length).replaceAll('~1', '/').replaceAll('~0', '~');
      at = field(this.definitions, name);
    }
    return undefined;
  }
}

function isArray(definition: NodeMap): boolean {
  const type = field(definition, 'type');
  return isList(type) ? type.length === 1 && type[0] === 'array' : type === 'array';
}

/** Merge keys by the extensions that the API conventions of Kubernetes name; undefined where a list is replaced. */
function mergeKeysOf(definition: NodeMap): readonly string[] | undefined {
  const strategy = field(definition, 'x-kubernetes-patch-strategy');
  if (typeof strategy !== 'string' || !strategy.split(',').includes('merge')) return undefined;
  const keys = field(definition, 'x-kubernetes-list-map-keys');
  if (isList(keys)) return keys.map((key) => textOf(key));
  const key = field(definition, 'x-kubernetes-patch-merge-key');
  return isMissingOrNull(key) ? [] : [textOf(key)];
}
