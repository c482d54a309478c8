import { clusterScoped } from './tables/cluster-scoped.generated.js';

/** Whether Kustomize's embedded API description says that objects of this kind have no namespace. */
export function isClusterScoped(gvk: { group: string; version: string; kind: string }): boolean {
  const versions = clusterScoped[gvk.kind];
  return versions?.includes(gvk.group === '' ? gvk.version : `${gvk.group}/${gvk.version}`) ?? false;
}
