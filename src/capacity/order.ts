import { hasTopology, type Problem } from './problem.js';
import type { OrderJudgement } from './verdict.js';

/**
 * Whether any order of arrival places all Pods: the scheduler takes one Pod at a time and never repacks, so that a
 * placement that exists need not be the one it reaches.
 *
 * The condition is sufficient and counts the worst: a node is closed to a Pod when other Pods hold so much of one resource
 * that it no longer fits. What all other Pods ask for of each resource, and the multiples they come in, bound how many
 * nodes can be closed at once, whatever stands where. If that is fewer than the nodes the Pod may use, one is always open.
 * A pool of its own with Pods of one size meets it; so does a cluster with enough to spare.
 */
export function judgeOrder(problem: Problem): OrderJudgement {
  if (hasTopology(problem)) {
    return {
      safe: false,
      reason:
        'Whether the scheduler reaches such a placement is not shown: Pods depend on each other across nodes (affinity, spread).',
    };
  }
  for (const group of problem.groups) {
    const open = openNodes(problem, group.index);
    if (open.nodes <= open.closable) {
      const name = group.workload.name;
      return {
        safe: false,
        reason: `The scheduler takes Pods one by one: other Pods could close all ${open.nodes} nodes that ${name} may use before its last Pod comes.`,
        remedy: remedyFor(problem, group.index),
      };
    }
  }
  return { safe: true, reason: 'other Pods can never close all nodes that a Pod may use.' };
}

function openNodes(problem: Problem, group: number): { nodes: number; closable: number } {
  const { groups, classes, capacity, resources, alone, conflicts } = problem;
  const own = groups[group];
  const usable = classes.filter((each) => (capacity[group]?.[each.index] ?? 0) > 0);
  const nodes = usable.reduce((sum, each) => sum + each.nodes.length, 0);
  if (own === undefined) return { nodes, closable: nodes };
  // Everyone else who may stand on these nodes, and the group's own other Pods.
  const others = groups.flatMap((each) => {
    const count = each.index === group ? each.count - 1 : each.count;
    return count > 0 && usable.some((one) => (capacity[each.index]?.[one.index] ?? 0) > 0) ? [{ each, count }] : [];
  });
  let closable = 0;
  for (let r = 0; r < resources.length; r++) {
    const need = own.need[r] as number;
    const sizes = others.map(({ each }) => each.need[r] as number).filter((size) => size > 0);
    if (need === 0 || sizes.length === 0) continue;
    const step = sizes.reduce(greatestCommonDivisor);
    let load = others.reduce((sum, { each, count }) => sum + (each.need[r] as number) * count, 0);
    const costs = usable.map((each) => ({
      cost: Math.ceil(((each.free[r] as number) - need + 1) / step) * step,
      nodes: each.nodes.length,
    }));
    costs.sort((a, b) => a.cost - b.cost);
    for (const { cost, nodes: here } of costs) {
      const closed = Math.min(here, Math.floor(load / Math.max(1, cost)));
      closable += closed;
      load -= closed * cost;
      if (closed < here) break;
    }
  }
  if (alone[group] === true) closable += own.count - 1;
  for (const other of conflicts[group] ?? []) closable += groups[other]?.count ?? 0;
  return { nodes, closable };
}

function greatestCommonDivisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return x;
}

function remedyFor(problem: Problem, group: number): string {
  const own = problem.groups[group];
  const competitors = problem.groups.filter(
    (each) =>
      each.index !== group &&
      (problem.capacity[each.index] ?? []).some((copies, c) => copies > 0 && (problem.capacity[group]?.[c] ?? 0) > 0),
  );
  const higher = competitors.filter((each) => each.pod.priority < (own?.pod.priority ?? 0));
  if (competitors.length > 0 && higher.length === competitors.length)
    return 'Its priority is above all others there: it will preempt them, and they are what may be left Pending.';
  if (competitors.length === 0)
    return 'Give the nodes a scheduler profile that packs (NodeResourcesFit with MostAllocated on the GPU resource).';
  return `Give ${own?.workload.name ?? 'it'} a pool of its own (label and taint), a higher priority than ${competitors.length === 1 ? competitors[0]?.workload.name : 'the others'}, or a scheduler profile that packs (NodeResourcesFit with MostAllocated on the GPU resource).`;
}
