import type { Deployed, KubeObject } from '../../../repository/model.js';
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
      if (before === undefined) {
        first.set(key, place);
        continue;
      }
      // One autoscaler in two Applications is one autoscaler; that it has two owners is duplicate-identity's to say.
      if (before.object === place.object || isSame(before.object, place.object)) continue;
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

/** Both stand in one namespace of one cluster, as the look-up has it. */
function isSame(a: KubeObject, b: KubeObject): boolean {
  return a.group === b.group && a.kind === b.kind && a.name === b.name;
}
