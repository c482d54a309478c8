import { orderPhases } from '../spec/phases.js';
import type { ModelFamily } from '../spec/types.generated.js';
import type { EnvironmentPlan, PhasePlan } from './plan.js';

/** The phases of a family in the order of their dependencies, with their waves and where they are rendered. */
export function phasesOf(family: ModelFamily, environments: readonly EnvironmentPlan[]): readonly PhasePlan[] {
  const names = environments.map((environment) => environment.name);
  const byName = new Map(family.spec.models.map((model) => [model.name, model]));
  return orderPhases(family.spec.phases).ordered.map(({ phase, wave, dependsOn }) => {
    const wanted = names.filter((name) =>
      phase.models.some((model) => byName.get(model)?.replicas[name] !== undefined),
    );
    const enabled = phase.enabledIn ?? names;
    return {
      name: phase.name,
      wave,
      models: phase.models,
      dependsOn,
      enabledIn: wanted.filter((name) => enabled.includes(name)),
      reservedIn: wanted.filter((name) => !enabled.includes(name)),
    };
  });
}
