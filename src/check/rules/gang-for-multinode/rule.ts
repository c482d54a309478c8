import { noParameters, type Rule } from '../../rule.js';
import { onServer, servers } from '../../workloads.js';

export const gangForMultinode: Rule = {
  id: 'gang-for-multinode',
  group: 'serving',
  severity: 'error',
  summary: 'An engine that spans nodes is made of Pods that nothing keeps together.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const { facts, place } = engine;
      const flag = facts.flags.get('nnodes');
      if (place.object.kind !== 'Deployment' || flag === undefined || Number(flag.value) < 2) continue;
      onFinding(
        onServer(engine, engine.pointerOf(flag.source), {
          message: `Deployment ${place.object.name} runs an engine over ${flag.value ?? 'several'} nodes: its Pods have no ranks of their own, start one by one, and an incomplete group holds its GPUs for ever.`,
          hint: 'Use a LeaderWorkerSet: one group is one replica, placed and restarted as a whole.',
        }),
      );
    }
  },
};
