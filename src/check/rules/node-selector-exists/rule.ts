import { isAutomaticLabel, type NodeFacts } from '../../../capacity/index.js';
import { findGpu, gpuOfProduct } from '../../../models/index.js';
import type { InventoryCluster } from '../../../repository/inventory.js';
import { gpuPods, requiredLabels } from '../../placement.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import { isDevice } from '../../serving.js';
import { nameOf } from '../../workloads.js';

export const nodeSelectorExists: Rule = {
  id: 'node-selector-exists',
  group: 'capacity',
  severity: 'error',
  summary: 'A Pod with GPUs requires a node label that no declared pool carries.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const { place, template, cluster, nodes, environment } of gpuPods(repository)) {
      const required = requiredLabels(template);
      const alternatives = required.some((each) => (each.term ?? 0) > 0);
      for (const { key, values, pointer, term } of required) {
        const common = {
          application: place.application,
          namespace: place.namespace,
          key,
          ...(environment === undefined ? {} : { environment }),
        };
        const meant =
          key === 'nvidia.com/gpu.product'
            ? values.find((value) => gpuOfProduct(value) === undefined && findGpu(value) !== undefined)
            : undefined;
        if (meant !== undefined) {
          onFinding(
            onField(place.object, pointer, {
              ...common,
              message: `${nameOf(place)} requires ${key} ${meant}, which feature discovery never writes: the label bears the product of the driver.`,
              allowed: findGpu(meant)?.products.map((each) => each.label) ?? [],
            }),
          );
          continue;
        }
        // Another alternative of the affinity may hold.
        if (cluster === undefined || (term !== undefined && alternatives)) continue;
        const carried = carriedBy(cluster, nodes, key);
        const silent = nodes.some(
          (node) => node.labels[key] === undefined && Object.keys(node.allocatable).some(isDevice),
        );
        if (values.some((value) => carried.has(value)) || key === 'kubernetes.io/hostname') continue;
        // What clouds and discovery set is known only where every pool declares it.
        if (isAutomaticLabel(key) && (silent || carried.size === 0)) continue;
        onFinding(
          onField(place.object, pointer, {
            ...common,
            message: `${nameOf(place)} requires the node label ${key} ${values.map((value) => `"${value}"`).join(' or ')}, and ${carried.size === 0 ? 'no declared pool' : 'no node'} of cluster ${cluster?.name} carries it: its Pods stay Pending.`,
            ...(carried.size === 0
              ? {
                  hint: `Declare the label in the inventory (nodePools[].labels) if the nodes have it, or require nvidia.com/gpu.product, which feature discovery sets.`,
                }
              : { allowed: [...carried].sort() }),
          }),
        );
      }
    }
  },
};

/** Values of a label on the declared nodes. A pool that names a class of GPU may have any of its products. */
function carriedBy(cluster: InventoryCluster, nodes: readonly NodeFacts[], key: string): ReadonlySet<string> {
  const carried = new Set(nodes.flatMap((node) => node.labels[key] ?? []));
  if (key !== 'nvidia.com/gpu.product') return carried;
  for (const { gpu } of cluster.config.value.spec.nodePools) {
    for (const { label } of findGpu(gpu ?? '')?.products ?? []) carried.add(label);
  }
  return carried;
}
