import { at, integerAt, isObject, listAt } from '../../../capacity/read.js';
import type { JsonObject } from '../../../diagnostics/diagnostic.js';
import { noParameters, type Rule } from '../../rule.js';
import { nameOf, onServer, servers } from '../../workloads.js';

export const gracefulShutdownBudget: Rule = {
  id: 'graceful-shutdown-budget',
  group: 'serving',
  severity: 'warning',
  summary: 'An engine is killed before it has finished the requests that it was given time for.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const { container, template, place, facts } = engine;
      const stated = integerAt(template.spec, 'terminationGracePeriodSeconds');
      const grace = stated ?? 30;
      const sleep = preStopSeconds(container.value);
      const timeout = Number(facts.flags.get('shutdown-timeout')?.value ?? '0');
      if (sleep === undefined || !Number.isFinite(timeout) || sleep + timeout <= grace) continue;
      const parts = [
        ...(sleep > 0 ? [`preStop takes ${sleep} s`] : []),
        ...(timeout > 0 ? [`--shutdown-timeout is ${timeout} s`] : []),
      ];
      onFinding(
        onServer(
          engine,
          stated === undefined ? template.pointer : `${template.pointer}/terminationGracePeriodSeconds`,
          {
            ...(stated === undefined ? { part: 'key' as const } : {}),
            message: `${nameOf(place)} has terminationGracePeriodSeconds ${grace}${stated === undefined ? ' (the default)' : ''}, and ${parts.join(' and ')}: requests in flight are cut at every rollout and drain.`,
            hint: `Write terminationGracePeriodSeconds: ${sleep + timeout + 15}.`,
          },
        ),
      );
    }
  },
};

/** Seconds that the preStop hook sleeps: 0 without one, undefined for one that does something else. */
function preStopSeconds(container: JsonObject): number | undefined {
  const hook = at(container, 'lifecycle', 'preStop');
  if (!isObject(hook)) return 0;
  const slept = integerAt(hook, 'sleep', 'seconds');
  if (slept !== undefined) return slept;
  const words = listAt(hook, 'exec', 'command').map(String).join(' ');
  const seconds = /(?:^|[\s/])sleep (\d{1,6})\s*$/.exec(words)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
