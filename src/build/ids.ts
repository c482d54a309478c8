import { isClusterScoped } from './scope.js';

/** Group, version and kind; empty parts are empty strings. */
export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** What identifies an object in a build. */
export interface Id extends Gvk {
  readonly name: string;
  readonly namespace: string;
}

export const clusterNamespace = '_non_namespaceable_';

const parsedVersions = new Map<string, { readonly group: string; readonly version: string }>();

export function parseApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  let parsed = parsedVersions.get(apiVersion);
  if (parsed === undefined) {
    parsed = splitApiVersion(apiVersion);
    // What no kind has need not be remembered for ever.
    if (parsedVersions.size < 1000) parsedVersions.set(apiVersion, parsed);
  }
  return parsed;
}

function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

export function apiVersionOf(gvk: Gvk): string {
  return gvk.group === '' ? gvk.version : `${gvk.group}/${gvk.version}`;
}

/** Whether a selector selects: its empty fields match anything. */
export function isSelected(id: Gvk, selector: Gvk): boolean {
  return (
    (selector.group === '' || selector.group === id.group) &&
    (selector.version === '' || selector.version === id.version) &&
    (selector.kind === '' || selector.kind === id.kind)
  );
}

export function sameGvk(a: Gvk, b: Gvk): boolean {
  return a.kind === b.kind && a.group === b.group && a.version === b.version;
}

/** The namespace for comparisons: absent is `default`, cluster-scoped objects have their own. */
export function effectiveNamespace(id: Id): string {
  if (isClusterScoped(id)) return clusterNamespace;
  return id.namespace === '' ? 'default' : id.namespace;
}

/** Equal keys mean equal ids. */
export function idKey(id: Id): string {
  return `${id.group}/${id.version}/${id.kind}|${effectiveNamespace(id)}|${id.name}`;
}

export function sameId(a: Id, b: Id): boolean {
  return a.name === b.name && sameGvk(a, b) && effectiveNamespace(a) === effectiveNamespace(b);
}

/** For messages: `Deployment apps/v1 web in namespace prod`. */
export function describe(id: Id): string {
  const namespace = id.namespace === '' ? '' : ` in namespace ${id.namespace}`;
  return `${id.kind} ${apiVersionOf(id)} ${id.name}${namespace}`;
}
