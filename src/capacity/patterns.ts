import { bestPattern, type Pattern } from './knapsack.js';
import { type Budget, Packing, repair } from './pack.js';
import type { Problem } from './problem.js';
import type { Certificate, LinearColumn, LinearResult, Solver } from './verdict.js';

/**
 * Column generation over patterns: a pattern is a set of Pods that one node of a class holds, a solution says how many
 * nodes take which pattern. Its linear bound is far tighter than the aggregated one (it knows that 5 and 3 GPUs fill a node
 * and 5 and 5 do not), and its solutions are nearly whole.
 */
export interface PatternResult {
  readonly packing?: Packing;
  readonly certificate?: Certificate;
  /** Why nothing was decided. */
  readonly open?: string;
}

interface Column {
  readonly nodeClass: number;
  readonly pattern: Pattern;
}

const mostRounds = 400;

export function patternSearch(problem: Problem, start: Packing, solver: Solver, budget: Budget): PatternResult {
  const { groups, classes } = problem;
  const columns: Column[] = [];
  const seen = new Set<string>();
  const offer = (nodeClass: number, pattern: Pattern): LinearColumn[] => {
    const name = `${nodeClass}:${Object.entries(pattern)
      .map(([g, n]) => `${g}x${n}`)
      .join()}`;
    if (seen.has(name) || Object.keys(pattern).length === 0) return [];
    seen.add(name);
    columns.push({ nodeClass, pattern });
    return [columnOf(problem, nodeClass, pattern)];
  };
  const slack: LinearColumn[] = groups.map((group) => ({ cost: 1, upper: group.count, entries: [[group.index, 1]] }));
  const first = initialPatterns(problem, start).flatMap(({ nodeClass, pattern }) => offer(nodeClass, pattern));
  const rows = [
    ...groups.map((group) => ({ low: group.count, high: Number.POSITIVE_INFINITY })),
    ...classes.map((each) => ({ low: Number.NEGATIVE_INFINITY, high: each.nodes.length })),
  ];
  const session = solver.open({ columns: [...slack, ...first], rows });
  try {
    let proved = false;
    let result: LinearResult | undefined;
    for (let round = 0; round < mostRounds && budget.left > 0; round++) {
      result = session.solve(100_000);
      budget.left -= 50 * (columns.length + rows.length);
      if (result.status !== 'optimal') return { open: 'the solver gave up on the linear program' };
      if (result.objective < 1e-7) break;
      const { duals } = result;
      proved = true;
      const added: LinearColumn[] = [];
      for (const each of classes) {
        const worth = Math.max(0, -(duals[groups.length + each.index] ?? 0));
        const best = bestPattern(problem, each.index, duals, worth + 1e-7, budget);
        if (!best.proved) proved = false;
        if (best.value > worth + 1e-6) added.push(...offer(each.index, best.pattern));
      }
      if (added.length === 0) break;
      proved = false;
      session.addColumns(added);
    }
    if (result === undefined) return { open: 'the budget of steps ran out' };
    if (result.objective >= 1e-7) {
      if (!proved) return { open: 'the budget of steps ran out' };
      return { certificate: certificateOf(problem, result.duals) };
    }
    return wholeSolution(problem, columns, result.x, solver, budget);
  } finally {
    session.close();
  }
}

function columnOf(problem: Problem, nodeClass: number, pattern: Pattern): LinearColumn {
  const entries = Object.entries(pattern).map(([group, count]) => [Number(group), count] as const);
  return {
    cost: 0,
    upper: problem.classes[nodeClass]?.nodes.length ?? 0,
    entries: [...entries, [problem.groups.length + nodeClass, 1]],
  };
}

/** The patterns of the heuristic's packing, and as many copies of each group alone as a node takes. */
function initialPatterns(problem: Problem, start: Packing): readonly Column[] {
  const found: Column[] = [];
  problem.nodes.forEach((_, node) => {
    const pattern: Record<number, number> = {};
    for (const group of problem.groups) {
      const pods = start.at(group.index, node);
      if (pods > 0) pattern[group.index] = pods;
    }
    found.push({ nodeClass: problem.classOf[node] as number, pattern });
  });
  for (const group of problem.groups) {
    problem.classes.forEach((each) => {
      const copies = problem.capacity[group.index]?.[each.index] ?? 0;
      if (copies > 0) found.push({ nodeClass: each.index, pattern: { [group.index]: Math.min(copies, group.count) } });
    });
  }
  return found;
}

/** Prices of Pods as whole numbers; what a node is worth at most is found again by the checker. */
function certificateOf(problem: Problem, duals: ArrayLike<number>): Certificate {
  const price = problem.groups.map((group) => BigInt(Math.round(Math.max(0, duals[group.index] ?? 0) * 2 ** 20)));
  return {
    kind: 'prices',
    prices: Object.fromEntries(
      problem.groups.flatMap((group) =>
        (price[group.index] as bigint) > 0n ? [[group.key, String(price[group.index])]] : [],
      ),
    ),
    bounds: problem.classes
      .filter((each) =>
        problem.groups.some(
          (group) => (problem.capacity[group.index]?.[each.index] ?? 0) > 0 && (price[group.index] as bigint) > 0n,
        ),
      )
      .map((each) => ({
        nodes: each.nodes.map((n) => problem.nodes[n]?.name as string),
        by: { kind: 'search' as const },
      })),
  };
}

/**
 * From fractions to whole nodes, cheapest first: rounding down and packing the rest; rounding down and adding the largest
 * fractions; an integer program for what rounding down leaves over; the integer program over all nodes.
 */
