import type { Repository } from '../../../repository/index.js';
import { noParameters, onField, placeOf, type Rule } from '../../rule.js';
import { argumentsFor, commandsOf, scriptsOf, workflowSpec } from '../../scripts.js';
import type { Engine } from '../../serving.js';
import { hostNeeds, nameOf, servers, weightsOf } from '../../workloads.js';

export const argocdRetryTimeoutCoversStartup: Rule = {
  id: 'argocd-retry-timeout-covers-startup',
  group: 'order',
  severity: 'warning',
  summary: 'A step gives up waiting for an Application while its engine is still loading.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    const engines = servers(repository);
    for (const object of repository.objects) {
      const workflow = workflowSpec(object);
      for (const { text, pointer, template } of scriptsOf(object)) {
        for (const [whole, target = ''] of commandsOf(text).matchAll(
          /\bargocd\s+app\s+wait\s+(\{\{[^}]*\}\}|[\w.-]+)[^\n;&|]*/g,
        )) {
          const timeout = Number(/--timeout[= ](\d{1,6})\b/.exec(whole)?.[1] ?? Number.NaN);
          if (!Number.isFinite(timeout) || timeout === 0) continue;
          const parameter = /inputs\.parameters\.([\w-]+)/.exec(target)?.[1];
          const names =
            parameter === undefined
              ? [target]
              : workflow === undefined
                ? []
                : argumentsFor(workflow.spec, template ?? '', parameter);
          const slow = engines
            .filter(({ place }) => names.includes(place.application?.name ?? ''))
            .map((engine) => ({ engine, warm: warmSeconds(repository, engine) }))
            .filter(({ warm }) => warm > timeout)
            .sort((a, b) => b.warm - a.warm)[0];
          if (slow === undefined) continue;
          onFinding(
            onField(object, pointer, {
              key: `${pointer} ${target}`,
              message: `The script waits ${timeout} s for ${slow.engine.place.application?.name}, and ${nameOf(slow.engine.place)} takes about ${slow.warm} s to load its weights and start: the step fails although nothing is wrong.`,
              hint: `Wait ${Math.ceil((slow.warm * 2) / 60) * 60} s.`,
              related: [
                { message: 'the engine', at: placeOf(slow.engine.place.object, slow.engine.container.pointer) },
              ],
            }),
          );
        }
      }
    }
  },
};

/** The expected time to the first answer, in seconds; 0 where it is not known. */
function warmSeconds(repository: Repository, engine: Engine): number {
  const weights = weightsOf(repository, engine);
  return weights === undefined ? 0 : (hostNeeds(engine)?.warmSeconds[weights.storage] ?? 0);
}
