import { demandOf, rolloutCounts } from '../../../capacity/index.js';
import { listAt, objectsAt, stringAt } from '../../../capacity/read.js';
import type { Repository } from '../../../repository/index.js';
import type { Deployed } from '../../../repository/model.js';
import { podTemplates } from '../../../repository/pods.js';
import { found } from '../../neighbourhood.js';
import { noParameters, onField, placeOf, type Rule } from '../../rule.js';
import { largestRange } from '../../scalers.js';
import { nameOf } from '../../workloads.js';
import { attaches, isOnOneNode } from './attach.js';

export const rwoPvcMultiReplica: Rule = {
  id: 'rwo-pvc-multi-replica',
  group: 'kubernetes',
  severity: 'error',
  summary: 'Several Pods on several nodes need a volume that one node can have.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const place of [
      ...(repository.byKind.get('apps/Deployment') ?? []),
      ...(repository.byKind.get('argoproj.io/Rollout') ?? []),
    ]) {
      const { object } = place;
      const [template] = podTemplates(object);
      const demand = demandOf(object.value);
      if (template === undefined || demand === undefined) continue;
      const most = Math.max(demand.replicas.maximum, largestRange(repository, place));
      const { surge } = rolloutCounts(demand, 1);
      if (most < 1 || (most === 1 && surge === 0)) continue;
      const claims = claimsOf(repository, place, objectsAt(template.spec, 'volumes'));
      const oneNode = demand.templates.every(({ pod }) => isOnOneNode(pod));
      for (const mode of ['ReadWriteOnce', 'ReadWriteOncePod'] as const) {
        // One node may mount a ReadWriteOnce volume for all its Pods; a ReadWriteOncePod volume has one Pod.
        if (mode === 'ReadWriteOnce' && oneNode) continue;
        const [first, ...others] = claims.filter((claim) => claim.mode === mode);
        if (first === undefined) continue;
        const many = most > 1 && demand.replicas.steady > 1;
        const names = [first, ...others].map((claim) => claim.name);
        const which = `the ${names.length === 1 ? 'claim' : 'claims'} ${listed(names)}, ${names.length === 1 ? 'which is' : 'which are'} ${mode}`;
        const rest = mode === 'ReadWriteOnce' ? 'Pods on a second node wait for it' : 'all Pods but one wait for it';
        const waits = names.length === 1 ? rest : rest.replace(/it$/, 'them');
        const multi = mode === 'ReadWriteOnce' ? ' (Multi-Attach)' : '';
        const pointer = ({ index }: Claim) => `${template.pointer}/volumes/${index}/persistentVolumeClaim/claimName`;
        onFinding(
          onField(object, pointer(first), {
            ...(many ? {} : { severity: 'warning' as const }),
            application: place.application,
            namespace: place.namespace,
            message: many
              ? `${nameOf(place)} has ${demand.replicas.steady} replicas that share ${which}: ${waits} for ever${multi}.`
              : most > 1
                ? `${nameOf(place)} may be scaled to ${most} replicas that share ${which}: ${waits}${multi}.`
                : `An update of ${nameOf(place)} starts a new Pod beside the old one, and the ${names.length === 1 ? 'claim' : 'claims'} ${listed(names)} ${names.length === 1 ? 'is' : 'are'} ${mode}: ${mode === 'ReadWriteOnce' ? 'on another node ' : ''}the new Pod waits for the old one, which stays until the new one is ready.`,
            hint:
              most > 1
                ? 'Use ReadWriteMany or ReadOnlyMany, or a StatefulSet with a claim for each Pod.'
                : 'Use the strategy Recreate, or maxSurge: 0 with maxUnavailable: 1.',
            ...(others.length === 0
              ? {}
              : {
                  related: others.map((claim) => ({ message: claim.name, at: placeOf(object, pointer(claim)) })),
                }),
            key: names.join(' '),
          }),
        );
      }
    }
  },
};

interface Claim {
  readonly name: string;
  /** Among the volumes of the Pod. */
  readonly index: number;
  readonly mode: 'ReadWriteOnce' | 'ReadWriteOncePod';
}

/** The claims of a Pod that several nodes, or several Pods, cannot have at once. */
function claimsOf(repository: Repository, place: Deployed, volumes: ReturnType<typeof objectsAt>): Claim[] {
  return volumes.flatMap((volume, index): Claim[] => {
    const name = stringAt(volume, 'persistentVolumeClaim', 'claimName');
    const claims = name === undefined ? [] : found(repository, place, `/PersistentVolumeClaim/${name}`);
    const modes = claims.flatMap((each) => listAt(each.object.value, 'spec', 'accessModes'));
    if (name === undefined || modes.length === 0) return [];
    if (modes.every((mode) => mode === 'ReadWriteOncePod')) return [{ name, index, mode: 'ReadWriteOncePod' }];
    if (!modes.every((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod')) return [];
    return claims.some((each) => attaches(repository, each)) ? [{ name, index, mode: 'ReadWriteOnce' }] : [];
  });
}

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
