import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { statesOf } from './closed.js';
import { demandOf, podContextOf } from './demand.js';
import type { NodeFacts, Resources } from './facts.js';
import { addResources } from './facts.js';
import { itemsOf, nodesOfKubernetes, zoneKey } from './nodes.js';
import { isByteResource } from './quantity.js';
import { stringAt } from './read.js';

/**
 * From `kubectl get nodes -o json` (and `kubectl get pods -A -o json`, for what is taken) to the node pools of a ClusterConfig:
 * equal nodes are one pool. Plain data, ready to be written as YAML.
 */
export interface ImportedPool {
  readonly name: string;
  readonly gpu?: string;
  readonly gpusPerNode?: number;
  readonly nodes: number;
  readonly allocatable: {
    readonly cpu: string;
    readonly memory: string;
    readonly ephemeralStorage?: string;
    readonly pods?: number;
  };
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  readonly zone?: string;
  /** Huge pages, network adapters and the like. */
  readonly resources?: Readonly<Record<string, string | number>>;
  readonly mig?: { readonly strategy: 'single' | 'mixed'; readonly profiles: Readonly<Record<string, number>> };
  readonly timeSlicing?: { readonly replicas: number };
  readonly used?: readonly {
    readonly nodes?: number;
    readonly gpus?: number;
    readonly cpu?: string;
    readonly memory?: string;
    readonly pods?: number;
  }[];
}

export interface Inventory {
  readonly nodePools: readonly ImportedPool[];
  /** What could not be carried over, in sentences. */
  readonly notes: readonly string[];
}

export interface InventoryOptions {
  /** The class or product of a GPU label's value (`NVIDIA-H100-80GB-HBM3` → `h100-80gb`); undefined: not known. */
  readonly gpuOf?: (product: string) => string | undefined;
  /** The class and number of GPUs of a machine type, for nodes whose labels do not say it. */
  readonly machineOf?: (type: string) => { readonly gpu: string; readonly gpus: number } | undefined;
}

/** Labels that say which GPU a node has, the most precise first. */
const productLabels = [
  'nvidia.com/gpu.product',
  'amd.com/gpu.product-name',
  'cloud.google.com/gke-accelerator',
  'karpenter.k8s.aws/instance-gpu-name',
];

/**
 * Labels that differ between equal nodes, or that change from day to day or with an image: they say nothing about a pool, and no
 * workload selects nodes by them.
 */
const fleeting = new RegExp(
  [
    String.raw`kubernetes\.io/hostname`,
    '.*/(node-?name|nodename|instance-id|provider-id|machine-name|nodeclaim|timestamp|clique)',
    String.raw`node\.alpha\.kubernetes\.io/ttl`,
    String.raw`nvidia\.com/gfd\.timestamp`,
    String.raw`nfd\..*|feature\.node\.kubernetes\.io/.*`,
    String.raw`topology\.(ebs|gke|disk)\..*|topology\.k8s\.aws/.*`,
    String.raw`failure-domain\.beta\..*|beta\.kubernetes\.io/.*`,
    String.raw`k8s\.io/cloud-provider-aws|karpenter\.sh/(initialized|registered)`,
    String.raw`eks\.amazonaws\.com/(nodegroup-image|sourceLaunchTemplate.*)`,
    String.raw`kubernetes\.azure\.com/(node-image-version|kubelet-.*|cluster|nodepool-type|network-.*|storage.*|consolidated-.*)`,
    String.raw`cloud\.google\.com/gke-(boot-disk|container-runtime|cpu-scaling-level|memory-gb-scaling-level|logging-variant|max-pods-per-node|os-distribution|stack-type|netd-ready|metadata-server-enabled|gpu-driver-version|dpv2.*)`,
    String.raw`node\.openshift\.io/os_id|machineconfiguration\.openshift\.io/.*`,
  ]
    .map((each) => `^(?:${each})$`)
    .join('|'),
);

/** The role of a node without a pool: `node-role.kubernetes.io/control-plane`. */
function roleOf(labels: NodeFacts['labels']): string | undefined {
  const roles = Object.keys(labels).flatMap((key) => /^node-role\.kubernetes\.io\/(.+)$/.exec(key)?.[1] ?? []);
  return roles.find((role) => role === 'control-plane') ?? roles.find((role) => role !== 'worker') ?? roles[0];
}

