import { capacityOf, onScenario } from '../../capacity.js';
import { noParameters, type Rule } from '../../rule.js';

export const quotaExceeded: Rule = {
  id: 'quota-exceeded',
  group: 'capacity',
  severity: 'error',
  summary: 'What is deployed to a namespace or queue asks for more than its quota allows.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const capacity of capacityOf(repository)) {
      const said = new Set<string>();
      for (const quota of capacity.assessment.quotas) {
        const { scenario } = quota;
        const key = `${quota.quota} ${quota.resource} ${quota.problem}`;
        if (said.has(key)) continue;
        said.add(key);
        const finding = onScenario(capacity, scenario, {
          about: quota.workloads,
          ...(scenario.kind === 'steady' || quota.problem === 'silent' ? {} : { severity: 'warning' as const }),
          message: `On cluster ${capacity.cluster.name}: ${quota.message}`,
          hint:
            quota.problem === 'silent'
              ? 'Name requests and limits; the quota refuses Pods that do not.'
              : 'Lower what is asked for, or raise the quota.',
        });
        if (finding !== undefined) onFinding({ ...finding, key: `${capacity.cluster.name} ${key}` });
      }
    }
  },
};
