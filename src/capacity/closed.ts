import type { NodeFacts, PodFacts, Resources, Taint, WorkloadDemand } from './facts.js';
import { admits, unschedulableTaint } from './match.js';

/**
 * Nodes that take no new Pods for the state they are in, and not for what they are meant for. The scheduler knows these states as
 * taints alone; Pods that run there keep running, unless the taint is NoExecute. Sources: "Well-Known Labels, Annotations and
 * Taints" of the Kubernetes documentation; pkg/controller/nodelifecycle (kubernetes 1.34); cluster-autoscaler/utils/taints;
 * karpenter/pkg/apis/v1/taints.go.
 */
const states: Readonly<Record<string, string>> = {
  'node.kubernetes.io/unschedulable': 'cordoned',
  'node.kubernetes.io/not-ready': 'not ready',
  'node.kubernetes.io/unreachable': 'unreachable',
  'node.kubernetes.io/disk-pressure': 'short of disk',
  'node.kubernetes.io/memory-pressure': 'short of memory',
  'node.kubernetes.io/pid-pressure': 'short of process ids',
  'node.kubernetes.io/network-unavailable': 'without a network',
  'node.kubernetes.io/out-of-service': 'out of service',
  'node.cloudprovider.kubernetes.io/shutdown': 'shut down',
  'node.cloudprovider.kubernetes.io/uninitialized': 'not initialized by its cloud yet',
  ToBeDeletedByClusterAutoscaler: 'being removed by the cluster autoscaler',
  'karpenter.sh/disrupted': 'being removed by Karpenter',
};

/** Whether a taint says what state a node is in: nothing for a workload to tolerate, and nothing that lasts. */
export function isStateTaint({ key, effect }: Pick<Taint, 'key'> & { readonly effect: string }): boolean {
  return effect !== 'PreferNoSchedule' && Object.hasOwn(states, key);
}

/** Why a node takes no new Pods now, in words (`cordoned`); empty where its state keeps none away. */
export function statesOf(node: NodeFacts): readonly string[] {
  const taints = node.unschedulable === true ? [unschedulableTaint, ...node.taints] : node.taints;
  return [...new Set(taints.filter(isStateTaint).map(({ key }) => states[key] as string))];
}

/** A node that none of the Pods may use for the state it is in. */
export interface ClosedNode {
  readonly node: string;
  readonly pool: string;
  readonly why: readonly string[];
  /** Devices by resource, before anything is taken. */
  readonly devices: Resources;
  /** Of these, what Pods hold that keep running there. */
  readonly taken: Resources;
}

/**
 * Whether the node is in a state in which no new Pod comes, and none of these Pods tolerates it. DaemonSets do not count: their
 * controller tolerates these states for them, and what they hold is no room for anything else.
 */
export function isClosed(node: NodeFacts, pods: readonly PodFacts[]): boolean {
  return statesOf(node).length > 0 && !pods.some((pod) => admits(pod, node));
}

/** The Pods of workloads that a scheduler places. */
export function placedPods(workloads: readonly WorkloadDemand[]): readonly PodFacts[] {
  return workloads
    .filter((each) => each.daemon !== true)
    .flatMap(({ templates, alternatives = [] }) => [templates, ...alternatives].flat().map(({ pod }) => pod));
}
