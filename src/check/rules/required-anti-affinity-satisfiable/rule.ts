import { demandOf, rolloutCounts } from '../../../capacity/index.js';
import { admits, termMatches } from '../../../capacity/match.js';
import { hostnameKey } from '../../../capacity/nodes.js';
import { gpuPods } from '../../placement.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import { largestRange } from '../../scalers.js';
import { nameOf } from '../../workloads.js';

export const requiredAntiAffinitySatisfiable: Rule = {
  id: 'required-anti-affinity-satisfiable',
  group: 'capacity',
  severity: 'error',
  summary: 'Required anti-affinity asks for more hosts than there are.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const { place, template, pod, cluster, nodes, environment } of gpuPods(repository)) {
      const terms = pod.antiAffinity.filter((term) => term.topologyKey === hostnameKey && termMatches(term, pod, pod));
      const demand = demandOf(place.object.value);
      if (terms.length === 0 || nodes.length === 0 || demand === undefined) continue;
      const hosts = nodes.filter((node) => admits(pod, node)).length;
      const steady = demand.replicas.steady * template.podsPerReplica;
      const most = Math.max(demand.replicas.maximum, largestRange(repository, place)) * template.podsPerReplica;
      const { surge, unavailable } = rolloutCounts(demand, demand.replicas.steady);
      const stuck = surge > 0 && unavailable === 0 && steady >= hosts;
      if (hosts === 0 || (most <= hosts && !stuck)) continue;
      const what =
        steady > hosts
          ? `${steady} Pods`
          : most > hosts
            ? `up to ${most} Pods`
            : `${steady} Pods and one more during an update`;
      onFinding({
        ...onField(
          place.object,
          `${template.pointer}/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution`,
          {
            ...(steady > hosts ? {} : { severity: 'warning' as const }),
            part: 'key',
            application: place.application,
            namespace: place.namespace,
            message: `${nameOf(place)} keeps its Pods on different hosts and makes ${what}; cluster ${cluster?.name} has ${hosts} ${hosts === 1 ? 'host' : 'hosts'} that take them: the rest stays Pending.`,
            hint: 'Prefer different hosts (preferredDuringScheduling, or a topology spread with ScheduleAnyway), or write maxSurge: 0 where only the update is too much.',
          },
        ),
        ...(environment === undefined ? {} : { environment }),
      });
    }
  },
};
