import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import type { ApiNotice } from './found.js';
import { makeNode, OBJECT, type SchemaNode } from './node.js';
import { readSchema } from './open-api.js';

/** One version of a CRD that somebody wrote. */
export interface CustomDefinition {
  readonly group: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
  /** The file it was read from. */
  readonly source: string;
  readonly hasRules: boolean;
  readonly notice?: ApiNotice;
  /** Read when the kind is first met. */
  schema(metadata: SchemaNode | undefined): SchemaNode;
}

/** The versions that a CustomResourceDefinition (v1 or v1beta1) defines; none where the value is something else. */
export function readCrd(value: Json, source: string): readonly CustomDefinition[] {
  if (!isObject(value) || value['kind'] !== 'CustomResourceDefinition') return [];
  const spec = value['spec'];
  if (!isObject(spec) || !isObject(spec['names'])) return [];
  const { group, scope } = spec;
  const { kind, plural } = spec['names'];
  if (typeof group !== 'string' || typeof kind !== 'string') return [];
  const written = Array.isArray(spec['versions']) ? (spec['versions'] as readonly Json[]).filter(isObject) : [];
  const single = typeof spec['version'] === 'string' ? [{ name: spec['version'], served: true }] : [];
  return (written.length > 0 ? written : single).flatMap((version: JsonObject) => {
    const name = version['name'];
    if (typeof name !== 'string') return [];
    const notice = noticeOf(version, written);
    return [
      {
        group,
        apiVersion: `${group}/${name}`,
        kind,
        plural: typeof plural === 'string' ? plural : '',
        scope: scope === 'Cluster' ? ('Cluster' as const) : ('Namespaced' as const),
        source,
        hasRules: JSON.stringify(version).includes('"x-kubernetes-validations"'),
        ...(notice !== undefined && { notice }),
        schema: (metadata: SchemaNode | undefined) => schemaOf(version, spec, metadata),
      },
    ];
  });
}

function schemaOf(version: JsonObject, spec: JsonObject, metadata: SchemaNode | undefined): SchemaNode {
  // v1beta1 had one schema for all versions, and kept unknown fields unless told otherwise.
  const holder = isObject(version['schema']) ? version['schema'] : spec['validation'];
  const schema = isObject(holder) ? holder['openAPIV3Schema'] : undefined;
  if (!isObject(schema)) return makeNode({ types: OBJECT });
  const keeps =
    spec['preserveUnknownFields'] === true || (spec['versions'] === undefined && spec['version'] !== undefined);
  return readSchema(schema, {
    form: keeps ? 'json-schema' : 'structural',
    ...(metadata !== undefined && { metadata }),
  });
}

function noticeOf(version: JsonObject, all: readonly JsonObject[]): ApiNotice | undefined {
  const served = all
    .filter((item) => item['served'] === true && item['deprecated'] !== true)
    .map((item) => item['name']);
  const instead = served.length > 0 ? `; served: ${served.join(', ')}` : '';
  if (version['served'] === false) {
    return { state: 'not-served', message: `its CRD does not serve version ${String(version['name'])}${instead}` };
  }
  if (version['deprecated'] !== true) return undefined;
  const warning = version['deprecationWarning'];
  const message = typeof warning === 'string' ? warning : `version ${String(version['name'])} is deprecated${instead}`;
  return { state: 'deprecated', message };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether any rule has to be evaluated: the engine need not be loaded otherwise. */
export function haveRules(definitions: readonly CustomDefinition[]): boolean {
  return definitions.some((definition) => definition.hasRules);
}
