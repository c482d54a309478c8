import { at, isObject } from '../../../capacity/read.js';
import { noParameters, type Rule } from '../../rule.js';
import { hostNeeds, nameOf, onServer, probeBudget, servers } from '../../workloads.js';

export const livenessWithoutStartup: Rule = {
  id: 'liveness-without-startup',
  group: 'serving',
  severity: 'error',
  summary: 'A liveness probe without a startup probe kills the engine while weights are loading.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const { value, pointer } = engine.container;
      const probe = at(value, 'livenessProbe');
      if (!isObject(probe) || isObject(at(value, 'startupProbe'))) continue;
      const budget = probeBudget(probe);
      const needs = hostNeeds(engine);
      // A delay that covers the expected start does the same work, less well.
      const covers = needs === undefined ? budget >= enough : budget >= Math.max(...Object.values(needs.warmSeconds));
      onFinding(
        onServer(engine, `${pointer}/livenessProbe`, {
          part: 'key',
          ...(covers ? { severity: 'info' as const } : {}),
          message: `${nameOf(engine.place)} has a liveness probe and no startup probe: the engine is killed when it does not answer ${budget} s after its start, while the weights are still loading.`,
          hint: 'Add a startupProbe on /health that allows for the load; the liveness probe waits for it.',
        }),
      );
    }
  },
};

/** Seconds after which a model of unknown size may well be up: an hour, as llm-d's guides allow. */
const enough = 3600;
