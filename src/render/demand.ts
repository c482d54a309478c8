import { buildKustomization } from '../build/index.js';
import {
  type DemandContext,
  demandsOf,
  podContextOf,
  scalerOf,
  type WorkloadDemand,
  withScalers,
} from '../capacity/index.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import { type FileMap, treeOf } from '../files/file-map.js';
import type { Plan } from '../plan/index.js';
import { isObject } from './blueprint.js';

/**
 * What a rendered repository asks of each cluster, by its name: read from what the overlays build to, so that what people
 * changed in custom/ counts. Hooks are left out: they come and go.
 */
export function demandByCluster(plan: Plan, files: FileMap): ReadonlyMap<string, readonly WorkloadDemand[]> {
  const tree = treeOf(files);
  const built = new Map<string, readonly JsonObject[]>();
  const demand = new Map<string, WorkloadDemand[]>(plan.clusters.map(({ name }) => [name, []]));
  for (const family of plan.families) {
    for (const model of family.models) {
      for (const deployment of model.deployments) {
        const objects =
          built.get(deployment.overlay) ?? objectsOf(buildKustomization(tree, deployment.overlay, () => {}).resources);
        built.set(deployment.overlay, objects);
        const context: DemandContext = {
          namespace: deployment.namespace,
          application: deployment.application,
          wave: deployment.wave,
          environment: deployment.environment,
          family: family.name,
          ...podContextOf(objects),
        };
        const workloads = objects.flatMap((object) => demandsOf(object, context));
        const scalers = objects
          .map((object) => scalerOf(object, deployment.namespace))
          .filter((each) => each !== undefined);
        demand.set(deployment.cluster, [...(demand.get(deployment.cluster) ?? []), ...withScalers(workloads, scalers)]);
      }
    }
  }
  return demand;
}

function objectsOf(resources: readonly { readonly value: JsonObject }[]): readonly JsonObject[] {
  return resources.map((resource) => resource.value).filter((value) => !isHook(value));
}

function isHook(value: JsonObject): boolean {
  const metadata = value['metadata'];
  const annotations = isObject(metadata) ? metadata['annotations'] : undefined;
  return isObject(annotations) && annotations['argocd.argoproj.io/hook'] !== undefined;
}
