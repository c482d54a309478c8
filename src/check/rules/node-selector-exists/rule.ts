import { findGpu, gpuOfProduct } from '../../../models/index.js';
import { gpuPods, isAutomaticLabel, requiredLabels } from '../../placement.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import { nameOf } from '../../workloads.js';

export const nodeSelectorExists: Rule = {
  id: 'node-selector-exists',
  group: 'capacity',
  severity: 'error',
  summary: 'A Pod with GPUs requires a node label that no declared pool carries.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const { place, template, cluster, nodes, environment } of gpuPods(repository)) {
      for (const { key, values, pointer, term } of requiredLabels(template)) {
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
        const carried = new Set(nodes.flatMap((node) => node.labels[key] ?? []));
        // Another alternative of the affinity may hold; what clouds and discovery set is known only where it is declared.
        if (nodes.length === 0 || term === undefined ? nodes.length === 0 : term > 0) continue;
        if (values.some((value) => carried.has(value)) || (carried.size === 0 && isAutomaticLabel(key))) continue;
        if (carried.size > 0 && key === 'kubernetes.io/hostname') continue;
        const alternatives = requiredLabels(template).some((each) => (each.term ?? 0) > 0);
        if (term !== undefined && alternatives) continue;
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
