import type { Phase } from './types.generated.js';

/** The part of a phase that its order depends on. */
export type PhaseLinks = Pick<Phase, 'name' | 'dependsOn' | 'wave'>;

export interface OrderedPhase<T extends PhaseLinks = Phase> {
  readonly phase: T;
  /** Index in the spec. */
  readonly index: number;
  /** Names of the phases it waits for, without repetition; those it names, or else the one before it. */
  readonly dependsOn: readonly string[];
  /** 1 for a phase that waits for none, else one more than the highest of those it waits for. */
  readonly position: number;
  /** Its own `wave`, or ten times the position, raised above every wave that it waits for. */
  readonly wave: number;
}

export interface PhaseOrder<T extends PhaseLinks = Phase> {
  /** Every phase that is in no cycle and waits for none in a cycle, in an order in which dependencies come first; stable. */
  readonly ordered: readonly OrderedPhase<T>[];
  /** The names along one cycle, the first repeated at the end; undefined where there is none. */
  readonly cycle: readonly string[] | undefined;
}

/** The names a phase waits for: its `dependsOn` without repetition, or the phase before it. */
export function dependenciesOf<T extends PhaseLinks>(phases: readonly T[], index: number): readonly string[] {
  const own = phases[index]!.dependsOn;
  if (own !== undefined) return [...new Set(own)];
  return index === 0 ? [] : [phases[index - 1]!.name];
}

/** Orders phases by dependency, without recursion. Names of phases that do not exist are ignored. */
export function orderPhases<T extends PhaseLinks>(phases: readonly T[]): PhaseOrder<T> {
  const byName = new Map(phases.map((phase, index) => [phase.name, index] as const));
  const dependsOn = phases.map((_, index) => dependenciesOf(phases, index).filter((name) => byName.has(name)));
  const dependents: number[][] = phases.map(() => []);
  const open = dependsOn.map((names) => names.length);
  for (const [index, names] of dependsOn.entries())
    for (const name of names) dependents[byName.get(name)!]!.push(index);
  const done = new Map<string, OrderedPhase<T>>();
  const ready = open.flatMap((count, index) => (count === 0 ? [index] : []));
  for (let next = 0; next < ready.length; next += 1) {
    const index = ready[next]!;
    const phase = phases[index]!;
    const before = dependsOn[index]!.map((name) => done.get(name)!);
    const position =
      1 +
      max(
        before.map((one) => one.position),
        0,
      );
    const above = max(
      before.map((one) => one.wave),
      Number.NEGATIVE_INFINITY,
    );
    const derived = Math.max(10 * position, Number.isFinite(above) ? 10 * (Math.floor(above / 10) + 1) : 0);
    done.set(phase.name, { phase, index, dependsOn: dependsOn[index]!, position, wave: phase.wave ?? derived });
    for (const dependent of dependents[index]!) {
      open[dependent]! -= 1;
      if (open[dependent] === 0) ready.push(dependent);
    }
  }
  const ordered = [...done.values()].sort((a, b) => a.position - b.position || a.index - b.index);
  const stuck = open.findIndex((count) => count > 0);
  return { ordered, cycle: stuck < 0 ? undefined : cycleFrom(phases, dependsOn, byName, open) };
}

function max(numbers: readonly number[], least: number): number {
  let highest = least;
  for (const number of numbers) if (number > highest) highest = number;
  return highest;
}

/** Walks from phase to unfinished dependency until one comes again: there must be a cycle among the unfinished. */
function cycleFrom(
  phases: readonly PhaseLinks[],
  dependsOn: readonly (readonly string[])[],
  byName: ReadonlyMap<string, number>,
  open: readonly number[],
): string[] {
  const seen = new Map<number, number>();
  const way: number[] = [];
  let at = open.findIndex((count) => count > 0);
  while (!seen.has(at)) {
    seen.set(at, way.length);
    way.push(at);
    at = byName.get(dependsOn[at]!.find((name) => open[byName.get(name)!]! > 0)!)!;
  }
  const cycle = way.slice(seen.get(at));
  return [...cycle, cycle[0]!].map((index) => phases[index]!.name);
}
