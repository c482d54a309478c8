import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { addResources, type NodeFacts, type Resources, type Taint } from './facts.js';
import { amountOf } from './quantity.js';
import { at, objectAt, objectsAt, stringAt, stringsAt } from './read.js';

export const hostnameKey = 'kubernetes.io/hostname';
export const zoneKey = 'topology.kubernetes.io/zone';

/** Nothing in Kubernetes bounds it; the kubelet's own default, where an inventory does not say. */
const defaultPodsPerNode = 110;

/** A node pool as ClusterConfig declares it; amounts are Kubernetes quantities. */
export interface NodePool {
  readonly name: string;
  /** GPU product (label `nvidia.com/gpu.product`) or a class of products (`h100-80gb`); absent on pools without GPUs. */
  readonly gpu?: string;
  readonly gpusPerNode?: number;
  readonly nodes: number | { readonly min: number; readonly max: number };
  readonly allocatable: {
    readonly cpu?: string | number;
    readonly memory?: string | number;
    readonly ephemeralStorage?: string | number;
    readonly pods?: string | number;
  };
  /** Further resources of a node by their Kubernetes names (`hugepages-1Gi`, `rdma/hca`). */
  readonly resources?: Readonly<Record<string, string | number>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  readonly zone?: string;
  /** Slices by profile and GPU: `{ 1g.10gb: 7 }`. With the single strategy they go under the plain name of the GPUs. */
  readonly mig?: { readonly strategy?: 'single' | 'mixed'; readonly profiles: Readonly<Record<string, number>> };
  readonly timeSlicing?: { readonly replicas: number; readonly renameByDefault?: boolean };
  /** Taken by what is not in the repository: on each of the first `nodes` nodes, or on every one. */
  readonly used?: readonly UsedOnNodes[];
  /** The extended resource of the pool's devices. Default `nvidia.com/gpu`. */
  readonly gpuResource?: string;
}

export interface UsedOnNodes {
  readonly nodes?: number;
  readonly gpus?: number;
  readonly cpu?: string | number;
  readonly memory?: string | number;
  readonly ephemeralStorage?: string | number;
  readonly pods?: number;
}

const shortNames: Readonly<Record<string, string>> = { ephemeralStorage: 'ephemeral-storage' };

/**
 * The nodes of a pool: as many as it may grow to, those beyond its minimum marked `scalable`.
 */
export function nodesOfPool(pool: NodePool): readonly NodeFacts[] {
  const range = typeof pool.nodes === 'number' ? { min: pool.nodes, max: pool.nodes } : pool.nodes;
  const allocatable = allocatableOf(pool);
  const taints = (pool.taints ?? []).map(({ key, value, effect }) => ({
    key,
    value: value ?? '',
    effect: effect as Taint['effect'],
  }));
  return Array.from({ length: Math.max(0, range.max) }, (_, index) => {
    const name = `${pool.name}-${index + 1}`;
    const zone = pool.zone ?? pool.labels?.[zoneKey];
    const labels = {
      ...(zone === undefined ? {} : { [zoneKey]: zone }),
      ...pool.labels,
      [hostnameKey]: name,
    };
    const used = usedOn(pool, index);
    return {
      name,
      labels,
      taints,
      allocatable,
      pool: pool.name,
      ...(zone === undefined ? {} : { zone }),
      ...(used === undefined ? {} : { taken: used }),
      ...(index >= range.min ? { scalable: true } : {}),
    };
  });
}

/**
 * What a node of the pool advertises. MIG with the mixed strategy gives a resource per profile and no whole GPUs, with
 * the single strategy slices under the plain name; time-slicing multiplies, and renames to `….shared` if told
 * (NVIDIA k8s-device-plugin, README). The pools never mix.
 */
function allocatableOf(pool: NodePool): Resources {
  const read: Record<string, number> = { pods: defaultPodsPerNode };
  for (const [key, value] of Object.entries({ ...pool.allocatable, ...pool.resources })) {
    const resource = shortNames[key] ?? key;
    const amount = amountOf(resource, value);
    if (amount !== undefined) read[resource] = amount;
  }
  const resource = pool.gpuResource ?? 'nvidia.com/gpu';
  const replicas = pool.timeSlicing?.replicas ?? 1;
  const shared = (name: string) =>
    pool.timeSlicing?.renameByDefault === true && replicas > 1 ? `${name}.shared` : name;
  if (pool.mig === undefined) {
    if ((pool.gpusPerNode ?? 0) > 0) read[shared(resource)] = (pool.gpusPerNode ?? 0) * replicas;
    return read;
  }
  const domain = resource.slice(0, resource.indexOf('/'));
  for (const [profile, count] of Object.entries(pool.mig.profiles)) {
    const name = pool.mig.strategy === 'single' ? resource : `${domain}/mig-${profile}`;
    read[shared(name)] = (read[shared(name)] ?? 0) + count * (pool.gpusPerNode ?? 1) * replicas;
  }
  return read;
}

