import type { Budget } from './pack.js';
import type { Problem } from './problem.js';
import type { Certificate, LinearColumn, LinearProgram, LinearResult, NodeBound, Solver } from './verdict.js';

/**
 * The aggregated bound: Pods of each group on each class of nodes as fractions, resources of a class summed, copies a node
 * and templates that exclude each other on a node respected on average. What it cannot place, no assignment can; its dual
 * prices, rounded to integers, are the proof.
 */
export interface Aggregate {
  /** Pods that are left over at least (a fraction, with the rounding of the solver). */
  readonly missing: number;
  readonly certificate?: Certificate;
}

/** Above this many variables the bound costs more than it decides. */
const mostColumns = 60_000;

export function aggregateBound(problem: Problem, solver: Solver, budget: Budget): Aggregate | undefined {
  const layout = layoutOf(problem);
  if (layout.columns.length > mostColumns) return undefined;
  const session = solver.open({ columns: layout.columns, rows: layout.rows });
  let result: LinearResult;
  try {
    result = session.solve(200_000);
  } finally {
    session.close();
  }
  budget.left -= layout.columns.length * 20;
  if (result.status !== 'optimal') return undefined;
  if (result.objective < 1e-6) return { missing: 0 };
  return { missing: result.objective, certificate: certificateOf(problem, layout, result.duals) };
}

interface Layout extends LinearProgram {
  readonly columns: readonly LinearColumn[];
  /** Row of each class and resource, -1 where there is none. */
  readonly resourceRow: (nodeClass: number, resource: number) => number;
  readonly cliques: readonly (readonly number[])[];
  readonly cliqueRow: (nodeClass: number, clique: number) => number;
  /** Powers of two that bring every resource near 1. */
  readonly scale: readonly number[];
}

function layoutOf(problem: Problem): Layout {
  const { groups, classes, resources, capacity } = problem;
  const scale = resources.map((_, r) =>
    powerAbove(classes.reduce((most, each) => Math.max(most, each.free[r] as number), 1)),
  );
  const cliques = cliquesOf(problem);
  const rows = groups.map((group) => ({ low: group.count, high: Number.POSITIVE_INFINITY }));
  const place = new Map<string, number>();
  const rowAt = (name: string, high: number) => {
    const known = place.get(name);
    if (known !== undefined) return known;
    const made = rows.push({ low: Number.NEGATIVE_INFINITY, high }) - 1;
    place.set(name, made);
    return made;
  };
  const columns: LinearColumn[] = groups.map((group) => ({ cost: 1, upper: group.count, entries: [[group.index, 1]] }));
  for (const group of groups) {
    for (const each of classes) {
      const copies = capacity[group.index]?.[each.index] ?? 0;
      if (copies === 0) continue;
      const nodes = each.nodes.length;
      const entries: [number, number][] = [[group.index, 1]];
      for (let r = 0; r < resources.length; r++) {
        const need = group.need[r] as number;
        const s = scale[r] as number;
        if (need > 0) entries.push([rowAt(`${each.index} ${r}`, ((each.free[r] as number) / s) * nodes), need / s]);
      }
      cliques.forEach((clique, k) => {
        if (clique.includes(group.index)) entries.push([rowAt(`${each.index} clique ${k}`, nodes), 1]);
      });
      columns.push({ cost: 0, upper: copies * nodes, entries });
    }
  }
  return {
    columns,
    rows,
    scale,
    cliques,
    resourceRow: (c, r) => place.get(`${c} ${r}`) ?? -1,
    cliqueRow: (c, k) => place.get(`${c} clique ${k}`) ?? -1,
  };
}

function powerAbove(value: number): number {
  let power = 1;
  while (power < value) power *= 2;
  return power;
}

/** Sets of groups, alone on a node each, that all exclude each other there; grown greedily around every conflict. */
function cliquesOf(problem: Problem): readonly (readonly number[])[] {
  const found = new Map<string, readonly number[]>();
  for (const group of problem.groups) {
    const others = (problem.conflicts[group.index] ?? []).filter((each) => problem.alone[each] === true);
    if (problem.alone[group.index] !== true || others.length === 0) continue;
    const clique = [group.index];
    for (const other of others)
      if (clique.every((each) => problem.conflicts[each]?.includes(other))) clique.push(other);
    clique.sort((a, b) => a - b);
    if (clique.length > 1) found.set(clique.join(' '), clique);
  }
  return [...found.values()];
}

/** Dual prices in whole numbers: prices of Pods and resources times 2^30, resources by their scale besides. */
const precision = 2 ** 30;

function certificateOf(problem: Problem, layout: Layout, duals: ArrayLike<number>): Certificate {
  const largest = layout.scale.reduce((most, each) => Math.max(most, each), 1);
  const unit = BigInt(largest);
  const price = problem.groups.map(
    (group) => BigInt(Math.round(Math.max(0, tidy(duals[group.index] ?? 0)) * precision)) * unit,
  );
  const bounds = problem.classes.flatMap((each): NodeBound[] => {
    const resources: Record<string, string> = {};
    const perResource = problem.resources.map((name, r) => {
      const row = layout.resourceRow(each.index, r);
      const dual = row < 0 ? 0 : tidy(-(duals[row] ?? 0));
      const value = BigInt(Math.round(Math.max(0, dual) * precision)) * BigInt(largest / (layout.scale[r] as number));
      if (value > 0n) resources[name] = String(value);
      return value;
    });
    const cliques: { keys: string[]; price: string }[] = [];
    const perClique = layout.cliques.map((clique, k) => {
      const row = layout.cliqueRow(each.index, k);
      const value = BigInt(Math.round(Math.max(0, row < 0 ? 0 : tidy(-(duals[row] ?? 0))) * precision)) * unit;
      if (value > 0n) cliques.push({ keys: clique.map((g) => problem.groups[g]?.key as string), price: String(value) });
      return value;
    });
    const perCopy: Record<string, string> = {};
    let takes = false;
    for (const group of problem.groups) {
      if ((problem.capacity[group.index]?.[each.index] ?? 0) === 0 || price[group.index] === 0n) continue;
      takes = true;
      let covered = 0n;
      perResource.forEach((value, r) => {
        covered += value * BigInt(group.need[r] as number);
      });
      layout.cliques.forEach((clique, k) => {
        if (clique.includes(group.index)) covered += perClique[k] as bigint;
      });
      const open = (price[group.index] as bigint) - covered;
      if (open > 0n) perCopy[group.key] = String(open);
    }
    return takes
      ? [
          {
            nodes: each.nodes.map((n) => problem.nodes[n]?.name as string),
            by: { kind: 'resources', resources, each: perCopy, cliques },
          },
        ]
      : [];
  });
  return {
    kind: 'prices',
    prices: Object.fromEntries(
      problem.groups.flatMap((group) => (price[group.index] === 0n ? [] : [[group.key, String(price[group.index])]])),
    ),
    bounds,
  };
}

/** What the solver leaves within its tolerance is nothing. */
function tidy(value: number): number {
  return Math.abs(value) < 1e-9 ? 0 : value;
}