function wholeSolution(
  problem: Problem,
  columns: readonly Column[],
  x: ArrayLike<number>,
  solver: Solver,
  budget: Budget,
): PatternResult {
  const slack = problem.groups.length;
  const amounts = columns.map((_, index) => Math.max(0, x[slack + index] ?? 0));
  const down = amounts.map((amount) => Math.floor(amount + 1e-6));
  const all = columns.map((_, index) => index);
  const fraction = (index: number) => (amounts[index] as number) - (down[index] as number);
  const up = all.filter((index) => fraction(index) > 1e-6).sort((i, j) => fraction(j) - fraction(i));
  const uses: readonly (() => readonly (readonly [number, number])[] | undefined)[] = [
    () => all.map((index) => [index, down[index] as number]),
    () => [...all.map((index) => [index, down[index] as number] as const), ...up.map((index) => [index, 1] as const)],
    () => {
      const rest = integerSolution(problem, columns, down, solver, 300, budget);
      return rest === undefined ? undefined : [...all.map((index) => [index, down[index] as number] as const), ...rest];
    },
    () => integerSolution(problem, columns, [], solver, 2_000, budget),
  ];
  for (const use of uses) {
    if (budget.left <= 0) return { open: 'the budget of steps ran out' };
    const times = use();
    if (times === undefined) continue;
    const packing = rebuild(problem, times, columns, budget);
    if (packing.unplaced === 0) return { packing };
  }
  return { open: 'the patterns fit in fractions, and no whole solution was found within the budget' };
}

/** How often each pattern is used, in whole nodes, for what is left when some uses are given already. */
function integerSolution(
  problem: Problem,
  columns: readonly Column[],
  given: readonly number[],
  solver: Solver,
  searchNodes: number,
  budget: Budget,
): readonly (readonly [number, number])[] | undefined {
  const counts = problem.groups.map((group) => group.count);
  const nodes = problem.classes.map((each) => each.nodes.length);
  columns.forEach(({ nodeClass, pattern }, index) => {
    const times = given[index] ?? 0;
    nodes[nodeClass] = (nodes[nodeClass] as number) - times;
    for (const [group, count] of Object.entries(pattern))
      counts[Number(group)] = Math.max(0, (counts[Number(group)] as number) - times * count);
  });
  const useful = columns.flatMap((each, index) =>
    (nodes[each.nodeClass] as number) > 0 &&
    Object.keys(each.pattern).some((group) => (counts[Number(group)] as number) > 0)
      ? [index]
      : [],
  );
  const session = solver.open({
    columns: [
      ...problem.groups.map(
        (group): LinearColumn => ({ cost: 1, upper: counts[group.index] as number, entries: [[group.index, 1]] }),
      ),
      ...useful.map((index): LinearColumn => {
        const { nodeClass, pattern } = columns[index] as Column;
        return { ...columnOf(problem, nodeClass, pattern), upper: nodes[nodeClass] as number, integer: true };
      }),
    ],
    rows: [
      ...counts.map((count) => ({ low: count, high: Number.POSITIVE_INFINITY })),
      ...nodes.map((count) => ({ low: Number.NEGATIVE_INFINITY, high: count })),
    ],
  });
  try {
    const result = session.solve(Math.max(1, Math.min(searchNodes, Math.floor(budget.left / 2_000))));
    budget.left -= searchNodes * 100;
    if (result.x.length !== counts.length + useful.length) return undefined;
    return useful.map((index, at) => [index, Math.round(result.x[counts.length + at] ?? 0)]);
  } finally {
    session.close();
  }
}

/** Puts patterns on nodes, never more Pods than there are, and packs what is left around them. */
function rebuild(
  problem: Problem,
  uses: readonly (readonly [number, number])[],
  columns: readonly Column[],
  budget: Budget,
): Packing {
  const packing = new Packing(problem);
  const next = problem.classes.map(() => 0);
  for (const [index, times] of uses) {
    const { nodeClass, pattern } = columns[index] as Column;
    for (let time = 0; time < times; time++) {
      const node = problem.classes[nodeClass]?.nodes[next[nodeClass] ?? 0];
      if (node === undefined) break;
      next[nodeClass] = (next[nodeClass] ?? 0) + 1;
      for (const [key, count] of Object.entries(pattern)) {
        const group = Number(key);
        const pods = Math.min(count, packing.missing[group] as number, packing.fit(group, node));
        if (pods > 0) packing.put(group, node, pods);
      }
    }
  }
  fill(packing, budget);
  if (packing.unplaced > 0) repair(packing, budget);
  return packing;
}

/** First fit of what is missing, large Pods first, on the fullest nodes. */
function fill(packing: Packing, budget: Budget): void {
  const { problem } = packing;
  const size = (group: number) =>
    problem.resources.reduce(
      (sum, _, r) => sum + ((problem.groups[group]?.need[r] ?? 0) as number) / (1 + maxFree(problem, r)),
      0,
    );
  const order = problem.groups.map((group) => group.index).filter((group) => (packing.missing[group] as number) > 0);
  order.sort((a, b) => size(b) - size(a));
  for (const group of order) {
    for (let node = 0; node < problem.nodes.length && (packing.missing[group] as number) > 0; node++) {
      const pods = Math.min(packing.fit(group, node), packing.missing[group] as number);
      budget.left -= 1;
      if (pods > 0) packing.put(group, node, pods);
    }
  }
}

function maxFree(problem: Problem, resource: number): number {
  return problem.classes.reduce((most, each) => Math.max(most, each.free[resource] as number), 0);
}
