import type { NodeFacts, PodTemplate, WorkloadDemand } from './facts.js';
import { judgeOne } from './judge.js';
import type { JudgeOptions, Scenario, Verdict } from './verdict.js';

/** Combinations of ways that are tried, the preferred ones first. */
const mostTried = 8;

/**
 * Judges a scenario (`judgeOne`) whose workloads may have several ways to meet their claims on devices (`firstAvailable`): possible
 * where one combination of ways is, impossible where not even the least that every way asks for has a place.
 */
export function judge(
  nodes: readonly NodeFacts[],
  workloads: readonly WorkloadDemand[],
  scenario: Scenario,
  options: JudgeOptions = {},
): Verdict {
  const several = workloads.filter((each) => each.alternatives !== undefined && (scenario.replicas[each.id] ?? 0) > 0);
  if (several.length === 0) return judgeOne(nodes, workloads, scenario, options);
  const quiet = { ...options, order: false };
  for (let number = 0; number < mostTried; number++) {
    const chosen = combination(workloads, several, number);
    if (chosen === undefined) break;
    const verdict = judgeOne(nodes, chosen, scenario, quiet);
    if (verdict.status === 'possible') return said(verdict, several, number);
    if (number > 0) continue;
    const least = workloads.map((each) => (several.includes(each) ? withTemplates(each, each.relaxed) : each));
    const bound = judgeOne(nodes, least, scenario, quiet);
    if (bound.status === 'impossible') return bound;
  }
  const last = judgeOne(nodes, workloads, scenario, quiet);
  const { certificate: _, ...rest } = last;
  return {
    ...rest,
    status: 'unknown',
    message: `Whether the Pods fit is not decided: ${namesOf(several)} can meet claims in several ways; ${mostTried} combinations at most were tried and none has a place, mixtures within one workload were not tried.`,
  };
}

function said(verdict: Verdict, several: readonly WorkloadDemand[], number: number): Verdict {
  const reason = `${namesOf(several)} can meet claims in several ways (firstAvailable): ${number === 0 ? 'the preferred one' : 'not the preferred one everywhere'} was counted, and the scheduler takes on each node the first that is free there.`;
  return { ...verdict, message: `${verdict.message} ${reason}`, order: { safe: false, reason } };
}

function namesOf(several: readonly WorkloadDemand[]): string {
  return several.map((each) => each.id).join(', ');
}

/** The combination of this number, counted through the ways of all workloads; undefined behind the last. */
function combination(
  workloads: readonly WorkloadDemand[],
  several: readonly WorkloadDemand[],
  number: number,
): readonly WorkloadDemand[] | undefined {
  let rest = number;
  const chosen = new Map<WorkloadDemand, WorkloadDemand>();
  for (const each of several) {
    const ways = [each.templates, ...(each.alternatives ?? [])];
    chosen.set(each, withTemplates(each, ways[rest % ways.length]));
    rest = Math.floor(rest / ways.length);
  }
  return rest > 0 ? undefined : workloads.map((each) => chosen.get(each) ?? each);
}

function withTemplates(workload: WorkloadDemand, templates: readonly PodTemplate[] | undefined): WorkloadDemand {
  return templates === undefined ? workload : { ...workload, templates };
}
