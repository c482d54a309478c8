import { at, integerAt, isObject } from '../../../capacity/read.js';
import { noParameters, type Rule } from '../../rule.js';
import { hostNeeds, nameOf, onServer, probeBudget, servers, weightsOf } from '../../workloads.js';

export const progressDeadlineCoversStartup: Rule = {
  id: 'progress-deadline-covers-startup',
  group: 'serving',
  severity: 'error',
  summary: 'A rollout is marked as failed while the engine may still be starting.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const { object } = engine.place;
      if (object.kind !== 'Deployment' && object.kind !== 'Rollout') continue;
      const stated = integerAt(object.value, 'spec', 'progressDeadlineSeconds');
      const deadline = stated ?? 600;
      const probe = at(engine.container.value, 'startupProbe');
      const budget = isObject(probe) ? probeBudget(probe) : 0;
      const weights = weightsOf(repository, engine);
      const needs = hostNeeds(engine);
      const warm = needs === undefined || weights === undefined ? 0 : needs.warmSeconds[weights.storage];
      if (deadline >= budget && deadline >= warm) continue;
      const what = warm > deadline ? `it takes about ${warm} s to start` : `its startup probe allows ${budget} s`;
      onFinding(
        onServer(engine, stated === undefined ? '/spec' : '/spec/progressDeadlineSeconds', {
          ...(stated === undefined ? { part: 'key' as const } : {}),
          ...(warm > deadline ? {} : { severity: 'warning' as const }),
          message: `${nameOf(engine.place)} has progressDeadlineSeconds ${deadline}${stated === undefined ? ' (the default)' : ''}, and ${what}: the rollout is marked as failed, and Argo CD calls it degraded, while the engine loads.`,
          hint: `Write progressDeadlineSeconds: ${Math.max(budget, warm) + 120}.`,
        }),
      );
    }
  },
};
