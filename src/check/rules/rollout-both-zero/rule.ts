import { objectAt } from '../../../capacity/read.js';
import type { Json } from '../../../diagnostics/diagnostic.js';
import { toPointer } from '../../../yaml/range.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import { nameOf } from '../../workloads.js';

export const rolloutBothZero: Rule = {
  id: 'rollout-both-zero',
  group: 'kubernetes',
  severity: 'error',
  summary: 'An update may neither add a Pod nor take one away.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const place of repository.deployed) {
      const { object } = place;
      const path = paths[`${object.group}/${object.kind}`];
      if (path === undefined) continue;
      const rolling = objectAt(object.value, ...path);
      if (!isZero(rolling['maxSurge']) || !isZero(rolling['maxUnavailable'])) continue;
      onFinding(
        onField(object, `${toPointer(path)}/maxUnavailable`, {
          application: place.application,
          namespace: place.namespace,
          message: `${nameOf(place)} has maxSurge 0 and maxUnavailable 0: it is refused, because no update could ever proceed.`,
          hint: 'Write maxUnavailable: 1, which costs a replica during the update, or maxSurge: 1, which needs room for one.',
        }),
      );
    }
  },
};

/** Deployments are held against the rules of the API server elsewhere. */
const paths: Readonly<Record<string, readonly string[]>> = {
  'argoproj.io/Rollout': ['spec', 'strategy', 'canary'],
  'serving.kserve.io/LLMInferenceService': ['spec', 'rolloutStrategy'],
  'serving.kserve.io/InferenceService': ['spec', 'predictor', 'deploymentStrategy', 'rollingUpdate'],
  'leaderworkerset.x-k8s.io/LeaderWorkerSet': ['spec', 'rolloutStrategy', 'rollingUpdateConfiguration'],
};

function isZero(value: Json | undefined): boolean {
  return value === 0 || value === '0' || value === '0%';
}
