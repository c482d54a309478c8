import { demandOf, type NodeFacts, type PodFacts } from '../capacity/index.js';
import { objectsAt, stringAt } from '../capacity/read.js';
import type { Repository } from '../repository/index.js';
import type { InventoryCluster } from '../repository/inventory.js';
import type { Deployed } from '../repository/model.js';
import { toPointer } from '../yaml/range.js';
import { environmentOf } from './capacity.js';
import { nodesOfCluster } from './cards.js';
import { clusterOf, isDevice, podOf, type ServingTemplate, servingTemplates } from './serving.js';

/** A Pod template that asks for GPUs, and the declared nodes of the cluster it goes to. */
export interface GpuPods {
  readonly place: Deployed;
  readonly template: ServingTemplate;
  readonly pod: PodFacts;
  /** The kinds of device that the workload asks for. */
  readonly devices: readonly string[];
  readonly cluster: InventoryCluster | undefined;
  readonly environment: string | undefined;
  /** Empty where no inventory is declared. */
  readonly nodes: readonly NodeFacts[];
}

const known = new WeakMap<Repository, readonly GpuPods[]>();

/** Every Pod template that asks for GPUs. */
export function gpuPods(repository: Repository): readonly GpuPods[] {
  const present = known.get(repository);
  if (present !== undefined) return present;
  const made = repository.deployed.flatMap((place): GpuPods[] => {
    const templates = servingTemplates(place.object);
    const demand = templates.length === 0 ? undefined : demandOf(place.object.value);
    const devices = [
      ...new Set(
        (demand?.templates ?? []).flatMap(({ pod }) =>
          Object.entries(pod.requests).flatMap(([name, amount]) => (amount > 0 && isDevice(name) ? [name] : [])),
        ),
      ),
    ];
    if (devices.length === 0) return [];
    const cluster = clusterOf(repository, place);
    return templates.map((template) => ({
      place,
      template,
      pod: podOf(template),
      devices,
      cluster,
      environment:
        cluster === undefined || place.application === undefined
          ? undefined
          : environmentOf(place.application, cluster),
      nodes: cluster === undefined ? [] : nodesOfCluster(cluster),
    }));
  });
  known.set(repository, made);
  return made;
}

/** A node label that a Pod requires, and where it says so. */
export interface RequiredLabel {
  readonly key: string;
  readonly values: readonly string[];
  readonly pointer: string;
  /** Number of the alternative it belongs to; undefined for the nodeSelector, which always counts. */
  readonly term: number | undefined;
}

/** The labels of nodeSelector and of the `In` expressions of required node affinity. */
export function requiredLabels({ spec, pointer }: Pick<ServingTemplate, 'spec' | 'pointer'>): readonly RequiredLabel[] {
  const selector = spec['nodeSelector'];
  const fixed =
    typeof selector === 'object' && selector !== null && !Array.isArray(selector)
      ? Object.entries(selector).map(([key, value]) => ({
          key,
          values: [String(value)],
          pointer: `${pointer}/nodeSelector${toPointer([key])}`,
          term: undefined,
        }))
      : [];
  const path = ['affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms'];
  const terms = objectsAt(spec, ...path).flatMap((term, index) =>
    objectsAt(term, 'matchExpressions').flatMap((each, at): RequiredLabel[] => {
      const key = stringAt(each, 'key');
      if (key === undefined || each['operator'] !== 'In' || !Array.isArray(each['values'])) return [];
      return [
        {
          key,
          values: (each['values'] as readonly unknown[]).map(String),
          pointer: `${pointer}${toPointer(path)}/${index}/matchExpressions/${at}/values`,
          term: index,
        },
      ];
    }),
  );
  return [...fixed, ...terms];
}
