import { demandOf, rolloutCounts } from '../../../capacity/index.js';
import { hostnameKey } from '../../../capacity/nodes.js';
import { listAt, objectsAt, stringAt } from '../../../capacity/read.js';
import { podTemplates } from '../../../repository/pods.js';
import { found } from '../../neighbourhood.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import { largestRange } from '../../scalers.js';
import { nameOf } from '../../workloads.js';

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
      const sameNode = demand.templates.some(({ pod }) =>
        pod.affinity.some((each) => each.topologyKey === hostnameKey),
      );
      if (most < 1 || (most === 1 && surge === 0) || sameNode) continue;
      for (const [index, volume] of objectsAt(template.spec, 'volumes').entries()) {
        const name = stringAt(volume, 'persistentVolumeClaim', 'claimName');
        const claims = name === undefined ? [] : found(repository, place, `/PersistentVolumeClaim/${name}`);
        const modes = claims.flatMap((each) => listAt(each.object.value, 'spec', 'accessModes'));
        if (
          claims.length === 0 ||
          modes.length === 0 ||
          !modes.every((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod')
        )
          continue;
        const many = most > 1 && demand.replicas.steady > 1;
        onFinding(
          onField(object, `${template.pointer}/volumes/${index}/persistentVolumeClaim/claimName`, {
            ...(many ? {} : { severity: 'warning' as const }),
            application: place.application,
            namespace: place.namespace,
            message: many
              ? `${nameOf(place)} has ${demand.replicas.steady} replicas that share the claim ${name}, which is ${[...new Set(modes)].join(', ')}: Pods on a second node wait for it for ever (Multi-Attach).`
              : most > 1
                ? `${nameOf(place)} may be scaled to ${most} replicas that share the claim ${name}, which is ${[...new Set(modes)].join(', ')}: Pods on a second node wait for it (Multi-Attach).`
                : `An update of ${nameOf(place)} starts a new Pod beside the old one, and the claim ${name} is ${[...new Set(modes)].join(', ')}: on another node the new Pod waits for the old one, which stays until the new one is ready.`,
            hint:
              most > 1
                ? 'Use ReadWriteMany or ReadOnlyMany, or a StatefulSet with a claim for each Pod.'
                : 'Use the strategy Recreate, or maxSurge: 0 with maxUnavailable: 1.',
            key: name as string,
          }),
        );
      }
    }
  },
};
