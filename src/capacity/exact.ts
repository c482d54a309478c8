import { type Budget, Packing } from './pack.js';
import type { Problem } from './problem.js';
import type { LinearColumn, Solver } from './verdict.js';

/**
 * The whole problem as an integer program, node by node, with every rule between Pods. Only for what is small: elsewhere
 * patterns are better, but they know nothing of zones.
 */
export interface ExactResult {
  readonly packing?: Packing;
  /** True where no assignment exists, as far as the solver's arithmetic goes: the checker repeats the search. */
  readonly impossible?: boolean;
  readonly open?: string;
}

const mostVariables = 40_000;

export function exactSearch(problem: Problem, solver: Solver, budget: Budget): ExactResult {
  const program = new Builder(problem);
  if (program.columns.length > mostVariables) return { open: 'the problem is too large for the exact search' };
  const session = solver.open({ columns: program.columns, rows: program.rows });
  try {
    const nodes = Math.max(1, Math.min(20_000, Math.floor((budget.left / (1 + program.columns.length)) * 2)));
    const result = session.solve(nodes);
    budget.left -= program.columns.length * 200;
    const missing =
      result.x.length === program.columns.length
        ? program.slack.reduce((sum, column) => sum + (result.x[column] ?? 0), 0)
        : Number.POSITIVE_INFINITY;
    if (missing < 0.5) {
      const packing = program.packing(result.x);
      if (packing.unplaced === 0) return { packing };
    }
    if (result.status === 'infeasible' || (result.status === 'optimal' && missing > 0.5)) {
      // Spreads that count other templates are asked of the end state here, which is more than the scheduler asks.
      const strict = problem.spreads.some((each) => each.matched.length !== 1 || each.matched[0] !== each.group);
      return strict
        ? { open: 'no placement keeps the spread of several templates at once; in some order of arrival one might' }
        : { impossible: true };
    }
    return { open: 'the budget of search nodes ran out' };
  } finally {
    session.close();
  }
}

class Builder {
  readonly columns: (LinearColumn & { readonly entries: [number, number][] })[] = [];
  readonly rows: { low: number; high: number }[] = [];
  readonly slack: number[] = [];
  /** Column of a group on a node. */
  private readonly x = new Map<number, number>();
  /** Column of "some Pod of the group is in this domain". */
  private readonly present = new Map<string, number>();

  constructor(private readonly problem: Problem) {
    this.pods();
    this.nodes();
    problem.exclusions.forEach(({ key, a, b }) => {
      this.each(key, (nodes, domain) => {
        if (a === b)
          this.atMost(
            nodes.flatMap((n) => this.at(a, n)),
            1,
          );
        else
          this.row(
            Number.NEGATIVE_INFINITY,
            1,
            [this.presence(key, a, domain, nodes), this.presence(key, b, domain, nodes)].map((c) => [c, 1]),
          );
      });
    });
    for (const attraction of problem.attractions) this.attract(attraction);
    for (const spread of problem.spreads) this.spread(spread);
    for (const exclusive of problem.exclusives) this.alone(exclusive);
  }

  packing(x: ArrayLike<number>): Packing {
    const packing = new Packing(this.problem);
    const width = this.problem.nodes.length;
    for (const [place, column] of this.x) {
      const pods = Math.round(x[column] ?? 0);
      if (pods > 0) packing.put(Math.floor(place / width), place % width, pods);
    }
    return packing;
  }

  private column(cost: number, upper: number): number {
    return this.columns.push({ cost, upper, integer: true, entries: [] }) - 1;
  }

  private row(low: number, high: number, entries: readonly (readonly [number, number])[]): void {
    const row = this.rows.push({ low, high }) - 1;
    for (const [column, value] of entries) this.columns[column]?.entries.push([row, value]);
  }

  private atMost(columns: readonly number[], high: number): void {
    if (columns.length > 0)
      this.row(
        Number.NEGATIVE_INFINITY,
        high,
        columns.map((each) => [each, 1]),
      );
  }

  private at(group: number, node: number): number[] {
    const column = this.x.get(group * this.problem.nodes.length + node);
    return column === undefined ? [] : [column];
  }

  private pods(): void {
    const { groups, nodes, classOf, capacity, keys, domainOf, attractions, spreads, exclusives } = this.problem;
    for (const group of groups) {
      // A Pod with affinity or spread is rejected by nodes without the key.
      const needed = keys.flatMap((_, key) =>
        [...attractions, ...spreads].some((each) => each.key === key && each.group === group.index) ||
        exclusives.some((each) => each.key === key && each.members.some((member) => member.group === group.index))
          ? [domainOf[key] as Int32Array]
          : [],
      );
      const own: number[] = [];
      nodes.forEach((_, n) => {
        const most = capacity[group.index]?.[classOf[n] as number] ?? 0;
        if (most === 0 || needed.some((domains) => (domains[n] as number) < 0)) return;
        const column = this.column(0, most);
        this.x.set(group.index * nodes.length + n, column);
        own.push(column);
      });
      const slack = this.column(1, group.count);
      this.slack.push(slack);
      this.row(
        group.count,
        group.count,
        [...own, slack].map((each) => [each, 1]),
      );
    }
  }

