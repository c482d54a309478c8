import { exactSearch } from './exact.js';
import { aggregateBound } from './linear.js';
import type { Budget, Packing } from './pack.js';
import { squeakyWheel } from './pack.js';
import { patternSearch } from './patterns.js';
import { hasTopology, type Problem } from './problem.js';
import type { Certificate, JudgeOptions } from './verdict.js';

/** What a stage of the engine found; nothing where it could not decide. */
export interface Found {
  readonly packing?: Packing;
  readonly certificate?: Certificate;
  readonly decidedBy: string;
  /** Why it is open: a clause. */
  readonly open?: string;
}

const outOfBudget: Found = { decidedBy: 'budget', open: 'the budget of steps ran out' };

/** What decides when sums and the first tries of the heuristic do not. */
export function search(problem: Problem, packing: Packing, budget: Budget, options: JudgeOptions): Found {
  const { solver } = options;
  if (solver === undefined) {
    const longer = squeakyWheel(problem, 200, budget);
    if (longer.unplaced === 0) return { packing: longer, decidedBy: 'heuristic' };
    return {
      decidedBy: 'heuristic',
      open: `the heuristic left ${longer.unplaced} Pods over, and no solver is at hand to decide`,
    };
  }
  if (budget.left <= 0) return outOfBudget;
  const bound = aggregateBound(problem, solver, budget);
  if (bound?.certificate !== undefined) return { certificate: bound.certificate, decidedBy: 'bound' };
  const topology = hasTopology(problem);
  const patterns = patternSearch(problem, packing, solver, budget);
  if (patterns.certificate !== undefined) return { certificate: patterns.certificate, decidedBy: 'patterns' };
  if (patterns.packing !== undefined && !topology) return { packing: patterns.packing, decidedBy: 'patterns' };
  if (budget.left <= 0) return outOfBudget;
  const exact = exactSearch(problem, solver, budget);
  if (exact.packing !== undefined) return { packing: exact.packing, decidedBy: 'search' };
  if (exact.impossible === true) return { certificate: { kind: 'exhausted' }, decidedBy: 'search' };
  const longer = squeakyWheel(problem, 300, budget);
  if (longer.unplaced === 0) return { packing: longer, decidedBy: 'heuristic' };
  return {
    decidedBy: 'budget',
    open: (topology ? exact.open : patterns.open) ?? exact.open ?? 'the budget of steps ran out',
  };
}
