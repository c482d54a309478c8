import type { NodeFacts, PodFacts, Requirement } from '../capacity/index.js';
import { admits } from '../capacity/match.js';
import { findGpu, type GpuClass, gpuOfLabel, gpuOfProduct, listGpus, type ServingContext } from '../models/index.js';
import { nodesOf } from '../plan/index.js';
import type { InventoryCluster } from '../repository/inventory.js';
import type { NodePool } from '../spec/types.generated.js';

/** A class of card that a Pod may land on, as far as the question of memory goes. */
export type LandingCard = Pick<ServingContext, 'productLabels' | 'gpusPerNode' | 'migStrategy' | 'sharedBy'> & {
  readonly gpu: GpuClass;
};

const nodes = new WeakMap<InventoryCluster, readonly NodeFacts[]>();

/** The declared nodes of a cluster, worked out once. */
export function nodesOfCluster(cluster: InventoryCluster): readonly NodeFacts[] {
  const known = nodes.get(cluster) ?? nodesOf(cluster.config.value);
  nodes.set(cluster, known);
  return known;
}

/**
 * The declared nodes that admit a Pod, alike ones of a pool once: they differ in nothing but their names, which few Pods
 * ask for.
 */
export function nodesAdmitting(cluster: InventoryCluster, pod: PodFacts): readonly NodeFacts[] {
  const found = alikeNodes(cluster).filter((node) => admits(pod, node));
  return found.length > 0 ? found : nodesOfCluster(cluster).filter((node) => admits(pod, node));
}

const samples = new WeakMap<InventoryCluster, readonly NodeFacts[]>();

/** The declared nodes of a cluster, one for all that are alike: of one pool and zone. */
export function alikeNodes(cluster: InventoryCluster): readonly NodeFacts[] {
  const known = samples.get(cluster);
  if (known !== undefined) return known;
  const byPool = new Map(nodesOfCluster(cluster).map((node) => [`${node.pool} ${node.zone}`, node]));
  samples.set(cluster, [...byPool.values()]);
  return [...byPool.values()];
}

/**
 * The cards that a Pod may land on: of the declared pools that admit it and offer the resource, else what its own required
 * node labels say. Empty where neither says.
 */
export function cardsOf(
  pod: PodFacts,
  request: ServingContext['request'] | undefined,
  cluster: InventoryCluster | undefined,
): readonly LandingCard[] {
  if (request === undefined) return [];
  const declared = cluster === undefined ? [] : cardsOfPools(pod, request, cluster);
  return declared.length > 0 ? declared : cardsOfLabels(pod);
}

function cardsOfPools(
  pod: PodFacts,
  { resource, count }: NonNullable<ServingContext['request']>,
  cluster: InventoryCluster,
): readonly LandingCard[] {
  const admitting = nodesAdmitting(cluster, pod);
  const offering = admitting.filter((node) => (node.allocatable[resource] ?? 0) > 0);
  const enough = offering.filter((node) => (node.allocatable[resource] ?? 0) >= count);
  const candidates = enough.length > 0 ? enough : offering.length > 0 ? offering : admitting;
  const cards = new Map<string, LandingCard>();
  for (const pool of cluster.config.value.spec.nodePools) {
    const node = candidates.find((each) => each.pool === pool.name);
    const card = node === undefined ? undefined : cardOfPool(pool, node.allocatable[resource] ?? 0);
    if (card === undefined) continue;
    const key = `${card.gpu.id} ${card.migStrategy} ${card.sharedBy} ${card.productLabels?.join()}`;
    const other = cards.get(key);
    if (other === undefined || (other.gpusPerNode ?? 0) < (card.gpusPerNode ?? 0)) cards.set(key, card);
  }
  return [...cards.values()];
}

function cardOfPool(pool: NodePool, offered: number): LandingCard | undefined {
  const gpu = pool.gpu === undefined ? undefined : (findGpu(pool.gpu) ?? gpuOfProduct(pool.gpu));
  if (gpu === undefined) return undefined;
  const products = gpu.products.some((each) => each.label === pool.gpu)
    ? [pool.gpu as string]
    : gpu.products.map((each) => each.label);
  const profiles = Object.keys(pool.mig?.profiles ?? {});
  const single = pool.mig?.strategy === 'single';
  // Several profiles under one name: nobody knows which slice a Pod gets.
  if (single && profiles.length !== 1) return undefined;
  return {
    gpu,
    productLabels: single ? products.map((each) => `${each}-MIG-${profiles[0]}`) : products,
    migStrategy: pool.mig?.strategy ?? 'none',
    sharedBy: pool.timeSlicing?.replicas ?? 1,
    ...(offered > 0 ? { gpusPerNode: offered } : {}),
  };
}

/** What required labels say: product, accelerator, or the machine type of a cloud. Terms are alternatives. */
function cardsOfLabels(pod: PodFacts): readonly LandingCard[] {
  const fixed: Requirement[] = Object.entries(pod.nodeSelector).map(([key, value]) => ({
    key,
    operator: 'In',
    values: [value],
  }));
  const terms = pod.nodeAffinity ?? [{ labels: [], fields: [] }];
  const cards = new Map<string, LandingCard>();
  for (const term of terms) {
    const said = [...fixed, ...term.labels].map(cardsOfRequirement).find((each) => each.length > 0);
    // An alternative that says nothing leaves every card open.
    if (said === undefined) return [];
    for (const card of said) {
      const key = `${card.gpu.id} ${card.gpusPerNode}`;
      const labels = [...(cards.get(key)?.productLabels ?? []), ...(card.productLabels ?? [])];
      cards.set(key, { ...card, ...(labels.length === 0 ? {} : { productLabels: labels }) });
    }
  }
  return [...cards.values()];
}

function cardsOfRequirement({ key, operator, values }: Requirement): readonly LandingCard[] {
  if (operator !== 'In') return [];
  const cards = values.map((value) => cardOfLabel(key, value));
  return cards.every((card) => card !== undefined) ? (cards as readonly LandingCard[]) : [];
}

function cardOfLabel(key: string, value: string): LandingCard | undefined {
  const gpu = gpuOfLabel(key, value);
  if (gpu !== undefined) return { gpu, ...(/product/.test(key) ? { productLabels: [value] } : {}) };
  if (key !== 'node.kubernetes.io/instance-type') return undefined;
  for (const each of listGpus()) {
    const machine = each.nodeTypes?.find(({ type, gpus }) => type === value && gpus >= 1);
    if (machine !== undefined) return { gpu: each, gpusPerNode: machine.gpus };
  }
  return undefined;
}
