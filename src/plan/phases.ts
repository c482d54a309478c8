import type { ModelFamily, Phase } from '../spec/types.generated.js';
import type { EnvironmentPlan, PhasePlan } from './plan.js';

/**
 * The phases of a family with their waves: ten times the position in the order of dependencies, unless the phase says its
 * own. A phase that names no dependency waits for the one before it. Cycles and dangling names were refused before.
 */
export function phasesOf(family: ModelFamily, environments: readonly EnvironmentPlan[]): readonly PhasePlan[] {
  const levels = levelsOf(family.spec.phases);
  const names = environments.map((environment) => environment.name);
  const byName = new Map(family.spec.models.map((model) => [model.name, model]));
  return family.spec.phases.map((phase, index) => {
    const wanted = names.filter((name) => phase.models.some((model) => byName.get(model)?.replicas[name] !== undefined));
    const enabled = phase.enabledIn ?? names;
    return {
      name: phase.name,
      wave: phase.wave ?? 10 * (levels.get(phase.name) ?? index + 1),
      models: phase.models,
      dependsOn: dependenciesOf(phase, index, family.spec.phases),
      enabledIn: names.filter((name) => enabled.includes(name)),
      reservedIn: wanted.filter((name) => !enabled.includes(name)),
    };
  });
}

function dependenciesOf(phase: Phase, index: number, phases: readonly Phase[]): readonly string[] {
  const before = phases[index - 1]?.name;
  return [...new Set(phase.dependsOn ?? (before === undefined ? [] : [before]))];
}

/** 1 for phases that wait for nothing, else one more than the latest they wait for. Without recursion: chains are long. */
function levelsOf(phases: readonly Phase[]): ReadonlyMap<string, number> {
  const waiting = new Map(phases.map((phase, index) => [phase.name, new Set(dependenciesOf(phase, index, phases))]));
  const followers = new Map<string, string[]>();
  for (const [name, dependencies] of waiting) {
    for (const dependency of dependencies) followers.set(dependency, [...(followers.get(dependency) ?? []), name]);
  }
  const levels = new Map<string, number>();
  const ready = [...waiting].filter(([, dependencies]) => dependencies.size === 0).map(([name]) => name);
  for (const name of ready) levels.set(name, 1);
  for (let next = ready.shift(); next !== undefined; next = ready.shift()) {
    for (const follower of followers.get(next) ?? []) {
      const left = waiting.get(follower);
      left?.delete(next);
      levels.set(follower, Math.max(levels.get(follower) ?? 1, (levels.get(next) ?? 1) + 1));
      if (left?.size === 0) ready.push(follower);
    }
  }
  return levels;
}
