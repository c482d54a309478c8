import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
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
}

/** Labels that say which GPU a node has, the most precise first. */
const productLabels = [
  'nvidia.com/gpu.product',
  'amd.com/gpu.product-name',
  'cloud.google.com/gke-accelerator',
  'karpenter.k8s.aws/instance-gpu-name',
];

/** Labels that differ between equal nodes, or that change from day to day: they say nothing about a pool. */
const fleeting =
  /^(kubernetes\.io\/hostname|.*\/(node-?name|nodename|instance-id|provider-id|machine-name|nodeclaim|timestamp|clique)|node\.alpha\.kubernetes\.io\/ttl|nvidia\.com\/gfd\.timestamp|nfd\..*|feature\.node\.kubernetes\.io\/.*|topology\.(ebs|gke)\..*|failure-domain\.beta\..*|beta\.kubernetes\.io\/.*)$/;

export function importInventory(nodeList: Json, podList: Json | undefined, options: InventoryOptions = {}): Inventory {
  const notes: string[] = [];
  const taken = podList === undefined ? new Map<string, Resources>() : takenByNode(podList);
  const groups = new Map<string, NodeFacts[]>();
  for (const node of nodesOfKubernetes(nodeList)) {
    if (node.unschedulable === true || node.taints.some((taint) => taint.key === 'node.kubernetes.io/not-ready')) {
      notes.push(
        `Node ${node.name} takes no Pods now (${node.unschedulable === true ? 'cordoned' : 'not ready'}) and was left out.`,
      );
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
  const wanted = first?.pool ?? product ?? first?.labels['node.kubernetes.io/instance-type'] ?? 'nodes';
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

/** GPUs, MIG slices and shared GPUs, from what the node advertises and the labels of the GPU operator's feature discovery. */
function devicesOf(node: NodeFacts, pool: string, options: InventoryOptions, notes: string[]): Devices {
  const amounts = Object.entries(node.allocatable).filter(([name, amount]) => name.includes('/') && amount > 0);
  const slices = amounts.filter(([name]) => name.startsWith('nvidia.com/mig-'));
  const whole = amounts.find(
    ([name]) => name === 'nvidia.com/gpu' || name === 'amd.com/gpu' || name === 'nvidia.com/gpu.shared',
  );
  if (slices.length === 0 && whole === undefined) {
    if (amounts.length > 0)
      notes.push(
        `Pool ${pool} advertises ${amounts.map(([name]) => name).join(', ')}, which a ClusterConfig does not hold.`,
      );
    return { gpus: 0 };
  }
  const label = productLabels.map((key) => node.labels[key]).find((value) => value !== undefined);
  const product = label?.replace(/-SHARED$/, '').replace(/-MIG-[0-9a-z.+]+$/, '');
  const gpu = product === undefined ? undefined : (options.gpuOf?.(product) ?? product);
  if (gpu === undefined) notes.push(`Pool ${pool} has GPUs, and no label that says which: set gpu by hand.`);
  const single = label?.match(/-MIG-([0-9a-z.+]+)/)?.[1];
  const replicas = Number(node.labels['nvidia.com/gpu.replicas'] ?? '1');
  const counted = Number(node.labels['nvidia.com/gpu.count'] ?? '0');
  const share = /^[2-9]\d*$|^1\d+$/.test(String(replicas)) ? { timeSlicing: { replicas } } : {};
  const advertised = whole?.[1] ?? 0;
  if (slices.length > 0) {
    const gpus = Math.max(1, counted);
    const profiles = Object.fromEntries(
      slices.map(([name, amount]) => [name.slice('nvidia.com/mig-'.length), Math.max(1, Math.floor(amount / gpus))]),
    );
    return { gpus, gpu: gpu ?? 'unknown', mig: { strategy: 'mixed', profiles }, ...share };
  }
  if (single !== undefined) {
    // The count label of the single strategy counts slices: how many GPUs they come from is not on the node.
    notes.push(
      `Pool ${pool} has MIG slices ${single} under the plain name: gpusPerNode is given as 1 GPU with ${advertised} slices.`,
    );
    return {
      gpus: 1,
      gpu: gpu ?? 'unknown',
      mig: { strategy: 'single', profiles: { [single]: Math.min(7, advertised) } },
    };
  }
  const gpus = 'timeSlicing' in share ? Math.max(1, Math.floor(advertised / replicas)) : advertised;
  return { gpus, gpu: gpu ?? 'unknown', ...share };
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
