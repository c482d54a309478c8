import { capacityOf, onScenario } from '../../capacity.js';
import type { Rule } from '../../rule.js';

export const orderSafePlacement: Rule = {
  id: 'order-safe-placement',
  group: 'capacity',
  severity: 'warning',
  summary: 'Everything fits, but whether the scheduler reaches such a placement depends on the order of Pods.',
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      required: {
        description: 'Whether every order in which Pods arrive has to place all of them.',
        type: 'boolean',
        default: false,
      },
    },
  },
  check({ repository, parameters }, onFinding) {
    for (const capacity of capacityOf(repository)) {
      const failed = new Set<string>();
      for (const { scenario, status, order } of capacity.assessment.scenarios) {
        const environment = scenario.environment ?? '';
        if (scenario.kind !== 'steady' || failed.has(environment)) continue;
        if (parameters(scenario.environment)['required'] !== true) continue;
        // What does not fit in any order, or is not decided, is what gpu-capacity finds.
        if (status !== 'possible' || order === undefined || order.safe) continue;
        failed.add(environment);
        const finding = onScenario(capacity, scenario, {
          message: `On cluster ${capacity.cluster.name}, ${scenario.title}: all Pods have a place, and not every order of arrival is shown to reach one. ${order.reason}`,
          hint: order.remedy ?? 'Give the workloads pools of their own (label and taint), or nodes to spare.',
        });
        if (finding !== undefined) onFinding(finding);
      }
    }
  },
};
