import { amountOf, type WorkloadDemand } from '../capacity/index.js';
import type { ClusterConfig } from '../spec/types.generated.js';

/** One limit on the sum of what some namespaces ask for. */
interface Limit {
  /** Undefined: all namespaces of this repository. */
  readonly namespaces: readonly string[] | undefined;
  /** Resource as Pods request it. */
  readonly resource: string;
  readonly most: number;
}

/** Whether these replicas, by workload id, stay within the quotas that a cluster declares; surge Pods count like any other. */
export type QuotaCheck = (workloads: readonly WorkloadDemand[], replicas: Readonly<Record<string, number>>) => boolean;

/** ResourceQuotas (`requests.<resource>`, `cpu`, `memory`, `pods`) and the nominal quota of Kueue's queues. */
export function quotaCheck(cluster: ClusterConfig): QuotaCheck {
  const limits = limitsOf(cluster);
  return (workloads, replicas) =>
    limits.every(({ namespaces, resource, most }) => {
      let sum = 0;
      for (const workload of workloads) {
        if (namespaces !== undefined && !namespaces.includes(workload.namespace)) continue;
        const each = workload.templates.reduce(
          (total, { pod, perReplica }) => total + (pod.requests[resource] ?? 0) * perReplica,
          0,
        );
        sum += each * (replicas[workload.id] ?? 0);
      }
      return sum <= most;
    });
}

function limitsOf(cluster: ClusterConfig): readonly Limit[] {
  const { resourceQuotas = [], kueue = [] } = cluster.spec.quotas ?? {};
  return [
    ...resourceQuotas.flatMap(({ namespace, hard }) => limits([namespace], hard)),
    ...(cluster.spec.installed?.kueue === undefined
      ? []
      : kueue.flatMap(({ namespaces, nominal }) => limits(namespaces, nominal))),
  ];
}

function limits(
  namespaces: readonly string[] | undefined,
  hard: Readonly<Record<string, string | number>>,
): readonly Limit[] {
  return Object.entries(hard).flatMap(([key, value]): Limit[] => {
    if (key.startsWith('limits.')) return [];
    const resource = key.replace(/^requests\./, '');
    const most = amountOf(resource, value);
    return most === undefined ? [] : [{ namespaces, resource, most }];
  });
}
