import { integerAt } from '../../../capacity/read.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import { scalersOf } from '../../scalers.js';
import { hostNeeds, nameOf, servers, weightsOf } from '../../workloads.js';

export const scaleToZeroColdStart: Rule = {
  id: 'scale-to-zero-cold-start',
  group: 'autoscaling',
  severity: 'warning',
  summary: 'An autoscaler takes an engine to zero, and the first request waits for its weights.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      for (const scaler of scalersOf(repository, engine.place)) {
        const { object } = scaler;
        const field = object.kind === 'ScaledObject' ? 'minReplicaCount' : 'minReplicas';
        const stated = integerAt(object.value, 'spec', field);
        const idle = integerAt(object.value, 'spec', 'idleReplicaCount');
        const least = idle ?? stated ?? (object.kind === 'ScaledObject' ? 0 : 1);
        if (least > 0) continue;
        const weights = weightsOf(repository, engine);
        const warm = weights === undefined ? undefined : hostNeeds(engine)?.warmSeconds[weights.storage];
        const where = idle === 0 ? 'idleReplicaCount' : field;
        onFinding(
          onField(object, idle === undefined && stated === undefined ? '/spec' : `/spec/${where}`, {
            ...(idle === undefined && stated === undefined ? { part: 'key' as const } : {}),
            application: scaler.application,
            namespace: scaler.namespace,
            message: `${nameOf(scaler)} takes ${nameOf(engine.place)} to zero${idle === undefined && stated === undefined ? ' (the default of minReplicaCount)' : ''}: nothing answers the next request until a GPU is free and the weights are loaded${warm === undefined ? '' : `, about ${warm} s`}.`,
            hint: `Write ${field}: 1, or put something before it that holds requests (KEDA HTTP add-on, Knative).`,
          }),
        );
      }
    }
  },
};
