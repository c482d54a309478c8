import { gpuPods, requiredLabels } from '../../placement.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import { nameOf } from '../../workloads.js';

export const gpuMemoryLabelExactMatch: Rule = {
  id: 'gpu-memory-label-exact-match',
  group: 'capacity',
  severity: 'warning',
  summary: 'A Pod requires an exact value of the label for GPU memory, which depends on the driver.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const { place, template } of gpuPods(repository)) {
      for (const { key, values, pointer } of requiredLabels(template)) {
        if (key !== 'nvidia.com/gpu.memory') continue;
        onFinding(
          onField(place.object, pointer, {
            application: place.application,
            namespace: place.namespace,
            message: `${nameOf(place)} requires ${key} ${values.join(' or ')} exactly; the label bears the MiB that the driver reports, which differ between drivers (H100: 81559, A100 40 GB: 39538, 40536 and 40960).`,
            hint: 'Require nvidia.com/gpu.product, or the memory with the operator Gt in node affinity.',
          }),
        );
      }
    }
  },
};