function usedOn(pool: NodePool, index: number): Resources | undefined {
  const here = (pool.used ?? []).filter((each) => each.nodes === undefined || index < each.nodes);
  if (here.length === 0) return undefined;
  return here.reduce<Resources>((sum, { nodes: _, gpus, ...amounts }) => {
    const read: Record<string, number> = gpus === undefined ? {} : { [deviceOf(pool)]: gpus };
    for (const [key, value] of Object.entries(amounts)) {
      const resource = shortNames[key] ?? key;
      read[resource] = amountOf(resource, value) ?? 0;
    }
    return addResources(sum, read);
  }, {});
}

/** What the devices of a pool are called when asked for one: its only kind of slice where it has one kind. */
function deviceOf(pool: NodePool): string {
  const devices = Object.keys(allocatableOf({ ...pool, used: [] })).filter((name) => name.includes('/'));
  return devices.length === 1 ? (devices[0] as string) : (pool.gpuResource ?? 'nvidia.com/gpu');
}

/** The objects in `kubectl get … -o json`: a List, one object, or an array of either. */
export function itemsOf(value: Json): readonly JsonObject[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(itemsOf);
  const items = objectsAt(value, 'items');
  if (items.length > 0 || /List$/.test(stringAt(value, 'kind') ?? '')) return items;
  return stringAt(value, 'kind') === undefined ? [] : [value as JsonObject];
}

/** Labels that say which pool a node belongs to, by cloud and provisioner. */
const poolLabels: readonly string[] = [
  'cloud.google.com/gke-nodepool',
  'eks.amazonaws.com/nodegroup',
  'alpha.eksctl.io/nodegroup-name',
  'karpenter.sh/nodepool',
  'kubernetes.azure.com/agentpool',
  'agentpool',
  'node.cluster.x-k8s.io/machinepool',
  'machine.openshift.io/cluster-api-machineset',
  'oci.oraclecloud.com/node-pool-id',
  'node-pool',
];

/** The nodes of `kubectl get nodes -o json`. Those that are not Ready or cordoned keep Pods away by their taints. */
export function nodesOfKubernetes(list: Json): readonly NodeFacts[] {
  return itemsOf(list)
    .filter((item) => stringAt(item, 'kind') === 'Node')
    .map(nodeFacts);
}

function nodeFacts(node: JsonObject): NodeFacts {
  const name = stringAt(node, 'metadata', 'name') ?? '';
  const labels = stringsAt(node, 'metadata', 'labels');
  const spec = objectAt(node, 'spec');
  const allocatable: Record<string, number> = {};
  for (const [resource, value] of Object.entries(objectAt(node, 'status', 'allocatable'))) {
    allocatable[resource] = amountOf(resource, value) ?? 0;
  }
  const ready = objectsAt(node, 'status', 'conditions').find((each) => stringAt(each, 'type') === 'Ready');
  const taints = objectsAt(spec, 'taints').map(
    (taint): Taint => ({
      key: stringAt(taint, 'key') ?? '',
      value: stringAt(taint, 'value') ?? '',
      effect: (stringAt(taint, 'effect') ?? 'NoSchedule') as Taint['effect'],
    }),
  );
  const state = taintOfReady(stringAt(ready, 'status'));
  const missing =
    state !== undefined && !taints.some(({ key, effect }) => key === state.key && effect === state.effect);
  const pool = poolLabels.map((key) => labels[key]).find((value) => value !== undefined);
  const zone = labels[zoneKey] ?? labels['failure-domain.beta.kubernetes.io/zone'];
  return {
    name,
    labels: labels[hostnameKey] === undefined ? { ...labels, [hostnameKey]: name } : labels,
    taints: missing ? [...taints, state] : taints,
    ...(at(spec, 'unschedulable') === true ? { unschedulable: true } : {}),
    allocatable: { pods: defaultPodsPerNode, ...allocatable },
    ...(pool === undefined ? {} : { pool }),
    ...(zone === undefined ? {} : { zone }),
  };
}

/**
 * The taint that the node lifecycle controller keeps on a node whose condition Ready is not True: NoSchedule beside NoExecute, so
 * that the tolerations every Pod gets for five minutes (NoExecute alone) let no new Pod in. A node that says nothing is ready.
 */
function taintOfReady(status: string | undefined): Taint | undefined {
  if (status === undefined || status === 'True') return undefined;
  const key = status === 'Unknown' ? 'node.kubernetes.io/unreachable' : 'node.kubernetes.io/not-ready';
  return { key, value: '', effect: 'NoSchedule' };
}

/** Adds to every node what running Pods hold there (`kubectl get pods -A -o json`); finished Pods hold nothing. */
export function withTaken(nodes: readonly NodeFacts[], taken: ReadonlyMap<string, Resources>): readonly NodeFacts[] {
  return nodes.map((node) => {
    const here = taken.get(node.name);
    return here === undefined ? node : { ...node, taken: addResources(node.taken ?? {}, here) };
  });
}

/** How many nodes a pool may have at most. */
export function poolSize(nodes: NodePool['nodes']): number {
  return typeof nodes === 'number' ? nodes : nodes.max;
}
