import { freeOf, type NodeFacts, type PodFacts, type WorkloadDemand } from '../facts.js';
import { admits, termMatches } from '../match.js';
import type { Scenario } from '../verdict.js';

/**
 * The checker of placements and certificates. It shares the facts and the rule for one Pod against one node with the
 * engine, and no step of its reasoning: it counts, in exact integers, what the engine claims.
 */

export interface Ask {
  readonly key: string;
  readonly pod: PodFacts;
  readonly pods: number;
  readonly daemon: boolean;
}

export interface World {
  readonly nodes: readonly NodeFacts[];
  readonly asks: ReadonlyMap<string, Ask>;
  readonly daemons: readonly Ask[];
  readonly workloads: readonly WorkloadDemand[];
  readonly scenario: Scenario;
  /** What DaemonSets leave free, by node and resource. */
  readonly free: ReadonlyMap<string, ReadonlyMap<string, bigint>>;
}

export function worldOf(nodes: readonly NodeFacts[], workloads: readonly WorkloadDemand[], scenario: Scenario): World {
  const gone = new Set(scenario.without ?? []);
  const here = nodes.filter((node) => !gone.has(node.name));
  const asks = new Map<string, Ask>();
  for (const workload of workloads) {
    const replicas = scenario.replicas[workload.id] ?? 0;
    for (const { role, perReplica, pod } of workload.templates) {
      const key = `${workload.id}#${role}`;
      const pods = workload.daemon === true ? (replicas > 0 ? 1 : 0) : replicas * perReplica;
      if (pods > 0) asks.set(key, { key, pod, pods, daemon: workload.daemon === true });
    }
  }
  const free = new Map(
    here.map((node) => {
      const amounts = new Map(Object.entries(freeOf(node)).map(([name, amount]) => [name, BigInt(amount)]));
      for (const ask of asks.values()) {
        if (!ask.daemon || !takesDaemon(ask.pod, node)) continue;
        for (const [name, amount] of wants(ask.pod)) amounts.set(name, room(amounts, name) - amount);
      }
      return [node.name, amounts] as const;
    }),
  );
  return { nodes: here, asks, daemons: [...asks.values()].filter((ask) => ask.daemon), free, workloads, scenario };
}

/** The controller of DaemonSets tolerates the conditions of nodes itself. */
export function takesDaemon(pod: PodFacts, node: NodeFacts): boolean {
  const kept = node.taints.filter(
    (taint) =>
      !/^node\.kubernetes\.io\/(not-ready|unreachable|(disk|memory|pid)-pressure|unschedulable|network-unavailable)$/.test(
        taint.key,
      ),
  );
  return admits(pod, { ...node, taints: kept, unschedulable: false });
}

export function wants(pod: PodFacts): readonly (readonly [string, bigint])[] {
  const requests = Object.entries(pod.requests).map(([name, amount]) => [name, BigInt(amount)] as const);
  return [...requests, ...pod.hostPorts.map((port) => [`hostPort/${port}`, 1n] as const)].filter(
    ([, amount]) => amount > 0n,
  );
}

export function room(free: ReadonlyMap<string, bigint> | undefined, name: string): bigint {
  return free?.get(name) ?? (name.startsWith('hostPort/') ? 1n : 0n);
}

/** Whether the Pod may stand there: by the node's own rules, and by those of the DaemonSet Pods on it. */
export function mayStand(world: World, ask: Ask, node: NodeFacts): boolean {
  if (!admits(ask.pod, node)) return false;
  for (const other of world.daemons) {
    if (excludeEachOther(other, ask) && takesDaemon(other.pod, node)) return false;
  }
  return true;
}

export function fits(world: World, ask: Ask, node: NodeFacts): boolean {
  const free = world.free.get(node.name);
  return mayStand(world, ask, node) && wants(ask.pod).every(([name, amount]) => amount <= room(free, name));
}

export function excludesItself(ask: Ask, topologyKey: string): boolean {
  return ask.pod.antiAffinity.some((term) => term.topologyKey === topologyKey && termMatches(term, ask.pod, ask.pod));
}

export function excludeEachOther(a: Ask, b: Ask): boolean {
  const says = (x: Ask, y: Ask) =>
    x.pod.antiAffinity.some((term) => term.topologyKey === 'kubernetes.io/hostname' && termMatches(term, x.pod, y.pod));
  return says(a, b) || says(b, a);
}

export function copies(world: World, ask: Ask, node: NodeFacts): bigint {
  if (!fits(world, ask, node)) return 0n;
  let most = excludesItself(ask, 'kubernetes.io/hostname') ? 1n : BigInt(ask.pods);
  for (const [name, amount] of wants(ask.pod)) {
    const here = room(world.free.get(node.name), name) / amount;
    if (here < most) most = here;
  }
  return most;
}

/** The smaller of two exact numbers (`Math.min` takes no bigint). */
export function smaller(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}

export function larger(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}
