import { addResources, amountOf, isStateTaint, type NodeFacts, nodesOfPool } from '../capacity/index.js';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { findGpu, type GpuClass, gpuOfProduct } from '../models/index.js';
import type { ClusterConfig, NodePool } from '../spec/types.generated.js';

/** A pool whose GPUs are handed out whole. */
export interface GpuPool {
  readonly pool: NodePool;
  readonly gpu: GpuClass;
  readonly gpusPerNode: number;
  readonly maxNodes: number;
  /** Whether a cluster autoscaler can add nodes. */
  readonly grows: boolean;
}

/** The pools with whole GPUs. Slices (MIG, time-slicing) hold less than the card and are never chosen by arithmetic. */
export function gpuPools(cluster: ClusterConfig): readonly GpuPool[] {
  return cluster.spec.nodePools.flatMap((pool): GpuPool[] => {
    const gpu = pool.gpu === undefined ? undefined : classOf(pool.gpu);
    if (gpu === undefined || pool.mig !== undefined || pool.timeSlicing !== undefined) return [];
    const { min, max } = typeof pool.nodes === 'number' ? { min: pool.nodes, max: pool.nodes } : pool.nodes;
    return [{ pool, gpu, gpusPerNode: pool.gpusPerNode ?? 1, maxNodes: max, grows: max > min }];
  });
}

/** The class of what a pool or a model calls its GPU: a class, an alias, or a product label. */
export function classOf(gpu: string): GpuClass | undefined {
  return findGpu(gpu) ?? gpuOfProduct(gpu);
}

/** Products that the nodes of a pool announce: the one it names, or all of its class. */
function productsOf(pool: GpuPool): readonly string[] {
  const named = pool.pool.gpu ?? '';
  const own = pool.gpu.products.find((product) => product.label === named);
  return own === undefined ? pool.gpu.products.map((product) => product.label) : [own.label];
}

const productKeys: Readonly<Record<string, string>> = {
  nvidia: 'nvidia.com/gpu.product',
  amd: 'amd.com/gpu.product-name',
};
const gkeKey = 'cloud.google.com/gke-accelerator';

/** The node label that tells these pools from others, with its values. */
export interface NodeChoice {
  readonly key: string;
  readonly values: readonly string[];
}

/**
 * What GPU feature discovery (part of the GPU operator) sets, or GKE's own label where all the pools carry it and the operator
 * is not installed.
 */
export function nodeChoice(pools: readonly GpuPool[], cluster: ClusterConfig): NodeChoice {
  const accelerators = pools.map(({ pool }) => pool.labels?.[gkeKey]);
  if (cluster.spec.installed?.['gpu-operator'] === undefined && accelerators.every((value) => value !== undefined)) {
    return { key: gkeKey, values: unique(accelerators as readonly string[]) };
  }
  const vendor = pools[0]?.gpu.vendor ?? 'nvidia';
  return { key: productKeys[vendor] ?? `${vendor}.com/gpu.product`, values: unique(pools.flatMap(productsOf)) };
}

/** Required node affinity on the choice. */
export function affinityOf(choice: NodeChoice): JsonObject {
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: choice.key, operator: 'In', values: choice.values }] }],
      },
    },
  };
}

/** Where a Pod may go: what the lock records of it, and what the manifest says. */
export interface PlacementChoice {
  readonly choice: NodeChoice;
  readonly tolerations: readonly JsonObject[];
}

/** What the pools of today ask for. */
export function placementOn(pools: readonly GpuPool[], cluster: ClusterConfig): PlacementChoice {
  return { choice: nodeChoice(pools, cluster), tolerations: tolerationsOf(pools) };
}

/** Whether a placement that was chosen before still reaches one of the pools. */
export function reaches(placement: PlacementChoice, pools: readonly GpuPool[], cluster: ClusterConfig): boolean {
  return pools.some((pool) => {
    const now = placementOn([pool], cluster);
    if (
      now.choice.key !== placement.choice.key ||
      !now.choice.values.some((value) => placement.choice.values.includes(value))
    )
      return false;
    const tolerated = new Set(placement.tolerations.map((each) => JSON.stringify(each)));
    return now.tolerations.every((each) => tolerated.has(JSON.stringify(each)));
  });
}

