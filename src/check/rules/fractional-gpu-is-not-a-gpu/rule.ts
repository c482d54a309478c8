import { gpuPods, requiredLabels } from '../../placement.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import { nameOf } from '../../workloads.js';

export const fractionalGpuIsNotAGpu: Rule = {
  id: 'fractional-gpu-is-not-a-gpu',
  group: 'capacity',
  severity: 'error',
  summary: 'A Pod requires a machine that has a fraction of a GPU, and its engine is set up for a whole one.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const { place, template } of gpuPods(repository)) {
      for (const { key, values, pointer } of requiredLabels(template)) {
        const share =
          key === 'node.kubernetes.io/instance-type'
            ? values.map((value) => fractions[value]).find((each) => each !== undefined)
            : undefined;
        if (share === undefined) continue;
        onFinding(
          onField(place.object, pointer, {
            application: place.application,
            namespace: place.namespace,
            message: `${nameOf(place)} requires ${values.join(' or ')}, which has 1/${share.parts} of a ${share.card}, about ${share.gib} GiB${share.counted ? ' under the count of one GPU' : ', and no resource nvidia.com/gpu'}: ${share.counted ? 'what is sized for the whole card runs out of memory' : 'its Pods stay Pending'}.`,
            hint: 'Require a machine with whole GPUs.',
          }),
        );
      }
    }
  },
};

const rtx = { card: 'RTX PRO 6000 (96 GB)', counted: true };
const l4 = { card: 'L4 (24 GB)', counted: false };

/**
 * Machines with a slice of a card. GKE counts a slice as one GPU (accelerated-platforms, custom compute classes
 * rtx-pro-6000-96gb-x1-8); on AWS Karpenter sees none (instance types of g6f and gr6f).
 */
const fractions: Readonly<
  Record<string, { readonly card: string; readonly counted: boolean; readonly parts: number; readonly gib: number }>
> = {
  'g4-standard-6': { ...rtx, parts: 8, gib: 12 },
  'g4-standard-12': { ...rtx, parts: 4, gib: 24 },
  'g4-standard-24': { ...rtx, parts: 2, gib: 48 },
  'g6f.large': { ...l4, parts: 8, gib: 3 },
  'g6f.xlarge': { ...l4, parts: 8, gib: 3 },
  'g6f.2xlarge': { ...l4, parts: 4, gib: 6 },
  'g6f.4xlarge': { ...l4, parts: 2, gib: 12 },
  'gr6f.4xlarge': { ...l4, parts: 2, gib: 12 },
};
