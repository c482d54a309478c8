import { capacityOf, onScenario } from '../../capacity.js';
import { noParameters, type Rule } from '../../rule.js';

export const fitsAtAutoscalerMaximum: Rule = {
  id: 'fits-at-autoscaler-maximum',
  group: 'capacity',
  severity: 'warning',
  summary: 'When all autoscalers are at their maximum, their Pods cannot all be placed.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const capacity of capacityOf(repository)) {
      const steady = new Set(
        capacity.assessment.scenarios
          .filter((each) => each.scenario.kind === 'steady' && each.status === 'impossible')
          .map((each) => each.scenario.environment ?? ''),
      );
      const failed = new Set<string>();
      for (const { scenario, status, message } of capacity.assessment.scenarios) {
        const environment = scenario.environment ?? '';
        if (scenario.kind !== 'maximum' || status !== 'impossible') continue;
        if (steady.has(environment) || failed.has(environment)) continue;
        failed.add(environment);
        const finding = onScenario(capacity, scenario, {
          message: `On cluster ${capacity.cluster.name}, with ${scenario.title}: ${message}`,
          hint: 'Lower the maximum, or add nodes; Pods above what fits stay Pending when they are needed most.',
        });
        if (finding !== undefined) onFinding(finding);
      }
    }
  },
};
