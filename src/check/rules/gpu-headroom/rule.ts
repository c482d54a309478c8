import { capacityOf, onScenario } from '../../capacity.js';
import type { Rule } from '../../rule.js';

export const gpuHeadroom: Rule = {
  id: 'gpu-headroom',
  group: 'capacity',
  severity: 'warning',
  summary: 'A pool has fewer GPUs left than the policy wants kept free.',
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      percent: {
        description: 'Share of the GPUs of each used pool that stays free in steady state.',
        type: 'number',
        minimum: 0,
        maximum: 100,
        default: 0,
      },
    },
  },
  check({ repository, parameters }, onFinding) {
    for (const capacity of capacityOf(repository)) {
      const { waves, scenarios } = capacity.assessment;
      const last = new Map(waves.map((row) => [row.environment ?? '', row]));
      for (const [environment, row] of last) {
        const wanted = Number(parameters(environment)['percent'] ?? 0);
        const verdict = scenarios.find(
          (each) =>
            each.scenario.kind === 'steady' &&
            (each.scenario.environment ?? '') === environment &&
            each.scenario.wave === row.wave,
        );
        if (verdict === undefined || verdict.status === 'impossible') continue;
        for (const { pool, have, taken, steady } of row.pools) {
          const free = have - taken - steady;
          if (have === 0 || steady === 0 || free * 100 >= wanted * have) continue;
          const users = capacity.workloads.filter(
            (each) =>
              (each.environment ?? '') === environment &&
              verdict.placement?.assignments.some(
                (one) => one.key.startsWith(`${each.id}#`) && one.node.startsWith(`${pool}-`),
              ),
          );
          const finding = onScenario(capacity, verdict.scenario, {
            ...(users.length === 0 ? {} : { about: users.map((each) => each.id) }),
            message: `Pool ${pool} of cluster ${capacity.cluster.name} has ${free} of ${have} GPUs left in steady state, less than the ${wanted} % that the policy keeps free.`,
            hint: 'Lower replicas, add nodes, or change the percentage in the policy.',
          });
          if (finding !== undefined) onFinding({ ...finding, environment, key: `${capacity.cluster.name} ${pool}` });
        }
      }
    }
  },
};
