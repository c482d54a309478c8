import type { SpecSet } from '../spec/spec-set.js';
import type { Environment } from '../spec/types.generated.js';

/** The environments of the project, in the order of promotion. */
export function environmentsOf(specs: SpecSet): readonly Environment[] {
  return specs.project?.value.spec.environments ?? [];
}

/** The clusters of an environment; by default the one of its name. */
export function clustersOf(specs: SpecSet, environment: string): readonly string[] {
  return environmentsOf(specs).find(({ name }) => name === environment)?.clusters ?? [environment];
}