/** Tolerations of all taints of the pools, without repetition; a cordon and the like is for no workload to tolerate. */
export function tolerationsOf(pools: readonly GpuPool[]): readonly JsonObject[] {
  const found = new Map<string, JsonObject>();
  for (const { pool } of pools) {
    for (const taint of pool.taints ?? []) {
      if (taint.effect === 'PreferNoSchedule' || isStateTaint(taint)) continue;
      const value = taint.value ?? '';
      const toleration: Record<string, Json> = { key: taint.key, operator: value === '' ? 'Exists' : 'Equal' };
      if (value !== '') toleration['value'] = value;
      toleration['effect'] = taint.effect;
      found.set(JSON.stringify(toleration), toleration);
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, toleration]) => toleration);
}

/** The nodes of a cluster as capacity sees them, with the labels that their GPU components set. */
export function nodesOf(cluster: ClusterConfig): readonly NodeFacts[] {
  return cluster.spec.nodePools.flatMap((pool) => {
    const gpu = pool.gpu === undefined ? undefined : classOf(pool.gpu);
    const { used, gpu: _, zone, mig, timeSlicing, gpusPerNode, labels, taints, interconnect: __, ...rest } = pool;
    const nodes = nodesOfPool({
      ...rest,
      allocatable: { ...pool.allocatable },
      labels: { ...gpuLabels(pool, gpu), ...labels },
      ...(gpusPerNode === undefined ? {} : { gpusPerNode }),
      ...(taints === undefined ? {} : { taints }),
      ...(zone === undefined ? {} : { zone }),
      ...(mig === undefined ? {} : { mig }),
      ...(timeSlicing === undefined ? {} : { timeSlicing }),
      ...(gpu === undefined ? {} : { gpuResource: gpu.resource }),
    });
    const products = gpu === undefined || gpu.products.some(({ label }) => label === pool.gpu) ? [] : gpu.products;
    const declared = nodes.map((node) => ({
      ...node,
      declared: true,
      ...(products.length > 1 ? { products: products.map(({ label }) => label) } : {}),
    }));
    return withUsed(declared, used ?? [], gpu?.resource ?? 'nvidia.com/gpu');
  });
}

function gpuLabels(pool: NodePool, gpu: GpuClass | undefined): Readonly<Record<string, string>> {
  if (gpu === undefined) return {};
  const product = gpu.products.find((each) => each.label === pool.gpu) ?? gpu.products[0];
  const key = productKeys[gpu.vendor];
  return product === undefined || key === undefined ? {} : { [key]: product.label };
}

/** What is taken stands on the first nodes of the pool: `nodes` of them, or all. */
function withUsed(
  nodes: readonly NodeFacts[],
  used: NonNullable<NodePool['used']>,
  resource: string,
): readonly NodeFacts[] {
  return nodes.map((node, index) => {
    const here = used.filter((each) => each.nodes === undefined || index < each.nodes);
    if (here.length === 0) return node;
    const taken = here.reduce<Record<string, number>>((sum, each) => {
      const amounts: Record<string, number> = {};
      if (each.gpus) amounts[resource] = each.gpus;
      if (each.cpu !== undefined) amounts['cpu'] = amountOf('cpu', each.cpu) ?? 0;
      if (each.memory !== undefined) amounts['memory'] = amountOf('memory', each.memory) ?? 0;
      if (each.ephemeralStorage !== undefined)
        amounts['ephemeral-storage'] = amountOf('ephemeral-storage', each.ephemeralStorage) ?? 0;
      if (each.pods !== undefined) amounts['pods'] = each.pods;
      return { ...addResources(sum, amounts) };
    }, {});
    return { ...node, taken };
  });
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
