import { at, integerAt, stringAt } from '../../../capacity/read.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import { scalersOf } from '../../scalers.js';
import { hostNeeds, nameOf, servers, weightsOf } from '../../workloads.js';

export const scaleDownStabilisation: Rule = {
  id: 'scale-down-stabilisation',
  group: 'autoscaling',
  severity: 'warning',
  summary: 'An autoscaler takes replicas away sooner than they could be back.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const weights = weightsOf(repository, engine);
      const warm =
        weights === undefined
          ? undefined
          : hostNeeds(engine)?.warmSeconds[weights.prepared ? 'node-cache' : weights.storage];
      if (warm === undefined) continue;
      for (const scaler of scalersOf(repository, engine.place)) {
        const path =
          scaler.object.kind === 'ScaledObject'
            ? ['advanced', 'horizontalPodAutoscalerConfig', 'behavior', 'scaleDown']
            : ['behavior', 'scaleDown'];
        const down = at(scaler.object.value, 'spec', ...path);
        const stated = integerAt(down, 'stabilizationWindowSeconds');
        const window = stated ?? 300;
        if (window >= Math.min(warm, longest) || stringAt(down, 'selectPolicy') === 'Disabled') continue;
        onFinding(
          onField(
            scaler.object,
            stated === undefined ? '/spec' : `/spec/${path.join('/')}/stabilizationWindowSeconds`,
            {
              ...(stated === undefined ? { part: 'key' as const } : {}),
              application: scaler.application,
              namespace: scaler.namespace,
              message: `${nameOf(scaler)} takes replicas of ${nameOf(engine.place)} away after ${window} s of less load${stated === undefined ? ' (the default)' : ''}, and a new one takes about ${warm} s to load its weights: it flaps.`,
              hint: `Write ${path.join('.')}.stabilizationWindowSeconds: ${Math.min(longest, Math.ceil(warm / 300) * 300)}.`,
            },
          ),
        );
      }
    }
  },
};

/** The largest window that an HorizontalPodAutoscaler takes, in seconds. */
const longest = 3600;
