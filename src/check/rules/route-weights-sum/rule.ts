import { integerAt, objectsAt } from '../../../capacity/read.js';
import { routeRules } from '../../routes.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import { nameOf } from '../../workloads.js';

export const routeWeightsSum: Rule = {
  id: 'route-weights-sum',
  group: 'serving',
  severity: 'error',
  summary: 'The weights of a route send nothing to some or all of its destinations.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const { place, pointer, targets, istio, value } of routeRules(repository)) {
      const written = objectsAt(value, istio ? 'route' : 'backendRefs').map((each) => integerAt(each, 'weight'));
      if (written.length === 0 || targets.length !== written.length || targets.length < 2) continue;
      const total = written.reduce<number>((sum, weight) => sum + (weight ?? (istio ? 0 : 1)), 0);
      const common = { application: place.application, namespace: place.namespace, key: pointer };
      if (total === 0) {
        const none = written.every((weight) => weight === undefined);
        onFinding(
          onField(place.object, `${pointer}/${istio ? 'route' : 'backendRefs'}`, {
            ...common,
            part: 'key',
            message: `${nameOf(place)} has ${targets.length} destinations ${none ? 'without weights' : 'with weight 0'}: ${none ? 'Istio refuses it' : 'every request is answered with an error'}.`,
            hint: 'Write a weight for each destination.',
          }),
        );
      } else if (istio && total !== 100) {
        onFinding(
          onField(place.object, `${pointer}/route`, {
            ...common,
            part: 'key',
            severity: 'warning',
            message: `The weights of ${nameOf(place)} sum up to ${total}, not to 100: they are read as shares of ${total}${written.includes(undefined) ? ', and a destination without one gets nothing' : ''}.`,
            hint: 'Let them sum up to 100.',
          }),
        );
      }
    }
  },
};
