import { at, objectsAt, stringAt } from '../../../capacity/read.js';
import type { JsonObject } from '../../../diagnostics/diagnostic.js';
import { atLeast, parseEngineVersion } from '../../../models/index.js';
import { servedNames } from '../../routes.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import { scalersOf } from '../../scalers.js';
import { nameOf, servers } from '../../workloads.js';

export const autoscaleMetricExists: Rule = {
  id: 'autoscale-metric-exists',
  group: 'autoscaling',
  severity: 'warning',
  summary: 'An autoscaler asks for a metric that its engine does not have.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const version = parseEngineVersion(engine.facts.engineVersion ?? '');
      const shows = engine.facts.flags.has('show-hidden-metrics-for-version');
      for (const scaler of scalersOf(repository, engine.place)) {
        for (const { text, pointer } of metricTexts(scaler.object.value)) {
          const common = { application: scaler.application, namespace: scaler.namespace, key: pointer };
          for (const { name, had, instead } of metrics) {
            // `a or b` asks for whichever there is.
            const takesEither = text.includes(instead) && /\bor\b/i.test(text);
            if (version === undefined || !text.includes(name) || takesEither) continue;
            const isGone = had.until !== undefined && !shows && atLeast(version, ...had.until);
            const isToCome = had.from !== undefined && !atLeast(version, ...had.from);
            if (!isGone && !isToCome) continue;
            onFinding(
              onField(scaler.object, pointer, {
                ...common,
                message: `${nameOf(scaler)} asks for ${name}, which vLLM ${engine.facts.engineVersion} of ${nameOf(engine.place)} ${isGone ? 'presumably no longer has' : 'does not have yet'}: then the metric is empty, and nothing is scaled.`,
                hint: `Use ${instead}.`,
              }),
            );
          }
          const model = /\bmodel_name="([^"]+)"/.exec(text)?.[1];
          const served = servedNames(engine);
          if (model === undefined || served === undefined || served.includes(model) || !/\bvllm:/.test(text)) continue;
          onFinding(
            onField(scaler.object, pointer, {
              ...common,
              severity: 'error',
              message: `${nameOf(scaler)} asks for metrics of the model "${model}", and ${nameOf(engine.place)} serves ${served.map((each) => `"${each}"`).join(', ')}: the metric is empty, and nothing is scaled.`,
              allowed: served,
            }),
          );
        }
      }
    }
  },
};

/**
 * Metrics that not every version of vLLM has, from one minor release on or until one. Those that go are deprecated in one minor
 * release, hidden in the next and removed in the one after (vLLM documentation, metrics). The release in which nobody sees them
 * without asking for hidden ones is inferred from that order, not stated by a source: hence a warning. The new name was
 * proposed in the month of 0.9.0 (vllm#18354), so that no release before has it.
 */
const metrics: readonly {
  readonly name: string;
  readonly had: { readonly from?: readonly [number, number]; readonly until?: readonly [number, number] };
  readonly instead: string;
}[] = [
  { name: 'vllm:gpu_cache_usage_perc', had: { until: [0, 12] }, instead: 'vllm:kv_cache_usage_perc' },
  { name: 'vllm:kv_cache_usage_perc', had: { from: [0, 9] }, instead: 'vllm:gpu_cache_usage_perc' },
  { name: 'vllm:num_requests_swapped', had: { until: [0, 12] }, instead: 'vllm:num_requests_waiting' },
  { name: 'vllm:cpu_cache_usage_perc', had: { until: [0, 12] }, instead: 'vllm:kv_cache_usage_perc' },
];

function metricTexts(object: JsonObject): { readonly text: string; readonly pointer: string }[] {
  const triggers = objectsAt(object, 'spec', 'triggers').flatMap((trigger, index) => {
    const text = stringAt(trigger, 'metadata', 'query');
    return text === undefined ? [] : [{ text, pointer: `/spec/triggers/${index}/metadata/query` }];
  });
  const numbers = objectsAt(object, 'spec', 'metrics').flatMap((metric, index) =>
    (['pods', 'external', 'object'] as const).flatMap((kind) => {
      const text = at(metric, kind, 'metric', 'name');
      return typeof text === 'string' ? [{ text, pointer: `/spec/metrics/${index}/${kind}/metric/name` }] : [];
    }),
  );
  return [...triggers, ...numbers];
}
