import { at, integerAt, isObject, objectAt, objectsAt, stringAt } from '../../../capacity/read.js';
import { noParameters, onField, type Rule } from '../../rule.js';

export const kserveLlmisvcRules: Rule = {
  id: 'kserve-llmisvc-rules',
  group: 'serving',
  severity: 'error',
  summary: 'An LLMInferenceService has fields that the webhook of KServe refuses together.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const place of repository.byKind.get('serving.kserve.io/LLMInferenceService') ?? []) {
      const { object } = place;
      const fail = (pointer: string, message: string, hint: string) =>
        onFinding(
          onField(object, pointer, {
            part: 'key',
            application: place.application,
            namespace: place.namespace,
            key: pointer,
            message: `LLMInferenceService ${object.name} ${message}: the webhook refuses it.`,
            hint,
          }),
        );
      for (const [base, spec] of [
        ['/spec', objectAt(object.value, 'spec')],
        ['/spec/prefill', objectAt(object.value, 'spec', 'prefill')],
      ] as const) {
        const parallelism = objectAt(spec, 'parallelism');
        const has = (name: string) => integerAt(parallelism, name) !== undefined;
        const inherits = objectsAt(object.value, 'spec', 'baseRefs').length > 0;
        if (spec['replicas'] !== undefined && isObject(spec['scaling']))
          fail(`${base}/scaling`, 'has replicas and scaling', 'Keep one of the two.');
        if (isObject(at(spec, 'scaling', 'wva')) && isObject(at(spec, 'scaling', 'keda')))
          fail(`${base}/scaling/keda`, 'is scaled by wva and by keda', 'Keep one of the two.');
        if (has('pipeline') && has('data'))
          fail(`${base}/parallelism/data`, 'has pipeline and data parallelism', 'Keep one of the two.');
        if (has('data') !== has('dataLocal') && !inherits)
          fail(
            `${base}/parallelism/${has('data') ? 'data' : 'dataLocal'}`,
            `has ${has('data') ? 'data without dataLocal' : 'dataLocal without data'}`,
            'Write both: all ranks, and those of one Pod.',
          );
        if (isObject(spec['worker']) && !has('pipeline') && !has('data') && !inherits)
          fail(
            `${base}/worker`,
            'has a worker and neither pipeline nor data parallelism',
            'Write parallelism.pipeline or parallelism.data with dataLocal.',
          );
        const [low, high] = [integerAt(spec, 'scaling', 'minReplicas'), integerAt(spec, 'scaling', 'maxReplicas')];
        if (low !== undefined && high !== undefined && low > high)
          fail(`${base}/scaling/minReplicas`, `has minReplicas ${low} above maxReplicas ${high}`, 'Swap them.');
      }
      const names = objectsAt(object.value, 'spec', 'model', 'lora', 'adapters').map((each) => stringAt(each, 'name'));
      const twice = names.findIndex((name, index) => name !== undefined && names.indexOf(name) < index);
      if (twice >= 0)
        fail(
          `/spec/model/lora/adapters/${twice}/name`,
          `names the adapter ${names[twice]} twice`,
          'Give each adapter a name of its own.',
        );
    }
  },
};
