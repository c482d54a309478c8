import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Compact } from './compact.js';

/** What one minor of Kubernetes holds, in compact form. */
export interface CoreModel {
  readonly definitions: Map<string, Compact>;
  /** `apiVersion/kind` → definition, plural and scope. */
  readonly kinds: Map<string, CoreKind>;
}
export interface CoreKind {
  readonly definition: string;
  readonly plural: string;
  readonly namespaced: boolean;
}
interface Attribute {
  /** The name in TypeScript (`_default`), as the `.d.ts` has it. */
  readonly name: string;
  readonly baseName: string;
  readonly type: string;
  readonly format?: string;
}

const scalars: Readonly<Record<string, string>> = {
  string: 's',
  boolean: 'b',
  Date: 't',
  any: '*',
  object: '*',
  IntOrString: 'x',
  V1MicroTime: 'u',
};
const formats: Readonly<Record<string, string>> = {
  int32: 'i',
  int64: 'l',
  double: 'n',
  byte: 'y',
  'date-time': 't',
  'date-time-micro': 'u',
  'int-or-string': 'x',
};

/** Field types that only the newer clients give (formats), by `Class.field`; the older ones say `number` or `string`. */
export type Refinements = Map<string, string>;

/** Reads the generated models and API classes of one version of `@kubernetes/client-node`. */
export function readClient(folder: string, quantities: ReadonlySet<string>, refinements: Refinements): CoreModel {
  const generated = join(folder, 'dist', 'gen');
  const entries = readdirSync(generated);
  const models = join(generated, entries.includes('models') ? 'models' : 'model');
  const apis = join(generated, entries.includes('apis') ? 'apis' : 'api');
  const definitions = new Map<string, Compact>();
  const minor = openApiVersion(folder);
  for (const file of readdirSync(models)) {
    if (!file.endsWith('.js')) continue;
    const text = readFileSync(join(models, file), 'utf8');
    // A published package keeps models of earlier generations (resource.k8s.io/v1alpha2, …); their heads say so.
    if (versionIn(text) !== minor) continue;
    const found = /^(\w+)\.attributeTypeMap = (\[[\s\S]*?\n\]);/m.exec(text);
    if (found === null) continue;
    const required = requiredFields(readFileSync(join(models, file.replace(/\.js$/, '.d.ts')), 'utf8'));
    const attributes = JSON.parse(found[2]!) as Attribute[];
    const name = found[1]!;
    definitions.set(name, definitionOf(name, attributes, required, quantities, refinements));
  }
  return { definitions, kinds: readKinds(apis, definitions) };
}

function requiredFields(types: string): Set<string> {
  return new Set([...types.matchAll(/^ {4}'([^']+)'(\??):/gm)].filter((m) => m[2] === '').map((m) => m[1]!));
}

/** An integer as the stable version of the same API has it: `V1beta3FlowSchemaSpec.x` is as `V1FlowSchemaSpec.x`. */
function refinedInteger(place: string, compact: string, refinements: Refinements): string {
  if (compact !== 'I' && compact !== '[I]') return compact;
  return refinements.get(place.replace(/^V\d+(?:alpha|beta)\d+/, 'V1')) ?? unversioned[place] ?? compact;
}

/** Integers of APIs that were gone before the clients gave formats (`k8s.io/api/resource/v1alpha2`: `int64`). */
const unversioned: Readonly<Record<string, string>> = {
  'V1alpha2NamedResourcesAttribute.int': 'l',
  'V1alpha2NamedResourcesIntSlice.ints': '[l]',
};

/** Classes whose content is any JSON, whatever their attributes say. */
const open: ReadonlySet<string> = new Set(['V1FieldsV1', 'RuntimeRawExtension']);

function definitionOf(
  name: string,
  attributes: readonly Attribute[],
  required: ReadonlySet<string>,
  quantities: ReadonlySet<string>,
  refinements: Refinements,
): Compact {
  if (open.has(name)) return '*';
  const out: Record<string, string> = {};
  for (const { name: property, baseName: key, type, format } of attributes) {
    let compact = compactType(type, format ?? '');
    const place = `${name}.${key}`;
    if (quantities.has(place)) compact = compact.replace('s', 'q');
    if (format !== undefined) refinements.set(place, compact);
    else compact = refinements.get(place) ?? refinedInteger(place, compact, refinements);
    out[required.has(property) ? `${key}!` : key] = compact;
  }
  return out;
}

function compactType(type: string, format: string): string {
  const list = /^Array<(.+)>$/.exec(type);
  if (list) return `[${compactType(list[1]!, format)}]`;
  const map = /^\{ \[key: string\]: (.+); \}$/.exec(type);
  if (map) return `{${compactType(map[1]!, format)}}`;
  if (type === 'number') return formats[format] ?? 'I';
  if (type in scalars) return formats[format] ?? scalars[type]!;
  return `#${type}`;
}

/** The kinds that can be created: the body of each `create` call, with its path. */
function readKinds(apis: string, definitions: ReadonlyMap<string, Compact>): Map<string, CoreKind> {
  const kinds = new Map<string, CoreKind>();
  for (const file of readdirSync(apis)) {
    if (!file.endsWith('.js')) continue;
    const chunks = readFileSync(join(apis, file), 'utf8').split(/localVarPath = (?:this\.basePath \+ )?'/);
    for (const chunk of chunks.slice(1)) {
      const path = chunk.slice(0, chunk.indexOf("'"));
      const place = /^\/(?:api|apis)\/((?:[^/]+\/)?v\d\w*)\/(namespaces\/\{namespace\}\/)?(\w+)$/.exec(path);
      const type = /(?<!de)serialize\(body, "(\w+)"/.exec(chunk)?.[1];
      if (place === null || type === undefined || /DeleteOptions$/.test(type)) continue;
      if (!definitions.has(type)) continue;
      const apiVersion = place[1]!;
      const kind = kindOf(type);
      kinds.set(`${apiVersion}/${kind}`, { definition: type, plural: place[3]!, namespaced: place[2] !== undefined });
    }
  }
  return kinds;
}

/** `V1Pod` → `Pod`, `CoreV1Event` → `Event`. */
function kindOf(type: string): string {
  return type.replace(/^[A-Za-z]*?V\d+(?:(?:alpha|beta)\d+)?(?=[A-Z])/, '');
}

/** The OpenAPI version in the head of a model, to prove that a package holds the minor it is taken for. */
export function openApiVersion(folder: string): string {
  const generated = join(folder, 'dist', 'gen');
  const models = join(generated, readdirSync(generated).includes('models') ? 'models' : 'model');
  const file = readdirSync(models).find((name) => /^v1Pod\.js$/i.test(name));
  const version = versionIn(readFileSync(join(models, file!), 'utf8'));
  if (version === undefined) throw new Error(`no OpenAPI version in ${file}`);
  return version;
}

function versionIn(text: string): string | undefined {
  return /(?:OpenAPI spec version|version of the OpenAPI document): (?:release-|v)?(\d+\.\d+)/.exec(
    text.slice(0, 600),
  )?.[1];
}
