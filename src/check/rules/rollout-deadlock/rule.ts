import type { Scenario } from '../../../capacity/index.js';
import { capacityOf, onScenario } from '../../capacity.js';
import { noParameters, type Rule } from '../../rule.js';

export const rolloutDeadlock: Rule = {
  id: 'rollout-deadlock',
  group: 'capacity',
  severity: 'error',
  summary: 'An update of a workload never proceeds: its new Pod waits for GPUs that the old one holds.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const capacity of capacityOf(repository)) {
      const steady = new Set(
        capacity.assessment.scenarios
          .filter((each) => each.scenario.kind === 'steady' && each.status === 'impossible')
          .map((each) => `${each.scenario.environment ?? ''} ${each.scenario.wave ?? 0}`),
      );
      for (const rollout of capacity.assessment.rollouts) {
        if (rollout.outcome !== 'deadlock' && rollout.outcome !== 'blocked') continue;
        if (steady.has(`${rollout.environment ?? ''} ${rollout.wave}`)) continue;
        const scenario: Scenario = {
          kind: 'progress',
          title: '',
          wave: rollout.wave,
          replicas: {},
          ...(rollout.environment === undefined ? {} : { environment: rollout.environment }),
        };
        const finding = onScenario(capacity, scenario, {
          about: [rollout.workload],
          message: `On cluster ${capacity.cluster.name}: ${rollout.message}`,
          hint: 'Set maxSurge: 0 and maxUnavailable: 1, which costs a replica during the update (in a spec of gitops-gen: `strategy: in-place`), or free the GPUs of one replica.',
        });
        if (finding !== undefined) onFinding({ ...finding, key: rollout.workload });
      }
    }
  },
};
