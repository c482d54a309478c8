import { isDevice } from './explain.js';
import type { NodeFacts, WorkloadDemand } from './facts.js';
import { type Budget, generator, Packing } from './pack.js';
import { compile, type Problem } from './problem.js';
import type { Scenario } from './verdict.js';

/** How the scheduler scores nodes; the scoring strategy of its plugin NodeResourcesFit. */
export type SchedulerProfile = 'LeastAllocated' | 'MostAllocated';

export interface ReplayOptions {
  readonly profile?: SchedulerProfile;
  /** Orders of arrival to try: the first takes small Pods first, the others are random by workload. Default 32. */
  readonly orders?: number;
  /** Budget of steps; fewer orders are tried when it runs out. Default 60 million. */
  readonly maxSteps?: number;
}

export interface Replay {
  readonly orders: number;
  /** Orders that left Pods Pending. */
  readonly stranded: number;
  /** The most Pods and devices that one order left Pending. */
  readonly worstPods: number;
  readonly worstGpus: number;
}

/**
 * Lets Pods arrive one by one and places each where the scheduler would: higher priority first, filters, then the node
 * with the best score, ties by chance. Evidence and never a proof: of the scores only NodeResourcesFit and
 * NodeResourcesBalancedAllocation are modelled (kube-scheduler v1.34), preferred affinities, image locality and preemption
 * are not, and no Pod ever leaves.
 */
export function replay(
  nodes: readonly NodeFacts[],
  workloads: readonly WorkloadDemand[],
  scenario: Scenario,
  options: ReplayOptions = {},
): Replay {
  const problem = compile(nodes, workloads, scenario);
  const budget: Budget = { left: options.maxSteps ?? 60_000_000 };
  const wanted = options.orders ?? 32;
  const random = generator(97);
  let orders = 0;
  let stranded = 0;
  let worstPods = 0;
  let worstGpus = 0;
  for (; orders < wanted && (budget.left > 0 || orders === 0); orders++) {
    const packing = new Packing(problem);
    for (const group of arrival(problem, orders, random))
      arrive(packing, group, options.profile ?? 'LeastAllocated', random, budget);
    const pods = packing.unplaced;
    if (pods > 0) stranded += 1;
    worstPods = Math.max(worstPods, pods);
    worstGpus = Math.max(worstGpus, devicesMissing(packing));
  }
  return { orders, stranded, worstPods, worstGpus };
}

function devicesMissing(packing: Packing): number {
  const { groups, resources } = packing.problem;
  return groups.reduce((sum, group) => {
    const devices = resources.reduce(
      (most, name, r) => (isDevice(name) ? Math.max(most, group.need[r] as number) : most),
      0,
    );
    return sum + devices * (packing.missing[group.index] as number);
  }, 0);
}

/** Groups in the order in which they come: by priority, within it small first (order 0) or shuffled. */
function arrival(problem: Problem, order: number, random: () => number): readonly number[] {
  const keys = problem.groups.map((group) => (order === 0 ? deviceSize(problem, group.index) : random()));
  const priority = (index: number) => problem.groups[index]?.pod.priority ?? 0;
  return problem.groups
    .map((group) => group.index)
    .sort((a, b) => priority(b) - priority(a) || (keys[a] as number) - (keys[b] as number) || a - b);
}

function deviceSize(problem: Problem, group: number): number {
  return problem.resources.reduce(
    (sum, name, r) => sum + (isDevice(name) ? (problem.groups[group]?.need[r] ?? 0) : 0),
    0,
  );
}

/** All Pods of a group, one after the other. Only the node that was chosen is scored again, unless topology changes more. */
function arrive(
  packing: Packing,
  group: number,
  profile: SchedulerProfile,
  random: () => number,
  budget: Budget,
): void {
  const { problem } = packing;
  const total = problem.nodes.length;
  const related = packing.topology?.concerns(group) === true;
  const scores = new Float64Array(total);
  const rescore = (node: number) => {
    const open = packing.fit(group, node) > 0 && packing.allowed(group, node);
    scores[node] = open ? score(packing, group, node, profile) : -1;
  };
  for (let node = 0; node < total; node++) rescore(node);
  budget.left -= total * 4;
  while ((packing.missing[group] as number) > 0) {
    let best = -1;
    let ties = 0;
    for (let node = 0; node < total; node++) {
      const value = scores[node] as number;
      if (value < 0) continue;
      if (best < 0 || value > (scores[best] as number)) {
        best = node;
        ties = 1;
      } else if (value === scores[best]) {
        ties += 1;
        if (random() * ties < 1) best = node;
      }
    }
    budget.left -= total;
    if (best < 0) return;
    packing.put(group, best, 1);
    if (related) for (let node = 0; node < total; node++) rescore(node);
    else rescore(best);
  }
}

/**
 * 0 to 200: NodeResourcesFit (LeastAllocated over CPU and memory; MostAllocated over what the Pod asks for, devices
 * included) and balanced allocation of CPU and memory, both in whole points as the scheduler counts them.
 */
function score(packing: Packing, group: number, node: number, profile: SchedulerProfile): number {
  const { problem } = packing;
  const width = problem.resources.length;
  const free = problem.classes[problem.classOf[node] as number]?.free as Float64Array;
  const need = problem.groups[group]?.need as Float64Array;
  let points = 0;
  let counted = 0;
  const shares: number[] = [];
  for (let r = 0; r < width; r++) {
    const name = problem.resources[r] as string;
    const all = free[r] as number;
    if (all <= 0 || name === 'pods') continue;
    const left = (packing.room[node * width + r] as number) - (need[r] as number);
    const basic = name === 'cpu' || name === 'memory';
    if (basic) shares.push(1 - left / all);
    if (profile === 'LeastAllocated' ? !basic : (need[r] as number) === 0) continue;
    points += Math.floor(((profile === 'LeastAllocated' ? left : all - left) * 100) / all);
    counted += 1;
  }
  const [cpu, memory] = shares;
  const balance = cpu === undefined || memory === undefined ? 0 : Math.floor((1 - Math.abs(cpu - memory) / 2) * 100);
  return (counted === 0 ? 0 : Math.floor(points / counted)) + balance;
}
