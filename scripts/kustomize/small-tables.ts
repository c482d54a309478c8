import type { Spec } from './field-specs.js';
import { build, buildAll, disguise, disguises, objectOf } from './probe.js';
import { apiVersion, type Universe } from './universe.js';

/** Kinds that get no namespace, with their API versions. */
export function clusterScoped(universe: Universe): Record<string, string[]> {
  // Kubernetes 1.21, which Kustomize knows, has versions that no description here has.
  const versions = ['v1alpha1', 'v1beta1', 'v1beta2', 'v2beta1', 'v2beta2', 'v1', 'v2'];
  const given = [...universe.kinds.values()].map(({ gvk }) => gvk);
  const tried = given.flatMap((gvk) => [gvk, ...versions.map((version) => ({ ...gvk, version }))]);
  const kinds = [...new Map(tried.map((gvk) => [`${apiVersion(gvk)}/${gvk.kind}`, gvk])).values()];
  const built = buildAll(
    { namespace: 'zz-probe' },
    kinds.map((gvk, i) => objectOf(gvk, `p${i}`, undefined)),
  );
  const result: Record<string, string[]> = {};
  for (const object of built) {
    if (object.metadata.namespace !== undefined) continue;
    const versions = result[object.kind];
    if (versions === undefined) result[object.kind] = [object.apiVersion];
    else versions.push(object.apiVersion);
  }
  return Object.fromEntries(
    Object.entries(result)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, versions]) => [kind, versions.sort()]),
  );
}

/** Kinds whose replica count is set, in every disguise that is accepted. */
export function replicas(universe: Universe): Spec[] {
  const specs: Spec[] = [];
  for (const kind of new Set([...universe.kinds.values()].map(({ gvk }) => gvk.kind))) {
    const gvk = [...universe.kinds.values()].find((entry) => entry.gvk.kind === kind)?.gvk;
    if (gvk === undefined) continue;
    const held = disguises.filter((as) => {
      try {
        const [object] = build({ replicas: [{ name: 'p', count: 77 }] }, [objectOf(disguise(gvk, as), 'p', undefined)]);
        return JSON.stringify(object).includes('77');
      } catch {
        return false;
      }
    });
    if (held.length === 0) continue;
    specs.push({
      ...(held.includes('other-group') ? {} : { group: gvk.group }),
      kind,
      path: 'spec/replicas',
      create: true,
    });
  }
  return specs;
}

/** The kinds that come first and last in the order of the output. */
export function order(universe: Universe): { orderFirst: string[]; orderLast: string[] } {
  const kinds = [...new Set([...universe.kinds.values()].map(({ gvk }) => gvk.kind))].sort();
  const groups = ['aaa.example.com', 'zzz.example.com'];
  // A kind without a rank stands with its group; one with a rank stands with its like of the other group.
  const built = build(
    {},
    groups.flatMap((group) => kinds.map((kind) => objectOf({ group, version: 'v1', kind }, 'p', undefined))),
  );
  const names = built.map(({ kind }) => kind);
  const paired = (i: number) => names[i] !== undefined && names[i] === names[i + 1];
  const orderFirst: string[] = [];
  for (let i = 0; paired(i); i += 2) orderFirst.push(names[i] as string);
  const orderLast: string[] = [];
  for (let i = names.length - 2; paired(i); i -= 2) orderLast.unshift(names[i] as string);
  return { orderFirst, orderLast };
}
