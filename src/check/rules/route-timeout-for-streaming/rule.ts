import { stringAt } from '../../../capacity/read.js';
import { enginesBehind, routeRules, secondsOf } from '../../routes.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import { nameOf } from '../../workloads.js';

export const routeTimeoutForStreaming: Rule = {
  id: 'route-timeout-for-streaming',
  group: 'serving',
  severity: 'error',
  summary: 'A route cuts answers of an engine off while they are still streamed.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const rule of routeRules(repository)) {
      const { place, value, pointer, istio } = rule;
      const stated = (
        istio
          ? [['timeout']]
          : [
              ['timeouts', 'request'],
              ['timeouts', 'backendRequest'],
            ]
      ).flatMap((path) => {
        const text = stringAt(value, ...path);
        const seconds = secondsOf(text);
        return text === undefined || seconds === undefined || seconds === 0 || seconds >= enough
          ? []
          : [{ path, text, seconds }];
      });
      if (stated.length === 0 || !rule.targets.some((target) => enginesBehind(repository, place, target).length > 0))
        continue;
      for (const { path, text, seconds } of stated) {
        onFinding(
          onField(place.object, `${pointer}/${path.join('/')}`, {
            ...(seconds < short ? {} : { severity: 'warning' as const }),
            application: place.application,
            namespace: place.namespace,
            key: `${pointer} ${path.join('.')}`,
            message: `${nameOf(place)} ends every request after ${text}, and it leads to an engine: a long answer takes minutes, and its stream is cut in the middle.`,
            hint: istio
              ? 'Leave timeout out, or write 0s; limit the idle time instead.'
              : 'Write timeouts.request: 0s, and limit the idle time at the gateway.',
          }),
        );
      }
    }
  },
};

/** Seconds: answers of a few hundred tokens take longer than the first, the longest ones about as long as the second. */
const short = 60;
const enough = 600;
