import type { JsonObject } from '../diagnostics/diagnostic.js';
import type { CountOrPercent, Rollout, WholeNodes } from './facts.js';
import { at, objectAt, stringAt } from './read.js';

/** What a kind says about its Pods: read by one function per kind. */
export interface Shape {
  readonly replicas: number;
  /** Where the kind scales itself (KServe, KubeAI, …). */
  readonly maximum?: number;
  readonly templates: readonly ShapeTemplate[];
  readonly rollout: Rollout;
  readonly daemon?: boolean;
  readonly exclusiveTopology?: string;
  readonly wholeNodes?: WholeNodes;
  readonly unread?: readonly string[];
  /** Further sets of Pods with replicas of their own: the prefill half of a service that is split. */
  readonly others?: readonly (Omit<Shape, 'others'> & { readonly part: string })[];
}

export interface ShapeTemplate {
  readonly role: string;
  readonly perReplica: number;
  /** `{metadata, spec}`. */
  readonly template: JsonObject;
}

/** Deployments: 25 % both ways unless told (`pkg/apis/apps/v1/defaults.go`). */
export function deploymentRollout(strategy: JsonObject): Rollout {
  if (stringAt(strategy, 'type') === 'Recreate')
    return { style: 'replace', maxSurge: 0, maxUnavailable: '100%', name: 'Recreate' };
  const rolling = objectAt(strategy, 'rollingUpdate');
  return {
    style: 'rolling',
    maxSurge: countOrPercent(at(rolling, 'maxSurge')) ?? '25%',
    maxUnavailable: countOrPercent(at(rolling, 'maxUnavailable')) ?? '25%',
    name: 'RollingUpdate',
  };
}

/** `2`, `"2"` or `"25%"`. */
export function countOrPercent(value: unknown): CountOrPercent | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  if (typeof value !== 'string') return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  return /^\d{1,4}%$/.test(value) ? (value as CountOrPercent) : undefined;
}

/** Templates as `{metadata, spec}` from the places where custom resources keep a bare PodSpec. */
export function bareTemplate(podSpec: JsonObject, labels: Readonly<Record<string, string>> = {}): JsonObject {
  return { metadata: { labels }, spec: podSpec };
}
