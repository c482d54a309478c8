import { capacityOf, onScenario } from '../../capacity.js';
import { noParameters, type Rule } from '../../rule.js';

export const gpuCapacity: Rule = {
  id: 'gpu-capacity',
  group: 'capacity',
  severity: 'error',
  summary: 'What is deployed to a cluster cannot all be placed on the nodes that its inventory declares.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const capacity of capacityOf(repository)) {
      const failed = new Set<string>();
      for (const { scenario, status, message } of capacity.assessment.scenarios) {
        const environment = scenario.environment ?? '';
        // A wave that does not fit makes all later ones not fit: the first one is what has to change.
        if (scenario.kind !== 'steady' || failed.has(environment)) continue;
        if (status !== 'impossible' && status !== 'unknown') continue;
        failed.add(environment);
        const finding = onScenario(capacity, scenario, {
          ...(status === 'unknown' ? { severity: 'warning' as const } : {}),
          message: `On cluster ${capacity.cluster.name}, ${scenario.title}: ${message}`,
          hint: 'Lower replicas or requests, or add nodes to the pool in the inventory (and to the cluster).',
        });
        if (finding !== undefined) onFinding(finding);
      }
    }
  },
};
