import { type Exclusive, hasTopology, type Problem } from './problem.js';
import { TopologyState } from './topology.js';

/** A budget of steps, so that a verdict depends on the input and not on the machine. */
export interface Budget {
  left: number;
}

/** A partial assignment of Pods to nodes. */
export class Packing {
  /** What is left on every node, row by node, column by resource. */
  readonly room: Float64Array;
  /** Pods by group and node: `counts[group * nodes + node]`. */
  readonly counts: Uint32Array;
  /** Pods of each group that found no place yet. */
  readonly missing: Int32Array;
  readonly topology: TopologyState | undefined;
  private readonly width: number;
  private readonly nodes: number;

  constructor(readonly problem: Problem) {
    const { nodes, groups, resources, classOf, classes } = problem;
    this.width = resources.length;
    this.nodes = nodes.length;
    this.room = new Float64Array(nodes.length * this.width);
    for (let n = 0; n < nodes.length; n++) {
      const free = classes[classOf[n] ?? 0]?.free;
      if (free !== undefined) this.room.set(free, n * this.width);
    }
    this.counts = new Uint32Array(groups.length * nodes.length);
    this.missing = Int32Array.from(groups, (group) => group.count);
    this.topology = hasTopology(problem) ? new TopologyState(problem) : undefined;
  }

  /** How many more Pods of the group the node could take now, topology aside. */
  fit(group: number, node: number): number {
    const { capacity, classOf, alone, conflicts, groups } = this.problem;
    let most = capacity[group]?.[classOf[node] ?? 0] ?? 0;
    if (most === 0) return 0;
    if (alone[group] === true && this.at(group, node) > 0) return 0;
    const need = groups[group]?.need;
    if (need === undefined) return 0;
    const base = node * this.width;
    for (let r = 0; r < this.width; r++) {
      const wanted = need[r] as number;
      if (wanted === 0) continue;
      const room = this.room[base + r] as number;
      if (room < wanted) return 0;
      if (room < wanted * most) most = Math.floor(room / wanted);
    }
    for (const other of conflicts[group] ?? []) if (this.at(other, node) > 0) return 0;
    return most;
  }

  at(group: number, node: number): number {
    return this.counts[group * this.nodes + node] as number;
  }

  /** Puts Pods on a node, or takes them away (`pods` negative). */
  put(group: number, node: number, pods: number): void {
    const need = this.problem.groups[group]?.need;
    if (need === undefined) return;
    const base = node * this.width;
    for (let r = 0; r < this.width; r++)
      this.room[base + r] = (this.room[base + r] as number) - (need[r] as number) * pods;
    this.counts[group * this.nodes + node] = this.at(group, node) + pods;
    this.missing[group] = (this.missing[group] as number) - pods;
    this.topology?.put(group, node, pods);
  }

  /** Whether one more Pod may stand there by the rules of topology. */
  allowed(group: number, node: number): boolean {
    return this.topology?.allows(group, node) ?? true;
  }

  get unplaced(): number {
    let sum = 0;
    for (const each of this.missing) sum += each;
    return sum;
  }

  assignments(): readonly { readonly key: string; readonly node: string; readonly pods: number }[] {
    const found: { readonly key: string; readonly node: string; readonly pods: number }[] = [];
    // Most of this table is 0 in a large fleet: a plain loop over it is what keeps that cheap.
    for (const { key, index } of this.problem.groups) {
      for (let n = 0; n < this.nodes; n++) {
        const pods = this.at(index, n);
        const node = pods > 0 ? this.problem.nodes[n] : undefined;
        if (node !== undefined) found.push({ key, node: node.name, pods });
      }
    }
    return found;
  }
}

/** A small deterministic generator (xorshift32): restarts differ from each other and never between machines. */
export function generator(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
}

/**
 * Squeaky wheel: first fit decreasing, then again with what was left over moved to the front, until all is placed or the
 * restarts are used up. Returns the best packing seen; that it is not complete proves nothing.
 */
export function squeakyWheel(problem: Problem, restarts: number, budget: Budget): Packing {
  const random = generator(20240613);
  const weights = initialWeights(problem);
  const preference = classPreference(problem);
  // Pods that must be near others come after them.
  const follows = new Set(
    problem.attractions.filter((each) => !each.targets.includes(each.group)).map((each) => each.group),
  );
  let best: Packing | undefined;
  for (let pass = 0; pass <= restarts && budget.left > 0; pass++) {
    const order = [...problem.groups.keys()].sort(
      (a, b) =>
        Number(follows.has(a)) - Number(follows.has(b)) || (weights[b] as number) - (weights[a] as number) || a - b,
    );
    const packing = new Packing(problem);
    for (const group of order) place(packing, group, preference, pass, budget);
    if (packing.unplaced > 0) repair(packing, budget);
    if (best === undefined || packing.unplaced < best.unplaced) best = packing;
    if (best.unplaced === 0) break;
    for (const group of problem.groups) {
      const left = packing.missing[group.index] as number;
      if (left > 0) weights[group.index] = (weights[group.index] as number) + 0.3 + 0.7 * random();
    }
    if (pass > 2)
      for (let c = 0; c < preference.length; c++) preference[c] = (preference[c] as number) + 0.4 * (random() - 0.5);
  }
  return best ?? new Packing(problem);
}

