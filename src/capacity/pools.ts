import { addResources, type NodeFacts, type Resources } from './facts.js';
import type { Problem } from './problem.js';
import type { Placement, PoolUse } from './verdict.js';

/** What each pool has, what is taken, and what the scenario uses of it in a placement (nothing, where there is none). */
export function poolUse(problem: Problem, placement: Placement | undefined): readonly PoolUse[] {
  const byName = new Map(problem.nodes.map((node) => [node.name, node]));
  const requests = new Map<string, Resources>(problem.groups.map((group) => [group.key, group.pod.requests]));
  const used = new Map<string, Resources>();
  const busy = new Set<string>();
  for (const { key, node, pods } of placement?.assignments ?? []) {
    const request = requests.get(key);
    const pool = poolOf(byName.get(node));
    busy.add(node);
    if (request !== undefined) used.set(pool, addResources(used.get(pool) ?? {}, request, pods));
  }
  const pools = new Map<string, NodeFacts[]>();
  for (const node of problem.nodes) pools.set(poolOf(node), [...(pools.get(poolOf(node)) ?? []), node]);
  return [...pools].map(([pool, nodes]): PoolUse => {
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
      free: Object.fromEntries(Object.entries(free).map(([name, amount]) => [name, Math.max(0, amount)])),
    };
  });
}

export function poolOf(node: NodeFacts | undefined): string {
  return node?.pool ?? 'nodes';
}
