import type { Problem } from '../diagnostics/diagnostic.js';
import type { Verdict } from './validate.js';

/** Kinds to leave out or to refuse: `Secret`, `apps/v1/Deployment`, as kubeconform's `-skip` and `-reject` take them. */
export interface KindSelection {
  readonly skip?: readonly string[];
  readonly reject?: readonly string[];
}

/** What is to be done with a kind before it is validated. */
export function selectKind(apiVersion: string, kind: string, selection: KindSelection): 'check' | 'skip' | 'reject' {
  const names = new Set([kind, `${apiVersion}/${kind}`]);
  if (selection.reject?.some((name) => names.has(name)) === true) return 'reject';
  return selection.skip?.some((name) => names.has(name)) === true ? 'skip' : 'check';
}

/** What happened to one document, in the words of kubeconform's summary. */
export type Outcome = 'valid' | 'invalid' | 'error' | 'skipped';

/** kubeconform's outcome of a verdict: a kind without schema is an error, or skipped under `-ignore-missing-schemas`. */
export function outcomeOf(verdict: Verdict, ignoreMissingSchemas: boolean): Outcome {
  if (verdict === 'no-schema') return ignoreMissingSchemas ? 'skipped' : 'error';
  return verdict === 'partial' ? 'valid' : verdict;
}

export interface Summary {
  readonly valid: number;
  readonly invalid: number;
  readonly errors: number;
  readonly skipped: number;
}

/** Counts outcomes for `--summary`. */
export function summarize(outcomes: readonly Outcome[]): Summary {
  const count = (outcome: Outcome): number => outcomes.filter((item) => item === outcome).length;
  return { valid: count('valid'), invalid: count('invalid'), errors: count('error'), skipped: count('skipped') };
}

/** Whether a run may end with success: nothing invalid, no error, and something checked. */
export function isSuccess({ valid, invalid, errors }: Summary): boolean {
  return valid > 0 && invalid === 0 && errors === 0;
}

/**
 * The findings of one resource under several minors: what all of them say is said once as it is; what only some say
 * carries their numbers. Findings are the same where rule, place and key are.
 */
export function acrossVersions(byMinor: ReadonlyMap<string, readonly Problem[]>): readonly Problem[] {
  const minors = [...byMinor.keys()];
  const found = new Map<string, { readonly problem: Problem; readonly minors: string[] }>();
  for (const [minor, problems] of byMinor) {
    for (const problem of problems) {
      const { file, document, pointer, offset } = problem.at;
      const key = JSON.stringify([problem.ruleId, file, document, pointer, offset, problem.key]);
      const entry = found.get(key);
      if (entry === undefined) found.set(key, { problem, minors: [minor] });
      else if (entry.minors.at(-1) !== minor) entry.minors.push(minor);
    }
  }
  return [...found.values()].map(({ problem, minors: holds }) => {
    if (holds.length === minors.length) return problem;
    return { ...problem, message: `${problem.message} Only in Kubernetes ${span(holds, minors)}.` };
  });
}

/** `1.33`, `1.33 to 1.35`, or a list where there is a gap. */
function span(holds: readonly string[], all: readonly string[]): string {
  const first = all.indexOf(holds[0]!);
  const inRow = holds.every((minor, i) => all[first + i] === minor);
  if (holds.length > 2 && inRow) return `${holds[0]} to ${holds.at(-1)}`;
  return holds.join(', ');
}