export function importInventory(nodeList: Json, podList: Json | undefined, options: InventoryOptions = {}): Inventory {
  const notes: string[] = [];
  const taken = podList === undefined ? new Map<string, Resources>() : takenByNode(podList);
  const groups = new Map<string, NodeFacts[]>();
  for (const node of nodesOfKubernetes(nodeList)) {
    const states = statesOf(node);
    if (states.length > 0) {
      notes.push(`Node ${node.name} takes no Pods now (${states.join(', ')}) and was left out.`);
      continue;
    }
    const key = JSON.stringify([node.pool, node.zone, shape(node), lasting(node.labels), node.taints]);
    groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  const names = new Set<string>();
  const nodePools = [...groups.values()]
    .flatMap(byMemory)
    .map((nodes) => poolOf(nodes, nameFor(nodes, names), taken, options, notes));
  return { nodePools: nodePools.sort((a, b) => (a.name < b.name ? -1 : 1)), notes };
}

/** Everything but memory and storage, of which nodes of one machine type keep a little more or less for themselves. */
function shape(node: NodeFacts): readonly (readonly [string, number])[] {
  return Object.entries(node.allocatable)
    .filter(([name]) => !isByteResource(name) && !name.startsWith('attachable-volumes'))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Nodes whose memory is within 3 % of the smallest are one pool, which then has the smallest. */
function byMemory(nodes: readonly NodeFacts[]): readonly (readonly NodeFacts[])[] {
  const memory = (node: NodeFacts) => node.allocatable['memory'] ?? 0;
  const pools: NodeFacts[][] = [];
  for (const node of [...nodes].sort((a, b) => memory(a) - memory(b))) {
    const last = pools.at(-1);
    if (last?.[0] !== undefined && memory(node) <= memory(last[0]) * 1.03) last.push(node);
    else pools.push([node]);
  }
  return pools;
}

function lasting(labels: NodeFacts['labels']): readonly (readonly [string, string])[] {
  return Object.entries(labels)
    .filter(([key]) => !fleeting.test(key) && key !== zoneKey)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function nameFor(nodes: readonly NodeFacts[], names: Set<string>): string {
  const [first] = nodes;
  const product = productLabels.map((key) => first?.labels[key]).find((value) => value !== undefined);
  const wanted =
    first?.pool ??
    product ??
    (first === undefined ? undefined : roleOf(first.labels)) ??
    first?.labels['node.kubernetes.io/instance-type'] ??
    'nodes';
  const slug =
    wanted
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 50) || 'nodes';
  for (let number = 1; ; number++) {
    const name =
      number === 1
        ? slug
        : number === 2 && first?.zone !== undefined && !names.has(`${slug}-${first.zone}`)
          ? `${slug}-${first.zone}`
          : `${slug}-${number}`;
    if (names.has(name)) continue;
    names.add(name);
    return name;
  }
}

function poolOf(
  nodes: readonly NodeFacts[],
  name: string,
  taken: ReadonlyMap<string, Resources>,
  options: InventoryOptions,
  notes: string[],
): ImportedPool {
  const first = nodes[0] as NodeFacts;
  const least = (resource: string) =>
    nodes.reduce((min, node) => Math.min(min, node.allocatable[resource] ?? 0), Number.MAX_SAFE_INTEGER);
  const { gpus, gpu, mig, timeSlicing } = devicesOf(first, name, options, notes);
  const storage = least('ephemeral-storage');
  const labels = Object.fromEntries(lasting(first.labels).filter(([key]) => !/^(nvidia|amd)\.com\//.test(key)));
  const used = usedOf(nodes, taken);
  const pods = least('pods');
  const resources = Object.fromEntries(
    Object.keys(first.allocatable)
      .filter((resource) => isFurther(resource) && least(resource) > 0)
      .sort()
      .map((resource) => [resource, resource.startsWith('hugepages-') ? bytesText(least(resource)) : least(resource)]),
  );
  return {
    name,
    ...(gpu === undefined ? {} : { gpu, gpusPerNode: gpus }),
    nodes: nodes.length,
    allocatable: {
      cpu: cpuText(least('cpu')),
      memory: bytesText(least('memory')),
      ...(storage > 0 ? { ephemeralStorage: bytesText(storage) } : {}),
      ...(pods === 110 ? {} : { pods }),
    },
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(first.taints.length === 0
      ? {}
      : {
          taints: first.taints.map(({ key, value, effect }) => ({ key, ...(value === '' ? {} : { value }), effect })),
        }),
    ...(first.zone === undefined ? {} : { zone: first.zone }),
    ...(Object.keys(resources).length === 0 ? {} : { resources }),
    ...(mig === undefined ? {} : { mig }),
    ...(timeSlicing === undefined ? {} : { timeSlicing }),
    ...(used.length === 0 ? {} : { used }),
  };
}

interface Devices {
  readonly gpus: number;
  readonly gpu?: string;
  readonly mig?: NonNullable<ImportedPool['mig']>;
  readonly timeSlicing?: { readonly replicas: number };
}

/** What a node advertises beside CPU, memory, storage, Pods and GPUs. */
function isFurther(resource: string): boolean {
  if (resource.startsWith('hugepages-')) return true;
  return resource.includes('/') && !isGpu(resource);
}

function isGpu(resource: string): boolean {
  return /^(nvidia\.com\/(gpu(\.shared)?|mig-.*)|amd\.com\/gpu)$/.test(resource);
}

/**
 * GPUs, MIG slices and shared GPUs, from what the node advertises, the labels of the GPU operator's feature discovery and GKE's own
 * (cloud.google.com/kubernetes-engine docs: GPU sharing, multi-instance GPUs), and the machine type where no label says which.
 */
function devicesOf(node: NodeFacts, pool: string, options: InventoryOptions, notes: string[]): Devices {
  const amounts = Object.entries(node.allocatable).filter(([name, amount]) => isGpu(name) && amount > 0);
  const slices = amounts.filter(([name]) => name.startsWith('nvidia.com/mig-'));
  const whole = amounts.find(([name]) => !name.startsWith('nvidia.com/mig-'));
  if (amounts.length === 0) return { gpus: 0 };
  const label = productLabels.map((key) => node.labels[key]).find((value) => value !== undefined);
  const product = label?.replace(/-SHARED$/, '').replace(/-MIG-[0-9a-z.+]+$/, '');
  const machine = options.machineOf?.(node.labels['node.kubernetes.io/instance-type'] ?? '');
  const known = product === undefined ? undefined : (options.gpuOf?.(product) ?? product);
  const gpu = known ?? machine?.gpu ?? 'unknown';
  if (gpu === 'unknown') notes.push(`Pool ${pool} has GPUs, and no label that says which: set gpu by hand.`);
  const single = label?.match(/-MIG-([0-9a-z.+]+)/)?.[1] ?? node.labels['cloud.google.com/gke-gpu-partition-size'];
  const replicas = sharedBy(node.labels);
  const counted = Number(node.labels['nvidia.com/gpu.count'] ?? '0');
  const share = replicas > 1 ? { timeSlicing: { replicas } } : {};
  const advertised = whole?.[1] ?? 0;
  if (slices.length > 0) {
    const gpus = Math.max(1, counted);
    const profiles = Object.fromEntries(
      slices.map(([name, amount]) => [
        name.slice('nvidia.com/mig-'.length),
        Math.max(1, Math.floor(amount / gpus / replicas)),
      ]),
    );
    return { gpus, gpu, mig: { strategy: 'mixed', profiles }, ...share };
  }
  if (single !== undefined) {
    // The count label of the single strategy counts slices: GKE and the machine type say how many GPUs they come from.
    const stated = Number(node.labels['cloud.google.com/gke-accelerator-count'] ?? machine?.gpus ?? '0');
    const each = advertised / replicas / stated;
    const gpus = stated > 0 && Number.isInteger(each) && each <= 7 ? stated : 1;
    if (gpus !== stated)
      notes.push(
        `Pool ${pool} has MIG slices ${single} under the plain name: gpusPerNode is given as 1 GPU with ${advertised} slices.`,
      );
    const perGpu = Math.min(7, Math.max(1, Math.floor(advertised / replicas / gpus)));
    return { gpus, gpu, mig: { strategy: 'single', profiles: { [single]: perGpu } }, ...share };
  }
  return { gpus: replicas > 1 ? Math.max(1, Math.floor(advertised / replicas)) : advertised, gpu, ...share };
}

/** How many Pods share one GPU by turns: the label of feature discovery, or GKE's (time-sharing and MPS). */
function sharedBy(labels: NodeFacts['labels']): number {
  const stated = labels['nvidia.com/gpu.replicas'] ?? labels['cloud.google.com/gke-max-shared-clients-per-gpu'] ?? '1';
  return /^[1-9]\d{0,3}$/.test(stated) ? Number(stated) : 1;
}

/** What running Pods hold on each node. Finished Pods hold nothing; Pods without a node wait. */
function takenByNode(podList: Json): ReadonlyMap<string, Resources> {
  const items = itemsOf(podList).filter((item) => stringAt(item, 'kind') === 'Pod');
  const context = podContextOf(items);
  const taken = new Map<string, Resources>();
  for (const item of items) {
    const node = stringAt(item, 'spec', 'nodeName');
    const phase = stringAt(item, 'status', 'phase');
    if (node === undefined || phase === 'Succeeded' || phase === 'Failed') continue;
    const requests = demandOf(item as JsonObject, context)?.templates[0]?.pod.requests ?? {};
    taken.set(node, addResources(taken.get(node) ?? {}, requests));
  }
  return taken;
}

/** What is taken on the nodes of a kubectl listing, for `withTaken`. */
export function takenOfKubernetes(podList: Json): ReadonlyMap<string, Resources> {
  return takenByNode(podList);
}

type Used = NonNullable<ImportedPool['used']>[number];

/**
 * What is taken differs from node to node, and a pool says it in layers: what every node has taken at least, then what the
 * first so many have besides. Nodes are ordered by their GPUs in use; CPU and memory follow as the largest of each layer.
 */
function usedOf(nodes: readonly NodeFacts[], taken: ReadonlyMap<string, Resources>): readonly Used[] {
  const rows = nodes.map((node) => taken.get(node.name) ?? {});
  const gpusOf = (row: Resources) =>
    Object.entries(row).reduce((sum, [name, amount]) => sum + (/\/(gpu|mig-)/.test(name) ? amount : 0), 0);
  const by = new Map<number, Resources[]>();
  for (const row of rows) by.set(gpusOf(row), [...(by.get(gpusOf(row)) ?? []), row]);
  const levels = [...by].sort(([a], [b]) => a - b);
  const layers: Used[] = [];
  let before: Resources = {};
  let beforeGpus = 0;
  let count = nodes.length;
  for (const [gpus, members] of levels) {
    const most = (name: string) => members.reduce((max, row) => Math.max(max, row[name] ?? 0), 0);
    const level: Resources = { cpu: most('cpu'), memory: most('memory'), pods: most('pods') };
    const more = (name: string) => Math.max(0, (level[name] ?? 0) - (before[name] ?? 0));
    const layer: Used = {
      ...(count === nodes.length ? {} : { nodes: count }),
      ...(gpus > beforeGpus ? { gpus: gpus - beforeGpus } : {}),
      ...(more('cpu') > 0 ? { cpu: cpuText(more('cpu')) } : {}),
      ...(more('memory') > 0 ? { memory: bytesText(more('memory'), 'up') } : {}),
      ...(more('pods') > 0 ? { pods: more('pods') } : {}),
    };
    if (Object.keys(layer).some((key) => key !== 'nodes')) layers.push(layer);
    before = {
      cpu: Math.max(level['cpu'] ?? 0, before['cpu'] ?? 0),
      memory: Math.max(level['memory'] ?? 0, before['memory'] ?? 0),
      pods: Math.max(level['pods'] ?? 0, before['pods'] ?? 0),
    };
    beforeGpus = gpus;
    count -= members.length;
  }
  return layers;
}

function cpuText(milli: number): string {
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}

/** In whole MiB or GiB: what is free rounded down, what is taken rounded up. */
function bytesText(bytes: number, rounding: 'down' | 'up' = 'down'): string {
  if (bytes % 2 ** 30 === 0) return `${bytes / 2 ** 30}Gi`;
  const mebibytes = rounding === 'down' ? Math.floor(bytes / 2 ** 20) : Math.ceil(bytes / 2 ** 20);
  return `${mebibytes}Mi`;
}