/** Large Pods first, and among them those with fewer nodes to choose from. */
function initialWeights(problem: Problem): Float64Array {
  const largest = problem.resources.map((_, r) =>
    problem.classes.reduce((most, each) => Math.max(most, each.free[r] ?? 0), 0),
  );
  return Float64Array.from(problem.groups, (group) => {
    let size = 0;
    for (let r = 0; r < largest.length; r++)
      if ((largest[r] as number) > 0) size = Math.max(size, (group.need[r] as number) / (largest[r] as number));
    let nodes = 0;
    problem.classes.forEach((each, c) => {
      if ((problem.capacity[group.index]?.[c] ?? 0) > 0) nodes += each.nodes.length;
    });
    const rare = problem.nodes.length === 0 ? 0 : 1 - nodes / problem.nodes.length;
    return size + 0.5 * rare + (problem.alone[group.index] === true ? 0.1 : 0);
  });
}

/** How sought after each class is: what all groups that may use it ask for, over what it has. Less is taken first. */
function classPreference(problem: Problem): Float64Array {
  return Float64Array.from(problem.classes, (each, c) => {
    let groups = 0;
    for (const group of problem.groups) if ((problem.capacity[group.index]?.[c] ?? 0) > 0) groups += 1;
    const scalable = problem.nodes[each.nodes[0] ?? 0]?.scalable === true ? 2 : 0;
    return scalable + groups / Math.max(1, problem.groups.length);
  });
}

function place(packing: Packing, group: number, preference: Float64Array, pass: number, budget: Budget): void {
  const exclusive = packing.problem.exclusives.find((each) => each.members.some((member) => member.group === group));
  if (exclusive !== undefined) placeExclusive(packing, exclusive, budget);
  else if (packing.topology?.concerns(group) === true) placeOneByOne(packing, group, preference, budget);
  else placeMany(packing, group, preference, pass, budget);
}

/** Fullest nodes of the least sought classes first, as many copies on each as fit. */
function placeMany(packing: Packing, group: number, preference: Float64Array, pass: number, budget: Budget): void {
  const { problem } = packing;
  const capacity = problem.capacity[group];
  const need = problem.groups[group]?.need;
  if (capacity === undefined || need === undefined) return;
  const main = mainResource(problem, group);
  const width = problem.resources.length;
  const classes = problem.classes.filter((each) => (capacity[each.index] as number) > 0);
  classes.sort((a, b) => (preference[a.index] as number) - (preference[b.index] as number) || a.index - b.index);
  const most = pass % 3 === 1 ? 1 : Number.POSITIVE_INFINITY;
  for (let round = 0; round < (most === 1 ? 64 : 1) && (packing.missing[group] as number) > 0; round++) {
    let placed = 0;
    for (const each of classes) {
      const full = each.free[main] as number;
      const buckets: number[][] = [];
      for (const node of each.nodes) {
        const left = packing.room[node * width + main] as number;
        if (left < (need[main] as number)) continue;
        const slot = full <= 64 ? left : Math.floor((left * 64) / full);
        const bucket = buckets[slot];
        if (bucket === undefined) buckets[slot] = [node];
        else bucket.push(node);
      }
      budget.left -= each.nodes.length;
      for (const bucket of buckets) {
        if (bucket === undefined) continue;
        for (const node of bucket) {
          const missing = packing.missing[group] as number;
          if (missing === 0) return;
          const pods = Math.min(packing.fit(group, node), missing, most);
          if (pods > 0) {
            packing.put(group, node, pods);
            placed += pods;
          }
        }
      }
    }
    if (placed === 0) return;
  }
}

/** The resource that a Pod of the group takes the largest share of, on the best node that takes it. */
function mainResource(problem: Problem, group: number): number {
  let main = 0;
  let share = -1;
  const need = problem.groups[group]?.need;
  for (let r = 0; r < problem.resources.length; r++) {
    let largest = 0;
    problem.classes.forEach((each, c) => {
      if ((problem.capacity[group]?.[c] ?? 0) > 0) largest = Math.max(largest, each.free[r] as number);
    });
    if (largest > 0 && (need?.[r] ?? 0) / largest > share) {
      share = (need?.[r] ?? 0) / largest;
      main = r;
    }
  }
  return main;
}

function placeOneByOne(packing: Packing, group: number, preference: Float64Array, budget: Budget): void {
  const { problem } = packing;
  const main = mainResource(problem, group);
  while ((packing.missing[group] as number) > 0 && budget.left > 0) {
    let best = -1;
    let bestScore = Number.POSITIVE_INFINITY;
    for (let node = 0; node < problem.nodes.length; node++) {
      if (packing.fit(group, node) === 0 || !packing.allowed(group, node)) continue;
      const c = problem.classOf[node] as number;
      const free = problem.classes[c]?.free[main] ?? 1;
      const score =
        (preference[c] as number) * 4 +
        (packing.room[node * problem.resources.length + main] as number) / Math.max(1, free);
      if (score < bestScore) {
        bestScore = score;
        best = node;
      }
    }
    budget.left -= problem.nodes.length;
    if (best < 0) return;
    packing.put(group, best, 1);
  }
}

