import { stringAt } from '../../../capacity/read.js';
import { noParameters, type Rule } from '../../rule.js';
import { nameOf, onServer, servers } from '../../workloads.js';

export const lwsRestartPolicy: Rule = {
  id: 'lws-restart-policy',
  group: 'serving',
  severity: 'warning',
  summary: 'A group of Pods goes on with one of them restarted.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const { object } = engine.place;
      const policy = stringAt(object.value, 'spec', 'leaderWorkerTemplate', 'restartPolicy');
      if (object.kind !== 'LeaderWorkerSet' || engine.template.podsPerReplica < 2 || policy === undefined) continue;
      if (policy === 'RecreateGroupOnPodRestart' || policy === 'RecreateGroupAfterStart') continue;
      onFinding(
        onServer(engine, '/spec/leaderWorkerTemplate/restartPolicy', {
          message: `${nameOf(engine.place)} has restartPolicy ${policy}: when a Pod of a group restarts, the ranks of the others wait for it for ever and hold their GPUs.`,
          hint: 'Write RecreateGroupOnPodRestart, which is the default.',
        }),
      );
    }
  },
};
