import { stringAt } from '../../../capacity/read.js';
import { together } from '../../neighbourhood.js';
import { gpuPods } from '../../placement.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import { nameOf } from '../../workloads.js';

export const kueueQueueLabel: Rule = {
  id: 'kueue-queue-label',
  group: 'capacity',
  severity: 'warning',
  summary: 'A workload with GPUs goes past the queue of its namespace, or to a queue that does not exist.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const { place, cluster, environment } of gpuPods(repository)) {
      const { object, namespace } = place;
      if (!queued.has(object.kind) || namespace === undefined || cluster === undefined) continue;
      const declared = (cluster.config.value.spec.quotas?.kueue ?? [])
        .filter((each) => each.namespaces === undefined || each.namespaces.includes(namespace))
        .map((each) => each.localQueue);
      const local = (repository.byKind.get('kueue.x-k8s.io/LocalQueue') ?? []).filter((each) => together(each, place));
      const queues = [...new Set([...declared, ...local.map((each) => each.object.name)])];
      if (queues.length === 0) continue;
      const queue = stringAt(object.value, 'metadata', 'labels', 'kueue.x-k8s.io/queue-name');
      if (queue !== undefined && queues.includes(queue)) continue;
      onFinding({
        ...onField(object, queue === undefined ? '/metadata/labels' : '/metadata/labels/kueue.x-k8s.io~1queue-name', {
          ...(queue === undefined ? { part: 'key' as const } : { severity: 'error' as const }),
          application: place.application,
          namespace,
          message:
            queue === undefined
              ? `${nameOf(place)} has no label kueue.x-k8s.io/queue-name, and Kueue keeps the quota of namespace ${namespace}: it is not counted, or held back.`
              : `${nameOf(place)} goes to the queue ${queue}, which namespace ${namespace} does not have: it is never admitted.`,
          allowed: queues,
        }),
        ...(environment === undefined ? {} : { environment }),
      });
    }
  },
};

/** Kinds that Kueue takes by a label on the workload itself (Kueue 0.19). */
const queued: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'LeaderWorkerSet', 'Job', 'RayCluster']);
