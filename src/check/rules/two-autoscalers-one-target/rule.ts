import type { Deployed } from '../../../repository/model.js';
import { noParameters, onField, placeOf, type Rule } from '../../rule.js';
import { targetOf } from '../../scalers.js';

export const twoAutoscalers: Rule = {
  id: 'two-autoscalers-one-target',
  group: 'autoscaling',
  severity: 'error',
  summary: 'Two autoscalers scale one workload and undo each other.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    const first = new Map<string, Deployed>();
    for (const place of repository.deployed) {
      const target = targetOf(place.object);
      if (target === undefined) continue;
      const where = place.application === undefined ? `${place.unit.kind} ${place.unit.dir}` : place.cluster;
      const key = [where, place.namespace ?? '', target.group, target.kind, target.name].join('\n');
      const before = first.get(key);
      if (before === undefined || before.object === place.object) {
        first.set(key, place);
        continue;
      }
      onFinding(
        onField(place.object, target.pointer, {
          application: place.application,
          namespace: place.namespace,
          message: `${place.object.kind} ${place.object.name} and ${before.object.kind} ${before.object.name} both scale ${target.kind} ${target.name}: each undoes what the other does.`,
          hint: 'Keep one. KEDA makes an HorizontalPodAutoscaler of its own; put the other metric into the ScaledObject.',
          related: [
            { message: `${before.object.kind} ${before.object.name}`, at: placeOf(before.object, target.pointer) },
          ],
          key: before.object.name,
        }),
      );
    }
  },
};
