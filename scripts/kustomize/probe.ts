import yaml from 'js-yaml';
import { kubectlKustomize, realKubectl, withFolder } from '../../test/support/real-kubectl.js';
import { documentedFields } from './documented-names.js';
import { apiVersion, fill, type Gvk, type Universe, type Value } from './universe.js';

export interface Built {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Record<string, string>;
  };
  readonly [key: string]: unknown;
}

const judge = realKubectl();
if (judge.path === undefined) throw new Error(judge.skip);
const kubectl: string = judge.path;

/** Builds a kustomization with the real kubectl; objects come back in the order of its output. */
export function build(
  kustomization: object,
  objects: readonly object[],
  more: Readonly<Record<string, string>> = {},
): Built[] {
  const files = {
    'kustomization.yaml': JSON.stringify({ resources: ['objects.yaml'], ...kustomization }),
    'objects.yaml': objects.map((object) => JSON.stringify(object)).join('\n---\n'),
    ...more,
  };
  return withFolder(files, (folder) => {
    const run = kubectlKustomize(kubectl, folder);
    if (!run.ok) throw new Error(run.stderr.slice(0, 2000));
    return yaml.loadAll(run.stdout, undefined, { schema: yaml.CORE_SCHEMA }) as Built[];
  });
}

/** Builds in portions (the real one takes quadratic time); objects that make it fail are left out, with a word. */
export function buildAll(
  kustomization: object,
  objects: readonly object[],
  more: Readonly<Record<string, string>> = {},
  portion = 100,
): Built[] {
  const result: Built[] = [];
  for (let i = 0; i < objects.length; i += portion)
    result.push(...bisect(kustomization, objects.slice(i, i + portion), more));
  return result;
}

function bisect(kustomization: object, objects: readonly object[], more: Readonly<Record<string, string>>): Built[] {
  try {
    return build(kustomization, objects, more);
  } catch (error) {
    if (objects.length === 1) {
      console.error(`left out: ${(error as Error).message.slice(0, 150)}`);
      return [];
    }
    const half = Math.ceil(objects.length / 2);
    return [
      ...bisect(kustomization, objects.slice(0, half), more),
      ...bisect(kustomization, objects.slice(half), more),
    ];
  }
}

/** The four places where a kind is tried, to see what a rule asks of group and version. */
export const disguises = ['own', 'other-version', 'other-group', 'other-both'] as const;
export type Disguise = (typeof disguises)[number];

export function disguise(gvk: Gvk, as: Disguise): Gvk {
  return {
    kind: gvk.kind,
    group: as === 'own' || as === 'other-version' ? gvk.group : 'probe.example.com',
    version: as === 'own' || as === 'other-group' ? gvk.version : 'v99',
  };
}

/** An object of a kind with these fields under its identity. */
export function objectOf(
  gvk: Gvk,
  name: string,
  body: Value | undefined,
  metadata: { [key: string]: Value } = {},
): object {
  const fields = typeof body === 'object' && !Array.isArray(body) ? { ...body } : {};
  delete fields['status'];
  const own = fields['metadata'];
  const given = typeof own === 'object' && !Array.isArray(own) ? own : {};
  const both = [given['annotations'], metadata['annotations']].filter((map) => map !== undefined);
  const annotations = both.length === 0 ? {} : { annotations: Object.assign({}, ...both) as Value };
  const all = { ...given, ...metadata, ...annotations, name };
  return { ...fields, apiVersion: apiVersion(gvk), kind: gvk.kind, metadata: all };
}

export function fullBody(
  universe: Universe,
  definition: string,
  text: string,
  maps: boolean,
  numbers = false,
): { [key: string]: Value } {
  const body = fill(universe, { $ref: `#/definitions/${definition}` }, { text, maps, numbers });
  if (typeof body !== 'object' || Array.isArray(body)) return {};
  delete body['metadata'];
  Object.assign(body, documentedFields(definition, text));
  // With these two, upstream looks for a role of that kind; without them, for any.
  const role = body['roleRef'];
  if (typeof role === 'object' && !Array.isArray(role)) {
    delete role['kind'];
    delete role['apiGroup'];
  }
  return body;
}

/** The paths (lists without an index) of all values that a test accepts. */
export function pathsWhere(node: unknown, accepts: (value: unknown) => boolean, path = ''): string[] {
  const found = accepts(node) ? [path] : [];
  if (Array.isArray(node)) for (const item of node) found.push(...pathsWhere(item, accepts, path));
  else if (typeof node === 'object' && node !== null) {
    for (const [key, value] of Object.entries(node)) {
      found.push(...pathsWhere(value, accepts, `${path === '' ? '' : `${path}/`}${key.replaceAll('/', '\\/')}`));
    }
  }
  return [...new Set(found)];
}

/** Whether a path of this object leads through a list, and where. */
export function markLists(node: unknown, path: string): string {
  let at = node;
  return path
    .split('/')
    .map((part) => {
      while (Array.isArray(at)) at = at[0];
      at = (at as Record<string, unknown> | undefined)?.[part];
      return Array.isArray(at) ? `${part}[]` : part;
    })
    .join('/');
}
