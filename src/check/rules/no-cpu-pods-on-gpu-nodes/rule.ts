import { objectsAt, stringAt } from '../../../capacity/read.js';
import { podTemplates } from '../../../repository/pods.js';
import { gpuPods, requiredLabels } from '../../placement.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import { nameOf } from '../../workloads.js';

export const noCpuPodsOnGpuNodes: Rule = {
  id: 'no-cpu-pods-on-gpu-nodes',
  group: 'capacity',
  severity: 'warning',
  summary: 'A workload without GPUs makes its way onto nodes that are kept for those with.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    const gpu = new Set(gpuPods(repository).map(({ place }) => place));
    for (const place of repository.deployed) {
      if (gpu.has(place) || !['Deployment', 'StatefulSet', 'Rollout'].includes(place.object.kind)) continue;
      for (const template of podTemplates(place.object)) {
        if (objectsAt(template.spec, 'resourceClaims').length > 0) continue;
        const index = objectsAt(template.spec, 'tolerations').findIndex((each) =>
          /^(nvidia|amd)\.com\/gpu$/.test(stringAt(each, 'key') ?? ''),
        );
        const label = requiredLabels(template).find(({ key }) =>
          /^(nvidia\.com\/gpu\.(product|memory|count|family)|cloud\.google\.com\/gke-accelerator)$/.test(key),
        );
        if (index < 0 && label === undefined) continue;
        onFinding(
          onField(place.object, label?.pointer ?? `${template.pointer}/tolerations/${index}`, {
            application: place.application,
            namespace: place.namespace,
            message: `${nameOf(place)} asks for no GPU and ${label === undefined ? 'tolerates the taint that keeps GPU nodes free' : `requires ${label.key}`}: it takes CPU and memory there and keeps the autoscaler from removing the node.`,
            hint: label === undefined ? 'Drop the toleration.' : 'Drop the selector.',
          }),
        );
      }
    }
  },
};
