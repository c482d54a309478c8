import type { JsonObject } from '../diagnostics/diagnostic.js';
import type { FoundSchema } from './found.js';
import { readSchema } from './open-api.js';

/**
 * One `--schema-location`: a template in kubeconform's form, and the texts it may lead to. The pure rooms read no disk,
 * so `read` is given; it gets the path that the template became and gives the text or undefined.
 */
export interface SchemaLocation {
  readonly template: string;
  readonly read: (path: string) => string | undefined;
}

export interface LocationQuery {
  readonly apiVersion: string;
  readonly kind: string;
  /** A minor such as `1.34`. */
  readonly kubernetesVersion: string;
}

const standardLayout =
  '{{ .NormalizedKubernetesVersion }}-standalone{{ .StrictSuffix }}/{{ .ResourceKind }}{{ .KindSuffix }}.json';

/**
 * The path of a template for a kind. The variables are kubeconform's: `.NormalizedKubernetesVersion` (`v1.34.0`),
 * `.StrictSuffix` (`-strict`), `.ResourceKind` and `.Group` (lower case), `.ResourceAPIVersion`, `.KindSuffix`
 * (`-apps-v1`). A template without variables is a folder in the layout of kubernetes-json-schema.
 */
export function locationPath(template: string, query: LocationQuery): string {
  const parts = query.apiVersion.split('/');
  const [group, version] = parts.length > 1 ? [parts[0]!, parts[1]!] : ['', parts[0]!];
  const shortGroup = group.split('.')[0] ?? '';
  const values: Readonly<Record<string, string>> = {
    NormalizedKubernetesVersion: `v${query.kubernetesVersion}.0`,
    StrictSuffix: '-strict',
    ResourceKind: query.kind.toLowerCase(),
    ResourceAPIVersion: version,
    Group: group,
    KindSuffix: group === '' ? `-${version.toLowerCase()}` : `-${shortGroup.toLowerCase()}-${version.toLowerCase()}`,
  };
  const full =
    /\{\{/.test(template) || template.endsWith('.json') ? template : `${template.replace(/\/$/, '')}/${standardLayout}`;
  return full.replaceAll(/\{\{-?\s*\.(\w+)\s*-?\}\}/g, (whole, name: string) => values[name] ?? whole);
}

/** The first location that has a schema of this kind. A text that is no JSON object is as if it were absent. */
export function schemaFromLocations(
  locations: readonly SchemaLocation[],
  query: LocationQuery,
): FoundSchema | undefined {
  for (const location of locations) {
    const path = locationPath(location.template, query);
    const schema = parse(location.read(path));
    if (schema === undefined) continue;
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const document = (name: string) => parse(location.read(`${folder}${name}`));
    return { node: readSchema(schema, { form: 'json-schema', document }), source: path, from: path };
  }
  return undefined;
}

function parse(text: string | undefined): JsonObject | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
