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
  /** The node is one of a declared pool: labels that clouds and components set by themselves need not be among its labels. */
  readonly declared?: boolean;
  /** Products that the GPUs of a declared pool may be, where it names a class of several; the label says the first. */
  readonly products?: readonly string[];
  /** Devices that DRA drivers publish for the node. */
  readonly devices?: readonly Device[];
}

/** A device of a ResourceSlice. */
export interface Device {
  readonly driver: string;
  readonly pool: string;
  readonly name: string;
  /** By qualified name (`gpu.nvidia.com/productName`; the driver's domain where the slice gives none). */
  readonly attributes: Readonly<Record<string, DeviceAttribute>>;
  /** Amounts by qualified name; bytes for memory. */
  readonly capacity: Readonly<Record<string, number>>;
  readonly taints: readonly Taint[];
  /** What it takes of counters that devices of its pool share: amounts by set and counter. */
  readonly consumes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** What there is of these counters. */
  readonly counters: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export type DeviceAttribute = string | number | boolean | { readonly version: string };

/** A claim of a Pod on devices. */
export interface DeviceClaim {
  /** `namespace/name` of the ResourceClaim or its template. */
  readonly name: string;
  /** A ResourceClaim of its own: all Pods that name it use the same devices. */
  readonly shared: boolean;
  readonly requests: readonly DeviceRequest[];
  /** Attributes that all its devices must have in common. */
  readonly matchAttributes: readonly string[];
}

/** Any of the choices satisfies it; the scheduler takes the first that the node has. */
export interface DeviceRequest {
  readonly name: string;
  readonly choices: readonly DeviceChoice[];
}

export interface DeviceChoice {
  readonly deviceClass: string;
  /** CEL, all of which a device must meet. */
  readonly selectors: readonly string[];
  /** `all`: every such device of the node, none of which may be in use. */
  readonly count: number | 'all';
  readonly tolerations: readonly Toleration[];
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
  /** Devices by claim. `settle` turns them into amounts of `requests`. */
  readonly claims?: readonly DeviceClaim[];
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
  /** Set where Pods take nodes whole (KAITO): what that comes to is only known with the nodes, by `settle`. */
  readonly wholeNodes?: WholeNodes;
  /** Other ways to meet its claims (`firstAvailable`), beside `templates`. Filled by `settle`. */
  readonly alternatives?: readonly (readonly PodTemplate[])[];
  /** The least that every way asks for: what does not fit even so is impossible. Filled by `settle`. */
  readonly relaxed?: readonly PodTemplate[];
  /** What could not be read from the manifest and was left out of the judgement. */
  readonly unread: readonly string[];
}

/** One Pod a node, which takes all its devices. */
export interface WholeNodes {
  /** The controller adds nodes of this type itself; absent: it takes nodes that are there. */
  readonly instanceType?: string;
  /** What the nodes bear. */
  readonly labels: Readonly<Record<string, string>>;
  /** Nodes of one replica, as far as the manifest says it. */
  readonly nodes: number;
  /** The node says how many devices a Pod gets. */
  readonly takesAll?: boolean;
  /** The model of the catalog whose size says how many nodes one replica needs. */
  readonly model?: string;
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
