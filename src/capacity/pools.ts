import { isClosed, placedPods } from './closed.js';
import { addResources, type NodeFacts, type Resources, type WorkloadDemand } from './facts.js';
import { admits } from './match.js';
import type { Problem } from './problem.js';
import type { Placement, PoolUse } from './verdict.js';

/**
 * What each pool has, what is taken, and what the scenario uses of it in a placement, which may be partial. Nodes that take none of
 * the workloads' Pods for the state they are in (cordoned, not ready) count in nothing, and neither does what is taken there.
 */
export function poolUse(
  problem: Problem,
  assignments: Placement['assignments'],
  workloads: readonly WorkloadDemand[],
): readonly PoolUse[] {
  const byName = new Map(problem.nodes.map((node) => [node.name, node]));
  const requests = new Map<string, Resources>(problem.groups.map((group) => [group.key, group.pod.requests]));
  const used = new Map<string, Resources>();
  const busy = new Set<string>();
  for (const { key, node, pods } of assignments) {
    const request = requests.get(key);
    const pool = poolOf(byName.get(node));
    busy.add(node);
    if (request !== undefined) used.set(pool, addResources(used.get(pool) ?? {}, request, pods));
  }
  const homeless = withoutPlace(problem, assignments);
  const pools = new Map<string, NodeFacts[]>();
  for (const node of problem.nodes) pools.set(poolOf(node), [...(pools.get(poolOf(node)) ?? []), node]);
  const pods = placedPods(workloads);
  return [...pools].map(([pool, all]): PoolUse => {
    const nodes = all.filter((node) => !isClosed(node, pods));
    const have = nodes.reduce<Resources>((sum, node) => addResources(sum, node.allocatable), {});
    const taken = nodes.reduce<Resources>((sum, node) => addResources(sum, node.taken ?? {}), {});
    const here = used.get(pool) ?? {};
    const free = addResources(addResources(have, taken, -1), here, -1);
    return {
      pool,
      nodes: nodes.length,
      added: nodes.filter((node) => node.scalable === true && busy.has(node.name)).length,
      have,
      taken,
      used: here,
      asked: addResources(here, homeless.get(pool) ?? {}),
      free: Object.fromEntries(Object.entries(free).map(([name, amount]) => [name, Math.max(0, amount)])),
    };
  });
}

/** What Pods without a place ask for, at the first pool whose nodes they may stand on. */
function withoutPlace(problem: Problem, assignments: Placement['assignments']): ReadonlyMap<string, Resources> {
  const placed = new Map<string, number>();
  for (const { key, pods } of assignments) placed.set(key, (placed.get(key) ?? 0) + pods);
  const asked = new Map<string, Resources>();
  for (const group of problem.groups) {
    const missing = group.count - (placed.get(group.key) ?? 0);
    if (missing <= 0) continue;
    const home = problem.nodes.find((node) => admits(group.pod, node));
    if (home !== undefined)
      asked.set(poolOf(home), addResources(asked.get(poolOf(home)) ?? {}, group.pod.requests, missing));
  }
  return asked;
}

export function poolOf(node: NodeFacts | undefined): string {
  return node?.pool ?? 'nodes';
}
