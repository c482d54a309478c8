import { devices } from '../../../capacity/index.js';
import { objectAt } from '../../../capacity/read.js';
import { capacityOf } from '../../capacity.js';
import { countedAt, countedAtSchema, demandBy, labelOf, onDemand, whenCounted } from '../../device-demand.js';
import type { Rule } from '../../rule.js';

const share = { type: 'number', minimum: 0, maximum: 100 } as const;

export const gpuFamilyShare: Rule = {
  id: 'gpu-family-share',
  group: 'capacity',
  severity: 'error',
  summary: "A family takes more of a cluster's GPUs than the policy allows.",
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      percent: {
        ...share,
        description: 'Share of the GPUs of a cluster that one family may take in an environment. 100: no limit.',
        default: 100,
      },
      families: {
        description: 'The share of families to which another one applies, by name.',
        type: 'object',
        additionalProperties: share,
        default: {},
      },
      at: countedAtSchema,
      label: {
        description: 'The label of workloads, or of their Applications, that names the family.',
        type: 'string',
        minLength: 1,
        default: 'gitops-gen.io/family',
      },
    },
  },
  check({ repository, parameters }, onFinding) {
    for (const capacity of capacityOf(repository)) {
      const { name } = capacity.cluster;
      const have = capacity.nodes.reduce((sum, node) => sum + devices(node.allocatable), 0);
      const demands = demandBy(
        capacity,
        (environment) => countedAt(parameters(environment)['at']),
        (each) => labelOf(capacity, each, String(parameters(each.environment)['label'])),
      );
      for (const demand of demands) {
        const { environment, label, gpus } = demand;
        const set = parameters(environment);
        const limit = Number(objectAt(set, 'families')[label] ?? set['percent']);
        // Whoever asks for more than there is hears so from gpu-capacity.
        if (limit >= 100 || gpus * 100 <= limit * have) continue;
        const allowed = Math.floor((limit * have) / 100);
        const where = `cluster ${name}${environment === undefined ? '' : ` for ${environment}`} ${whenCounted(countedAt(set['at']))}`;
        const finding = onDemand(capacity, demand, {
          message: `Family ${label} takes ${gpus} of the ${have} GPUs of ${where}; the policy allows ${limit} %, that is ${allowed}.`,
          hint: 'Lower replicas, give the family a cluster with more GPUs, or change its share in the policy.',
          key: `${name} ${environment ?? ''} ${label}`,
        });
        if (finding !== undefined) onFinding(finding);
      }
    }
  },
};
