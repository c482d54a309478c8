import { at, isObject, objectAt } from '../../../capacity/read.js';
import type { JsonObject } from '../../../diagnostics/diagnostic.js';
import type { Deployed } from '../../../repository/model.js';
import { found } from '../../neighbourhood.js';
import { noParameters, type OnFinding, onField, type Rule } from '../../rule.js';
import { rangeFields, targetOf } from '../../scalers.js';

export const autoscalerRange: Rule = {
  id: 'autoscaler-range',
  group: 'autoscaling',
  severity: 'error',
  summary: 'The bounds of an autoscaler contradict each other or the replicas of what it scales.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const place of repository.deployed) {
      const target = targetOf(place.object);
      if (target !== undefined) {
        const { min, max } = rangeFields(place.object);
        const workloads = found(repository, place, `${target.group}/${target.kind}/${target.name}`);
        bounds(place, objectAt(place.object.value, 'spec'), '/spec', min, max, workloads, onFinding);
      } else if (isObject(at(place.object.value, 'spec', 'autoscaling')) && place.object.group.includes('.')) {
        const range = objectAt(place.object.value, 'spec', 'autoscaling');
        if (range['enabled'] !== false)
          bounds(place, range, '/spec/autoscaling', 'minReplicas', 'maxReplicas', [place], onFinding);
      }
    }
  },
};

function bounds(
  place: Deployed,
  range: JsonObject,
  pointer: string,
  min: string,
  max: string,
  workloads: readonly Deployed[],
  onFinding: OnFinding,
): void {
  const [low, high] = [range[min] ?? 1, range[max]];
  if (typeof low !== 'number' || typeof high !== 'number') return;
  const { object, application, namespace } = place;
  if (low > high) {
    onFinding(
      onField(object, `${pointer}/${range[min] === undefined ? max : min}`, {
        application,
        namespace,
        message: `${object.kind} ${object.name} has ${min} ${low} above ${max} ${high}; it is refused and scales nothing.`,
      }),
    );
    return;
  }
  for (const workload of workloads) {
    const replicas = at(workload.object.value, 'spec', 'replicas');
    if (typeof replicas !== 'number' || (replicas >= low && replicas <= high)) continue;
    onFinding(
      onField(workload.object, '/spec/replicas', {
        severity: 'warning',
        application: workload.application,
        namespace: workload.namespace,
        message:
          replicas === 0 && object.kind === 'HorizontalPodAutoscaler'
            ? `${workload.object.kind} ${workload.object.name} has 0 replicas, which turns ${object.kind} ${object.name} off: it does nothing until somebody scales the workload up.`
            : `${workload.object.kind} ${workload.object.name} has ${replicas} ${replicas === 1 ? 'replica' : 'replicas'}, outside of the ${low} to ${high} that ${workload === place ? 'its autoscaling' : `${object.kind} ${object.name}`} keeps.`,
        key: object.name,
      }),
    );
  }
}
