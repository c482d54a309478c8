import { integerAt, objectAt, objectsAt } from '../../../capacity/read.js';
import type { Repository } from '../../../repository/index.js';
import type { Deployed } from '../../../repository/model.js';
import { isOpen, together } from '../../neighbourhood.js';
import { enginesSelected, portOf } from '../../routes.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import { templatesSelected } from '../../selected.js';
import { nameOf } from '../../workloads.js';

export const inferencepoolSelectorAndPort: Rule = {
  id: 'inferencepool-selector-and-port',
  group: 'serving',
  severity: 'error',
  summary: 'An InferencePool selects no Pod, or a port on which its Pods do not listen.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const place of repository.byKind.get('inference.networking.k8s.io/InferencePool') ?? []) {
      const { object } = place;
      const common = { application: place.application, namespace: place.namespace };
      const labels = objectAt(object.value, 'spec', 'selector');
      if (
        !templatesSelected(repository, labels).some((each) => together(each.place, place)) &&
        !isOpen(repository, place) &&
        !hasOperators(repository, place)
      ) {
        onFinding(
          onField(object, '/spec/selector/matchLabels', {
            ...common,
            part: 'key',
            severity: 'warning',
            message: `InferencePool ${object.name} selects no Pod of this repository: the gateway answers 503.`,
            hint: 'Select by labels of the Pod template.',
          }),
        );
        continue;
      }
      const engines = enginesSelected(repository, place);
      for (const [index, target] of objectsAt(object.value, 'spec', 'targetPorts').entries()) {
        const number = integerAt(target, 'number');
        const wrong = engines.find((engine) => {
          const port = portOf(engine);
          const open = objectsAt(engine.template.spec, 'containers')
            .concat(objectsAt(engine.template.spec, 'initContainers'))
            .flatMap((each) => objectsAt(each, 'ports'))
            .map((each) => integerAt(each, 'containerPort'));
          return (
            number !== undefined &&
            port !== undefined &&
            port !== number &&
            !open.includes(number) &&
            engine.facts.data === 1
          );
        });
        if (wrong === undefined) continue;
        onFinding(
          onField(object, `/spec/targetPorts/${index}/number`, {
            ...common,
            key: String(index),
            message: `InferencePool ${object.name} sends requests to port ${number}, and ${nameOf(wrong.place)} listens on ${portOf(wrong)}: every request fails.`,
            hint: `Write number: ${portOf(wrong)}.`,
          }),
        );
      }
    }
  },
};

/** Serving kinds in the same place: their controllers label Pods in ways that are not written here. */
function hasOperators(repository: Repository, place: Deployed): boolean {
  return repository.deployed.some(
    (each) =>
      together(each, place) &&
      /^(serving\.kserve\.io|kaito\.sh|kubeai\.org|apps\.nvidia\.com|production-stack\.vllm\.ai|ray\.io|orchestration\.aibrix\.ai|inference\.llm-d\.io|nvidia\.com)$/.test(
        each.object.group,
      ),
  );
}