  private nodes(): void {
    const { groups, nodes, classOf, classes, resources, conflicts } = this.problem;
    for (let n = 0; n < nodes.length; n++) {
      const here = groups.flatMap((group) => this.at(group.index, n).map((column) => ({ group, column })));
      for (let r = 0; r < resources.length; r++) {
        const free = classes[classOf[n] as number]?.free[r] as number;
        const scale = Math.max(1, free);
        const using = here.filter(({ group }) => (group.need[r] as number) > 0);
        const worst = using.reduce(
          (sum, { group, column }) => sum + (group.need[r] as number) * (this.columns[column]?.upper ?? 0),
          0,
        );
        if (worst > free)
          this.row(
            Number.NEGATIVE_INFINITY,
            free / scale,
            using.map(({ group, column }) => [column, (group.need[r] as number) / scale]),
          );
      }
      for (const { group } of here) {
        for (const other of conflicts[group.index] ?? []) {
          if (other < group.index || this.at(other, n).length === 0) continue;
          this.row(
            Number.NEGATIVE_INFINITY,
            1,
            [this.presence(-1 - n, group.index, 0, [n]), this.presence(-1 - n, other, 0, [n])].map((c) => [c, 1]),
          );
        }
      }
    }
  }

  /** A column that is 1 exactly where the group has Pods in the domain. */
  private presence(key: number, group: number, domain: number, nodes: readonly number[]): number {
    const name = `${key} ${group} ${domain}`;
    const known = this.present.get(name);
    if (known !== undefined) return known;
    const column = this.column(0, 1);
    this.present.set(name, column);
    const pods = nodes.flatMap((n) => this.at(group, n));
    const most = Math.min(
      this.problem.groups[group]?.count ?? 0,
      pods.reduce((sum, each) => sum + (this.columns[each]?.upper ?? 0), 0),
    );
    this.row(Number.NEGATIVE_INFINITY, 0, [...pods.map((each) => [each, 1] as const), [column, -Math.max(1, most)]]);
    this.row(Number.NEGATIVE_INFINITY, 0, [[column, 1], ...pods.map((each) => [each, -1] as const)]);
    return column;
  }

  private each(key: number, visit: (nodes: readonly number[], domain: number) => void): void {
    const domainOf = this.problem.domainOf[key];
    this.problem.domains[key]?.forEach((_, domain) => {
      visit(
        this.problem.nodes.flatMap((__, n) => (domainOf?.[n] === domain ? [n] : [])),
        domain,
      );
    });
  }

  private attract({ key, group, targets }: Problem['attractions'][number]): void {
    const starts: number[] = [];
    this.each(key, (nodes, domain) => {
      const others = targets.filter((each) => each !== group).map((each) => this.presence(key, each, domain, nodes));
      const start = targets.includes(group) ? [this.column(0, 1)] : [];
      starts.push(...start);
      this.row(Number.NEGATIVE_INFINITY, 0, [
        [this.presence(key, group, domain, nodes), 1],
        ...[...others, ...start].map((each) => [each, -1] as const),
      ]);
    });
    this.atMost(starts, 1);
  }

  private spread({ key, group, maxSkew, minDomains, matched, domains }: Problem['spreads'][number]): void {
    const level = this.column(0, domains.length < minDomains ? 0 : 1_000_000);
    this.each(key, (nodes, domain) => {
      const counted = nodes.flatMap((n) => matched.flatMap((each) => this.at(each, n)));
      if (domains.includes(domain))
        this.row(0, Number.POSITIVE_INFINITY, [...counted.map((each) => [each, 1] as const), [level, -1]]);
      if (nodes.some((n) => this.at(group, n).length > 0)) {
        const self = matched.includes(group) ? 0 : 1;
        this.row(Number.NEGATIVE_INFINITY, maxSkew - self, [...counted.map((each) => [each, 1] as const), [level, -1]]);
      }
    });
  }

  private alone({ key, members }: Problem['exclusives'][number]): void {
    const first = members[0];
    if (first === undefined) return;
    this.each(key, (nodes) => {
      const taken = this.column(0, 1);
      for (const { group, perReplica } of members) {
        this.row(0, 0, [
          ...nodes.flatMap((n) => this.at(group, n).map((each) => [each, 1] as const)),
          [taken, -perReplica],
        ]);
      }
    });
  }
}
