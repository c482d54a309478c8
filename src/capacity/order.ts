import { type Group, hasTopology, type NodeClass, type Problem } from './problem.js';
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
  const kinds = kindsOf(problem);
  for (const kind of kinds) {
    const open = openNodes(problem, kind, kinds);
    if (open.nodes <= open.closable) {
      const name = kind.sample.workload.name;
      return {
        safe: false,
        reason: `The scheduler takes Pods one by one: other Pods could close all ${open.nodes} nodes that ${name} may use before its last Pod comes.`,
        remedy: remedyFor(problem, kind.sample.index),
      };
    }
  }
  return { safe: true, reason: 'other Pods can never close all nodes that a Pod may use.' };
}

/** Groups that ask for the same on the same nodes: each of them closes, and is closed by, the same. */
interface Kind {
  /** The first of them, which speaks for all. */
  readonly sample: Group;
  /** Copies on an empty node of each class; only whether there is any matters here. */
  readonly capacity: Int32Array;
  /** Pods of all of them together. */
  count: number;
}

/** In the order of their first groups, so that the first that is not safe is the first group that is not. */
function kindsOf(problem: Problem): readonly Kind[] {
  const kinds = new Map<string, Kind>();
  for (const group of problem.groups) {
    const capacity = problem.capacity[group.index] ?? new Int32Array(0);
    // What keeps Pods of certain groups apart is of those groups alone.
    const own = problem.alone[group.index] === true || (problem.conflicts[group.index] ?? []).length > 0;
    const usable = capacity.map((copies) => (copies > 0 ? 1 : 0));
    const key = `${group.need.join(' ')}|${usable.join('')}|${own ? group.index : ''}`;
    const known = kinds.get(key);
    if (known === undefined) kinds.set(key, { sample: group, capacity, count: group.count });
    else known.count += group.count;
  }
  return [...kinds.values()];
}

function openNodes(problem: Problem, kind: Kind, kinds: readonly Kind[]): { nodes: number; closable: number } {
  const { groups, classes, resources, alone, conflicts } = problem;
  const own = kind.sample;
  const usable = classes.filter((each) => (kind.capacity[each.index] ?? 0) > 0);
  const nodes = usable.reduce((sum, each) => sum + each.nodes.length, 0);
  // Everyone else who may stand on these nodes, and the kind's own other Pods.
  const others = kinds.flatMap((each) => {
    const count = each === kind ? each.count - 1 : each.count;
    return count > 0 && usable.some((one) => (each.capacity[one.index] ?? 0) > 0)
      ? [{ need: each.sample.need, count }]
      : [];
  });
  let closable = 0;
  for (let r = 0; r < resources.length; r++) {
    const need = own.need[r] as number;
    const sizes = others.map((each) => each.need[r] as number).filter((size) => size > 0);
    if (need === 0 || sizes.length === 0) continue;
    const step = sizes.reduce(greatestCommonDivisor);
    let load = others.reduce((sum, each) => sum + (each.need[r] as number) * each.count, 0);
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
  if (others.every((each) => each.need === own.need)) closable = Math.min(closable, closedByOwn(kind, usable));
  if (alone[own.index] === true) closable += own.count - 1;
  for (const other of conflicts[own.index] ?? []) closable += groups[other]?.count ?? 0;
  return { nodes, closable };
}

/** Where Pods of one size are alone, a node is closed by as many of them as it holds, and by nothing less. */
function closedByOwn({ capacity, count }: Kind, usable: readonly NodeClass[]): number {
  let left = count - 1;
  let closed = 0;
  for (const each of [...usable].sort((a, b) => (capacity[a.index] ?? 0) - (capacity[b.index] ?? 0))) {
    const copies = Math.max(1, capacity[each.index] ?? 0);
    const here = Math.min(each.nodes.length, Math.floor(left / copies));
    closed += here;
    left -= here * copies;
    if (here < each.nodes.length) break;
  }
  return closed;
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
