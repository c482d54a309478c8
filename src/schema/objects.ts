import type { Resource } from '../build/resource.js';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';

/** Groups whose files configure a program on a workstation or a node and are never applied to a cluster. */
const clientGroups: ReadonlySet<string> = new Set([
  'kustomize.config.k8s.io',
  // Kustomize's own transformers and generators.
  'builtin',
  'gitops-gen.io',
  'kind.x-k8s.io',
  'kubeadm.k8s.io',
  'kubelet.config.k8s.io',
  'kubeproxy.config.k8s.io',
  'kubescheduler.config.k8s.io',
  'apiserver.config.k8s.io',
  'audit.k8s.io',
  'client.authentication.k8s.io',
]);

/** Whether a document is an object for a cluster: it says apiVersion and kind, and its group is not a program's own. */
export function isClusterObject(value: Json): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { apiVersion, kind } = value as JsonObject;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return false;
  if (apiVersion === 'v1' && kind === 'Config') return false; // A kubeconfig.
  return !clientGroups.has(apiVersion.split('/')[0]!);
}

/** The objects of a `List`, each with its own places; undefined where the resource is no list. */
export function listItems(resource: Resource): readonly Resource[] | undefined {
  const { apiVersion, kind, items } = resource.value;
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) return undefined;
  // `ConfigMapList` and the like, where every item says what it is.
  const typed = apiVersion === 'v1' && kind === 'List';
  if (!typed && !(items as readonly Json[]).every(isClusterObject)) return undefined;
  return (items as readonly Json[]).flatMap((item, i) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return [];
    const prefix = `/items/${i}`;
    const sourceOf = (pointer: string) => resource.sourceOf(`${prefix}${pointer}`);
    return [{ value: item as JsonObject, origin: sourceOf(''), changedBy: resource.changedBy, sourceOf }];
  });
}
