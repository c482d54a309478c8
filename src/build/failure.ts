import type { Place, Problem } from '../diagnostics/diagnostic.js';

/** Ends a build: upstream would exit with an error here, or the feature is refused. */
export class BuildFailure extends Error {
  constructor(
    readonly problem: Problem,
    /** Set where only an external engine could go on. */
    readonly undecided?: { readonly what: string; readonly reason: string; readonly at: Place },
  ) {
    super(problem.message);
  }
}

export type Details = Partial<Pick<Problem, 'hint' | 'related' | 'allowed' | 'object' | 'key' | 'fix'>>;

export function fail(ruleId: string, message: string, at: Place, details: Details = {}): never {
  throw new BuildFailure({ ruleId, severity: 'error', message, at, ...details });
}
