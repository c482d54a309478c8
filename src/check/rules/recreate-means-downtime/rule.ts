import { demandOf, rolloutCounts } from '../../../capacity/index.js';
import { noParameters, type Rule } from '../../rule.js';
import { nameOf, onServer, servers } from '../../workloads.js';

export const recreateMeansDowntime: Rule = {
  id: 'recreate-means-downtime',
  group: 'serving',
  severity: 'warning',
  summary: 'An update stops all replicas of an engine at once while the new ones load.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const { object } = engine.place;
      if (object.kind !== 'Deployment') continue;
      const demand = demandOf(object.value);
      if (demand === undefined || demand.replicas.steady < 2) continue;
      const { steady } = demand.replicas;
      const recreate = demand.rollout.name === 'Recreate';
      const { surge, unavailable } = rolloutCounts(demand, steady);
      if (!recreate && (unavailable < steady || surge >= steady)) continue;
      onFinding(
        onServer(engine, recreate ? '/spec/strategy/type' : '/spec/strategy/rollingUpdate/maxUnavailable', {
          message: `An update of ${nameOf(engine.place)} stops all ${steady} replicas before new ones have loaded their weights: nothing answers for minutes.`,
          hint: 'Use RollingUpdate with maxSurge: 0 and maxUnavailable: 1, which needs no more GPUs than Recreate.',
        }),
      );
    }
  },
};