/** Replicas that take a domain each: the tightest domain that holds one whole replica. */
function placeExclusive(packing: Packing, exclusive: Exclusive, budget: Budget): void {
  const { problem } = packing;
  const first = exclusive.members[0];
  if (first === undefined) return;
  const domains = problem.domains[exclusive.key]?.length ?? 0;
  const byDomain: number[][] = Array.from({ length: domains }, () => []);
  problem.domainOf[exclusive.key]?.forEach((domain, node) => {
    if (domain >= 0) byDomain[domain]?.push(node);
  });
  byDomain.sort((a, b) => a.length - b.length);
  for (const nodes of byDomain) {
    if ((packing.missing[first.group] as number) < first.perReplica) return;
    const done: [number, number][] = [];
    const complete = exclusive.members.every(({ group, perReplica }) => {
      for (let pod = 0; pod < perReplica; pod++) {
        budget.left -= nodes.length;
        const node = nodes.find((each) => packing.fit(group, each) > 0 && packing.allowed(group, each));
        if (node === undefined) return false;
        packing.put(group, node, 1);
        done.push([group, node]);
      }
      return true;
    });
    if (!complete) for (const [group, node] of done) packing.put(group, node, -1);
  }
}

/**
 * Makes room for what is left over: takes some Pods of another group from a node where a missing Pod would then fit, if
 * these find room elsewhere. Groups bound by topology stay where they are.
 */
export function repair(packing: Packing, budget: Budget): void {
  const { problem } = packing;
  const movable = problem.groups
    .filter((group) => packing.topology?.concerns(group.index) !== true)
    .map((group) => group.index);
  // Movable groups by node; some may have left since, none is missing.
  const present = problem.nodes.map((_, node) => movable.filter((group) => packing.at(group, node) > 0));
  budget.left -= (movable.length * problem.nodes.length) / 4;
  for (let progress = true; progress && budget.left > 0; ) {
    progress = false;
    // Groups of which so many Pods found no other home; asked again only in the next round, when more has moved.
    const homeless = new Map<number, number>();
    for (const group of movable) {
      while ((packing.missing[group] as number) > 0 && budget.left > 0) {
        if (!makeRoom(packing, group, present, homeless, budget)) break;
        progress = true;
      }
    }
  }
}

type Present = readonly number[][];

function settle(present: Present, group: number, node: number): void {
  const here = present[node];
  if (here?.includes(group) === false) here.push(group);
}

function makeRoom(
  packing: Packing,
  group: number,
  present: Present,
  homeless: Map<number, number>,
  budget: Budget,
): boolean {
  const { problem } = packing;
  for (let node = 0; node < problem.nodes.length; node++) {
    if ((problem.capacity[group]?.[problem.classOf[node] as number] ?? 0) === 0) continue;
    budget.left -= 1;
    if (packing.fit(group, node) > 0) {
      packing.put(group, node, 1);
      settle(present, group, node);
      return true;
    }
    for (const other of present[node] ?? []) {
      const here = packing.at(other, node);
      if (other === group || here === 0 || homeless.get(other) === 1) continue;
      const moved = fewestToMove(packing, group, other, node, here);
      budget.left -= 4;
      if (moved === 0 || moved >= (homeless.get(other) ?? Number.POSITIVE_INFINITY)) continue;
      packing.put(other, node, -moved);
      packing.put(group, node, 1);
      if (rehouse(packing, other, moved, node, present, budget)) {
        settle(present, group, node);
        return true;
      }
      packing.put(group, node, -1);
      packing.put(other, node, moved);
      homeless.set(other, moved);
    }
  }
  return false;
}

/** How many Pods of `other` must go for one of `group` to fit on the node; 0 where not even all of them help. */
function fewestToMove(packing: Packing, group: number, other: number, node: number, here: number): number {
  packing.put(other, node, -here);
  let fits = packing.fit(group, node) > 0;
  packing.put(other, node, here);
  if (!fits) return 0;
  for (let moved = 1; moved < here; moved++) {
    packing.put(other, node, -moved);
    fits = packing.fit(group, node) > 0;
    packing.put(other, node, moved);
    if (fits) return moved;
  }
  return here;
}

function rehouse(
  packing: Packing,
  group: number,
  pods: number,
  not: number,
  present: Present,
  budget: Budget,
): boolean {
  const done: [number, number][] = [];
  let left = pods;
  for (let node = 0; node < packing.problem.nodes.length && left > 0; node++) {
    if (node === not) continue;
    budget.left -= 1;
    const here = Math.min(left, packing.fit(group, node));
    if (here === 0) continue;
    packing.put(group, node, here);
    done.push([node, here]);
    left -= here;
  }
  for (const [node, here] of done) {
    if (left > 0) packing.put(group, node, -here);
    else settle(present, group, node);
  }
  return left === 0;
}
