import type { JsonObject } from '../diagnostics/diagnostic.js';
import type { CountOrPercent, WorkloadDemand } from './facts.js';
import { integerAt, objectAt, stringAt } from './read.js';

/** The range an autoscaler moves a workload in. */
export interface Scaler {
  readonly id: string;
  readonly namespace: string;
  readonly target: { readonly kind: string; readonly name: string };
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * Reads HorizontalPodAutoscaler, KEDA ScaledObject and AIBrix PodAutoscaler; undefined for everything else. Defaults: HPA
 * minReplicas 1; KEDA minReplicaCount 0 (steady use counts at least 1), maxReplicaCount 100.
 */
export function scalerOf(object: JsonObject, defaultNamespace = 'default'): Scaler | undefined {
  const kind = stringAt(object, 'kind') ?? '';
  const spec = objectAt(object, 'spec');
  const name = stringAt(object, 'metadata', 'name') ?? '';
  const namespace = stringAt(object, 'metadata', 'namespace') ?? defaultNamespace;
  const target = objectAt(spec, 'scaleTargetRef');
  const targetName = stringAt(target, 'name');
  if (targetName === undefined) return undefined;
  const id = `${kind}/${namespace}/${name}`;
  const common = { id, namespace, target: { kind: stringAt(target, 'kind') ?? 'Deployment', name: targetName } };
  if (kind === 'HorizontalPodAutoscaler' || kind === 'PodAutoscaler') {
    const minimum = integerAt(spec, 'minReplicas') ?? 1;
    return { ...common, minimum, maximum: Math.max(minimum, integerAt(spec, 'maxReplicas') ?? minimum) };
  }
  if (kind === 'ScaledObject') {
    const minimum = integerAt(spec, 'minReplicaCount') ?? 0;
    return { ...common, minimum, maximum: Math.max(minimum, integerAt(spec, 'maxReplicaCount') ?? 100) };
  }
  return undefined;
}

/**
 * Joins workloads with the autoscalers that scale them. Steady use: the replicas of the manifest held within the range
 * (an autoscaler moves them there), at least one where a scaler may go to zero. Maximum: the scaler's, the largest of
 * several.
 */
export function withScalers(
  workloads: readonly WorkloadDemand[],
  scalers: readonly Scaler[],
): readonly WorkloadDemand[] {
  const byTarget = new Map<string, Scaler[]>();
  for (const scaler of scalers) {
    const key = `${scaler.target.kind}/${scaler.namespace}/${scaler.target.name}`;
    byTarget.set(key, [...(byTarget.get(key) ?? []), scaler]);
  }
  return workloads.map((workload) => {
    const [first, ...others] = byTarget.get(workload.id) ?? [];
    if (first === undefined) return workload;
    const widest = others.reduce((most, each) => (each.maximum > most.maximum ? each : most), first);
    const steady = Math.min(Math.max(workload.replicas.steady, widest.minimum, 1), Math.max(1, widest.maximum));
    return { ...workload, replicas: { steady, maximum: Math.max(steady, widest.maximum), scaledBy: widest.id } };
  });
}

/** `25%` of a count, rounded up (surge) or down (unavailable). */
export function resolveCount(value: CountOrPercent, replicas: number, rounding: 'up' | 'down'): number {
  if (typeof value === 'number') return value;
  const share = BigInt(value.slice(0, -1)) * BigInt(replicas);
  return Number(rounding === 'up' ? (share + 99n) / 100n : share / 100n);
}

/**
 * Surge and unavailable in replicas. Both zero means one unavailable, as the Deployment controller resolves it
 * (`pkg/controller/deployment/util`, ResolveFenceposts). At zero replicas nothing is rolled.
 */
export function rolloutCounts(workload: WorkloadDemand, replicas: number): { surge: number; unavailable: number } {
  const { rollout } = workload;
  if (replicas === 0 || rollout.style === 'none') return { surge: 0, unavailable: 0 };
  if (rollout.style === 'copy') return { surge: resolveCount(rollout.maxSurge, replicas, 'up'), unavailable: 0 };
  const surge = resolveCount(rollout.maxSurge, replicas, 'up');
  const unavailable = Math.min(replicas, resolveCount(rollout.maxUnavailable, replicas, 'down'));
  return surge === 0 && unavailable === 0 ? { surge: 0, unavailable: 1 } : { surge, unavailable };
}
