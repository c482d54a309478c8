import { integerAt, isObject, objectAt } from '../../../capacity/read.js';
import type { Json } from '../../../diagnostics/diagnostic.js';
import type { Repository } from '../../../repository/index.js';
import type { Deployed } from '../../../repository/model.js';
import { together } from '../../neighbourhood.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import { rangeFields, scalersOf } from '../../scalers.js';
import { templatesSelected } from '../../selected.js';
import { nameOf } from '../../workloads.js';

export const pdbCompatible: Rule = {
  id: 'pdb-compatible',
  group: 'kubernetes',
  severity: 'warning',
  summary: 'A disruption budget lets no Pod go, so that no node can be drained.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const place of repository.byKind.get('policy/PodDisruptionBudget') ?? []) {
      const { object } = place;
      const spec = objectAt(object.value, 'spec');
      const field = spec['minAvailable'] === undefined ? 'maxUnavailable' : 'minAvailable';
      const text = spec[field];
      const workloads = new Set(
        templatesSelected(repository, objectAt(spec, 'selector'))
          .map((each) => each.place)
          .filter(
            (each) => ['Deployment', 'StatefulSet', 'Rollout'].includes(each.object.kind) && together(each, place),
          ),
      );
      const [workload] = workloads;
      if (workload === undefined || workloads.size > 1 || text === undefined || !isObject(spec['selector'])) continue;
      const replicas = leastReplicas(repository, workload);
      if (replicas === undefined || replicas === 0 || spared(field, text, replicas) > 0) continue;
      onFinding(
        onField(object, `/spec/${field}`, {
          application: place.application,
          namespace: place.namespace,
          key: workload.object.name,
          message: `PodDisruptionBudget ${object.name} has ${field} ${String(text)}, and ${nameOf(workload)} has ${replicas} ${replicas === 1 ? 'replica' : 'replicas'}: no Pod may ever be evicted, and a drain of its node never ends.`,
          hint:
            replicas === 1
              ? 'A single replica needs no budget: leave it out, or have two.'
              : 'Write maxUnavailable: 1.',
        }),
      );
    }
  },
};

/** The fewest replicas that the workload has in ordinary times. */
function leastReplicas(repository: Repository, workload: Deployed): number | undefined {
  const scalers = scalersOf(repository, workload);
  const own = integerAt(workload.object.value, 'spec', 'replicas') ?? 1;
  if (scalers.length === 0) return own;
  const [scaler] = scalers;
  return scaler === undefined ? undefined : integerAt(scaler.object.value, 'spec', rangeFields(scaler.object).min);
}

/** Pods that a budget spares. Percentages round up for both fields (disruption controller). */
function spared(field: 'minAvailable' | 'maxUnavailable', text: Json, replicas: number): number {
  const percent = typeof text === 'string' ? /^(\d{1,3})%$/.exec(text)?.[1] : undefined;
  const amount = percent === undefined ? Number(text) : Math.ceil((Number(percent) * replicas) / 100);
  if (!Number.isFinite(amount)) return 1;
  return field === 'minAvailable' ? replicas - amount : amount;
}
