import { objectAt, stringAt } from '../capacity/read.js';
import { groupOf } from '../repository/kube-object.js';
import type { KubeObject } from '../repository/model.js';

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
