import { cheapProofs } from './bounds.js';
import { explainAll, explainPossible, explainUnknown } from './explain.js';
import type { NodeFacts, WorkloadDemand } from './facts.js';
import { judgeOrder } from './order.js';
import { type Budget, squeakyWheel } from './pack.js';
import { poolUse } from './pools.js';
import { compile, type Problem } from './problem.js';
import { search } from './search.js';
import type { Certificate, JudgeOptions, Placement, Scenario, Verdict } from './verdict.js';
import { verifyCertificate } from './verify/certificate.js';
import { verifyPlacement } from './verify/placement.js';

const defaultSteps = 400_000_000;

/** What an engine's stage found; nothing where it could not decide. */
export interface Finding {
  readonly placement?: Placement;
  readonly certificate?: Certificate;
  /** Further proofs, for the message: each would be enough. */
  readonly also?: readonly Certificate[];
  readonly decidedBy: string;
  /** Why nothing was found: a sentence. */
  readonly open?: string;
}

/**
 * Judges one scenario: can all its Pods stand on these nodes at once? `possible` and `order-safe` come with a placement,
 * `impossible` with a certificate; both are checked by code that shares nothing with the engine before they are given out.
 * `unknown` says that the budget ran out, or that no solver was there. Speaks of the nodes it is given: "the declared
 * inventory".
 */
export function judgeOne(
  nodes: readonly NodeFacts[],
  workloads: readonly WorkloadDemand[],
  scenario: Scenario,
  options: JudgeOptions = {},
): Verdict {
  const budget: Budget = { left: options.maxSteps ?? defaultSteps };
  const total = budget.left;
  const problem = compile(nodes, workloads, scenario);
  const finding = checked(find(problem, budget, options), nodes, workloads, scenario);
  const unread = unreadOf(workloads, scenario);
  const common = { scenario, unread, decidedBy: finding.decidedBy, steps: total - budget.left };
  if (finding.certificate !== undefined) {
    const message = explainAll(problem, [finding.certificate, ...(finding.also ?? [])]);
    return {
      ...common,
      status: 'impossible',
      message,
      certificate: finding.certificate,
      pools: poolUse(problem, partial(problem), workloads),
    };
  }
  if (finding.placement === undefined) {
    return {
      ...common,
      status: 'unknown',
      message: explainUnknown(problem, finding.open),
      pools: poolUse(problem, partial(problem), workloads),
    };
  }
  const pools = poolUse(problem, finding.placement.assignments, workloads);
  const order = options.order === false ? undefined : judgeOrder(problem);
  return {
    ...common,
    status: order?.safe === true ? 'order-safe' : 'possible',
    message: explainPossible(problem, pools, order),
    placement: finding.placement,
    pools,
    ...(order === undefined ? {} : { order }),
  };
}

function find(problem: Problem, budget: Budget, options: JudgeOptions): Finding {
  const [proof, ...also] = cheapProofs(problem);
  if (proof !== undefined) return { certificate: proof, also, decidedBy: 'sums' };
  const quick: Budget = { left: Math.floor(budget.left / 20) };
  // With a solver at hand a hard instance is better left to it soon.
  const packing = squeakyWheel(problem, options.solver === undefined ? 12 : 4, quick);
  budget.left -= Math.floor(budget.left / 20) - quick.left;
  if (packing.unplaced === 0) return { placement: placementOf(problem, packing.assignments()), decidedBy: 'heuristic' };
  const { packing: found, ...rest } = search(problem, packing, budget, options);
  return found === undefined ? rest : { ...rest, placement: placementOf(problem, found.assignments()) };
}

/** As many Pods as one pass finds a place for, to show what is asked of which pool. */
function partial(problem: Problem): Placement['assignments'] {
  return squeakyWheel(problem, 0, { left: 5_000_000 }).assignments();
}

/** The engine's assignments with those of the DaemonSets. */
export function placementOf(problem: Problem, assignments: Placement['assignments']): Placement {
  const daemons = problem.daemons.map(({ key, node }) => ({ key, node, pods: 1 }));
  return { assignments: [...daemons, ...assignments] };
}

/** Nothing leaves that the separate checker does not accept. */
function checked(
  finding: Finding,
  nodes: readonly NodeFacts[],
  workloads: readonly WorkloadDemand[],
  scenario: Scenario,
): Finding {
  if (finding.placement !== undefined) {
    const problems = verifyPlacement(nodes, workloads, scenario, finding.placement);
    if (problems.length === 0) return finding;
    return {
      decidedBy: finding.decidedBy,
      open: `a placement was found that the checker does not accept (${problems.slice(0, 3).join('; ')})`,
    };
  }
  if (finding.certificate !== undefined) {
    const problems = verifyCertificate(nodes, workloads, scenario, finding.certificate);
    if (problems.length > 0) {
      return {
        decidedBy: finding.decidedBy,
        open: `a proof was found that the checker could not confirm (${problems.join('; ')})`,
      };
    }
  }
  return finding;
}

function unreadOf(workloads: readonly WorkloadDemand[], scenario: Scenario): readonly string[] {
  const present = workloads.filter((each) => (scenario.replicas[each.id] ?? 0) > 0);
  return present.flatMap((each) => each.unread.map((what) => `${each.id}: ${what}`));
}
