import type { Finding } from './judge.js';
import type { Budget, Packing } from './pack.js';
import type { Problem } from './problem.js';
import type { JudgeOptions } from './verdict.js';

/** What decides when sums and the heuristic do not. */
export function search(_problem: Problem, packing: Packing, budget: Budget, options: JudgeOptions): Finding {
  if (options.solver === undefined)
    return {
      decidedBy: 'heuristic',
      open: `${packing.unplaced} Pods were left over by the heuristic, and no solver is at hand to decide`,
    };
  return { decidedBy: 'budget', open: budget.left <= 0 ? 'the budget of steps ran out' : 'the search gave up' };
}
