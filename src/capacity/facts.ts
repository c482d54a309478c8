/**
 * The facts this room judges by: what nodes offer, what Pods ask for. Amounts are integers: CPU in thousandths of a core,
 * memory and storage in bytes, everything else in pieces. All of it is plain data, so that it can be reported as JSON.
 */

/** Amount by resource name (`cpu`, `memory`, `pods`, `nvidia.com/gpu`, …). What is absent is 0. */
export type Resources = Readonly<Record<string, number>>;

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

export interface NodeFacts {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** Cordoned: as a taint `node.kubernetes.io/unschedulable:NoSchedule`. */
  readonly unschedulable?: boolean;
  /** What Pods may use in all, before anything is taken (Kubernetes: `status.allocatable`, not `capacity`). */
  readonly allocatable: Resources;
  /** What is taken by Pods that the scenario does not contain. */
  readonly taken?: Resources;
  readonly pool?: string;
  readonly zone?: string;
  /** A node that an autoscaler may add, and that does not stand there yet. */
  readonly scalable?: boolean;
}

export interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  readonly values: readonly string[];
}

export interface NodeSelectorTerm {
  readonly labels: readonly Requirement[];
  /** `matchFields`: Kubernetes knows one field, `metadata.name`. */
  readonly fields: readonly Requirement[];
}

export interface Toleration {
  /** Absent with `Exists`: tolerates everything. */
  readonly key?: string;
  readonly operator: 'Equal' | 'Exists' | 'Lt' | 'Gt';
  readonly value?: string;
  /** Absent: every effect. */
  readonly effect?: string;
}

export interface LabelSelector {
  readonly requirements: readonly Requirement[];
}

/** A required term of Pod affinity or anti-affinity. */
export interface PodTerm {
  readonly topologyKey: string;
  /** Undefined matches no Pod, an empty selector every Pod. */
  readonly selector?: LabelSelector;
  /** The namespaces it looks into; empty means the Pod's own. `*` means all (an empty namespaceSelector). */
  readonly namespaces: readonly string[];
}

/** A topology spread constraint with `whenUnsatisfiable: DoNotSchedule`. */
export interface SpreadTerm {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains?: number;
  readonly selector?: LabelSelector;
  /** Whether nodes that node affinity excludes count as domains: `Honor` (the default) leaves them out. */
  readonly nodeAffinityPolicy: 'Honor' | 'Ignore';
  readonly nodeTaintsPolicy: 'Honor' | 'Ignore';
}

export interface PodFacts {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The effective request as the scheduler counts it, `pods: 1` included. */
  readonly requests: Resources;
  /** The effective limits, for quotas. */
  readonly limits: Resources;
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Required node affinity: any of the terms. Undefined: no condition. Empty: matches nothing. */
  readonly nodeAffinity?: readonly NodeSelectorTerm[];
  readonly tolerations: readonly Toleration[];
  readonly affinity: readonly PodTerm[];
  readonly antiAffinity: readonly PodTerm[];
  readonly spread: readonly SpreadTerm[];
  /** `TCP/8000`: ports of the host, of which a node has one each. */
  readonly hostPorts: readonly string[];
  readonly priority: number;
  readonly priorityClassName?: string;
  readonly schedulerName?: string;
  /** Bound by hand (`spec.nodeName`): no scheduler is asked. */
  readonly nodeName?: string;
}

/** One template of a workload, and how many of its Pods one replica has. */
export interface PodTemplate {
  /** `pod`, or `leader`, `worker`, `head`, `prefill`, … where a workload has several. */
  readonly role: string;
  readonly perReplica: number;
  readonly pod: PodFacts;
}

/** A count, or a share of the replicas in percent, as Kubernetes writes them (`1`, `25%`). */
export type CountOrPercent = number | `${number}%`;

export interface Rollout {
  /**
   * `rolling`: old Pods go as new ones come, within surge and unavailable. `replace`: old Pods go first (Recreate,
   * StatefulSets, DaemonSets without surge). `copy`: a whole second set stands beside the first (blue-green, a canary
   * behind a router). `none`: Jobs and bare Pods.
   */
  readonly style: 'rolling' | 'replace' | 'copy' | 'none';
  /** Rounded up. */
  readonly maxSurge: CountOrPercent;
  /** Rounded down. */
  readonly maxUnavailable: CountOrPercent;
  /** What the manifest calls it: RollingUpdate, Recreate, blueGreen, canary, … */
  readonly name: string;
}

/** What one object of the cluster asks for. A replica is what its `replicas` counts: a Pod, or a group of Pods. */
export interface WorkloadDemand {
  /** `Deployment/namespace/name`, unique within a cluster. */
  readonly id: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly application?: string;
  readonly wave?: number;
  readonly environment?: string;
  readonly family?: string;
  readonly replicas: {
    readonly steady: number;
    /** With the autoscaler that scales it, else the same as `steady`. */
    readonly maximum: number;
    /** What scales it: `HorizontalPodAutoscaler/ns/name`, `ScaledObject/ns/name`, or the workload itself. */
    readonly scaledBy?: string;
  };
  readonly templates: readonly PodTemplate[];
  readonly rollout: Rollout;
  /** One Pod on every node that takes it, before everything else. */
  readonly daemon?: boolean;
  /** All Pods of a replica share one domain of this key, alone (LeaderWorkerSet exclusive topology). */
  readonly exclusiveTopology?: string;
  /** The Kueue queue it is submitted to. */
  readonly queue?: string;
  /** What could not be read from the manifest and was left out of the judgement. */
  readonly unread: readonly string[];
}

/** How many Pods one replica has. */
export function podsPerReplica(workload: WorkloadDemand): number {
  return workload.templates.reduce((sum, template) => sum + template.perReplica, 0);
}

/** Sum over resources; what is absent in both stays absent. */
export function addResources(a: Resources, b: Resources, times = 1): Resources {
  const sum: Record<string, number> = { ...a };
  for (const [name, amount] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + amount * times;
  return sum;
}

/** What is free on a node before the scenario's Pods come; never negative. */
export function freeOf(node: NodeFacts): Resources {
  const free: Record<string, number> = { ...node.allocatable };
  for (const [name, amount] of Object.entries(node.taken ?? {})) free[name] = Math.max(0, (free[name] ?? 0) - amount);
  return free;
}
