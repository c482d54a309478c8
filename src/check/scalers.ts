import { integerAt, objectAt, stringAt } from '../capacity/read.js';
import type { Repository } from '../repository/index.js';
import { groupOf } from '../repository/kube-object.js';
import type { Deployed, KubeObject } from '../repository/model.js';
import { together } from './neighbourhood.js';

/** What an autoscaler scales, as it names it. */
export interface ScaleTarget {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  /** Pointer of the reference in the autoscaler. */
  readonly pointer: string;
}

/** The target of an HorizontalPodAutoscaler or a KEDA ScaledObject (whose target defaults to a Deployment). */
export function targetOf(object: KubeObject): ScaleTarget | undefined {
  const isHpa = object.group === 'autoscaling' && object.kind === 'HorizontalPodAutoscaler';
  const isKeda = object.group === 'keda.sh' && object.kind === 'ScaledObject';
  if (!isHpa && !isKeda) return undefined;
  const reference = objectAt(object.value, 'spec', 'scaleTargetRef');
  const name = stringAt(reference, 'name');
  if (name === undefined) return undefined;
  return {
    group: groupOf(stringAt(reference, 'apiVersion') ?? 'apps/v1'),
    kind: stringAt(reference, 'kind') ?? 'Deployment',
    name,
    pointer: '/spec/scaleTargetRef/name',
  };
}

/** The fields of an autoscaler's range. */
export function rangeFields(object: KubeObject): { readonly min: string; readonly max: string } {
  return object.kind === 'ScaledObject'
    ? { min: 'minReplicaCount', max: 'maxReplicaCount' }
    : { min: 'minReplicas', max: 'maxReplicas' };
}

/** The autoscalers that scale a workload. */
export function scalersOf(repository: Repository, workload: Deployed): readonly Deployed[] {
  const { object } = workload;
  const targets = byTarget(repository).get(targetKey(object)) ?? [];
  return targets.filter((each) => together(each, workload));
}

const indexes = new WeakMap<Repository, ReadonlyMap<string, readonly Deployed[]>>();

/** Autoscalers by their targets, once for a repository: asking for one workload's then costs its own only. */
function byTarget(repository: Repository): ReadonlyMap<string, readonly Deployed[]> {
  const known = indexes.get(repository);
  if (known !== undefined) return known;
  const index = new Map<string, Deployed[]>();
  for (const kind of ['autoscaling/HorizontalPodAutoscaler', 'keda.sh/ScaledObject']) {
    for (const each of repository.byKind.get(kind) ?? []) {
      const target = targetOf(each.object);
      if (target === undefined) continue;
      const list = index.get(targetKey(target));
      if (list === undefined) index.set(targetKey(target), [each]);
      else list.push(each);
    }
  }
  indexes.set(repository, index);
  return index;
}

function targetKey({ group, kind, name }: Pick<ScaleTarget, 'group' | 'kind' | 'name'>): string {
  return [group, kind, name].join('\n');
}

/** The most replicas that an autoscaler makes of a workload (KEDA's default is 100); 0 where nothing scales it. */
export function largestRange(repository: Repository, workload: Deployed): number {
  return scalersOf(repository, workload).reduce((most, { object }) => {
    const stated = integerAt(object.value, 'spec', rangeFields(object).max);
    return Math.max(most, stated ?? (object.kind === 'ScaledObject' ? 100 : 0));
  }, 0);
}
