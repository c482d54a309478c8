import { domainProofs } from './domains.js';
import type { Group, Problem } from './problem.js';
import type { Certificate, NodeBound } from './verdict.js';

/**
 * The cheap proofs: a Pod that fits nowhere, more copies than all nodes hold, a set of workloads that asks for more of one
 * resource than all nodes they may use have. What they find needs no solver; what they do not find is open. All that fail by
 * themselves are given, so that one run shows all of them; sums only where none does.
 */
export function cheapProofs(problem: Problem): readonly Certificate[] {
  const alone = [
    ...daemonsWithoutRoom(problem),
    ...problem.groups.flatMap((group) => podWithoutNode(problem, group) ?? tooManyCopies(problem, group) ?? []),
    ...domainProofs(problem),
  ];
  return alone.length > 0 ? alone : tooMuchOfOneResource(problem);
}

/** One node for each DaemonSet. */
function daemonsWithoutRoom(problem: Problem): readonly Certificate[] {
  const failed = new Map<string, Certificate>();
  for (const { key, node, fits } of problem.daemons)
    if (!fits && !failed.has(key)) failed.set(key, { kind: 'no-node', key, node });
  return [...failed.values()];
}

function podWithoutNode(problem: Problem, group: Group): Certificate | undefined {
  return problem.capacity[group.index]?.some((copies) => copies > 0) === true
    ? undefined
    : { kind: 'no-node', key: group.key };
}

function tooManyCopies(problem: Problem, group: Group): Certificate | undefined {
  let room = 0;
  problem.classes.forEach((each, c) => {
    room += each.nodes.length * (problem.capacity[group.index]?.[c] ?? 0);
  });
  if (room >= group.count) return undefined;
  return {
    kind: 'prices',
    prices: { [group.key]: '1' },
    bounds: boundsOver(problem, [group], { resources: {}, each: { [group.key]: '1' }, cliques: [] }),
  };
}

function tooMuchOfOneResource(problem: Problem): readonly Certificate[] {
  for (const classes of nodeSets(problem)) {
    const groups = problem.groups.filter((group) =>
      problem.capacity[group.index]?.every((copies, c) => copies === 0 || classes.has(c)),
    );
    if (groups.length === 0) continue;
    for (let r = 0; r < problem.resources.length; r++) {
      let asked = 0;
      for (const group of groups) asked += (group.need[r] as number) * group.count;
      let have = 0;
      for (const c of classes) have += (problem.classes[c]?.free[r] ?? 0) * (problem.classes[c]?.nodes.length ?? 0);
      if (asked <= have) continue;
      const asking = groups.filter((group) => (group.need[r] as number) > 0);
      return [sumOf(problem, asking, r)];
    }
  }
  return [];
}

/** The certificate that a set of groups asks for more of a resource than the nodes they may use have. */
export function sumOf(problem: Problem, groups: readonly Group[], resource: number): Certificate {
  const name = problem.resources[resource] as string;
  return {
    kind: 'prices',
    prices: Object.fromEntries(groups.map((group) => [group.key, String(group.need[resource])])),
    bounds: boundsOver(problem, groups, { resources: { [name]: '1' }, each: {}, cliques: [] }),
  };
}

function boundsOver(
  problem: Problem,
  groups: readonly Group[],
  by: {
    resources: Record<string, string>;
    each: Record<string, string>;
    cliques: readonly { keys: readonly string[]; price: string }[];
  },
): readonly NodeBound[] {
  return problem.classes
    .filter((each) => groups.some((group) => (problem.capacity[group.index]?.[each.index] ?? 0) > 0))
    .map((each) => ({
      nodes: each.nodes.map((node) => problem.nodes[node]?.name as string),
      by: { kind: 'resources', ...by },
    }));
}

/** The sets of classes that some group may use, and all of them together; smallest first, since their proofs say most. */
function nodeSets(problem: Problem): readonly ReadonlySet<number>[] {
  const sets = new Map<string, ReadonlySet<number>>();
  const addSet = (members: readonly number[]) => sets.set(members.join(' '), new Set(members));
  for (const group of problem.groups) {
    addSet(
      problem.classes.flatMap((each) => ((problem.capacity[group.index]?.[each.index] ?? 0) > 0 ? [each.index] : [])),
    );
  }
  addSet(problem.classes.map((each) => each.index));
  return [...sets.values()].sort((a, b) => a.size - b.size);
}
