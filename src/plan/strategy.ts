import { type JudgeOptions, judge, type NodeFacts, type Scenario, type WorkloadDemand } from '../capacity/index.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';

import type { QuotaCheck } from './quotas.js';

/** How a new release replaces the old one. */
export type Strategy = 'surge' | 'in-place' | 'recreate';

/** What decides about a Deployment's strategy. */
export interface StrategyCandidate {
  readonly id: string;
  readonly demand: WorkloadDemand;
  /** Where spec or lock have decided. */
  readonly decided?: Strategy;
}

/** One wave may hold many workloads; beyond this many proofs the rest updates in place. */
const maxProofs = 64;

/** What the choices on one cluster are made with. */
export interface StrategyContext {
  /** Every workload of the repository on the cluster. */
  readonly everything: readonly WorkloadDemand[];
  readonly nodes: readonly NodeFacts[];
  readonly withinQuotas: QuotaCheck;
  readonly options: JudgeOptions;
}

/**
 * Chooses surge for the workloads of a wave that can all have one more Pod at once while everything else on the cluster
 * runs; the others are updated in place, which costs no GPU and a replica's worth of capacity for a while.
 *
 * Where all waves could surge together each of them can: fewer Pods need no more room. That is asked first, because it
 * answers for a whole cluster at once.
 */
export function chooseStrategies(
  waves: readonly (readonly StrategyCandidate[])[],
  context: StrategyContext,
): ReadonlyMap<string, Strategy> {
  const all = waves.flat();
  const chosen = new Map<string, Strategy>();
  for (const each of all) chosen.set(each.id, each.decided ?? 'in-place');
  if (!all.some(isOpen)) return chosen;
  if (
    canSurge(
      all.filter((each) => isOpen(each) || each.decided === 'surge'),
      context,
    )
  ) {
    for (const each of all.filter(isOpen)) chosen.set(each.id, 'surge');
    return chosen;
  }
  for (const wave of waves) for (const id of surgingOf(wave, context)) chosen.set(id, 'surge');
  return chosen;
}

function isOpen(candidate: StrategyCandidate): boolean {
  return candidate.decided === undefined && candidate.demand.replicas.steady > 0;
}

/** The open candidates of one wave that surge: all of them, or as many as can, one after the other. */
function surgingOf(wave: readonly StrategyCandidate[], context: StrategyContext): readonly string[] {
  const decided = wave.filter((each) => each.decided === 'surge');
  const open = wave.filter(isOpen);
  if (open.length === 0) return [];
  if (canSurge([...decided, ...open], context)) return open.map((each) => each.id);
  if (open.length === 1) return [];
  const surging: StrategyCandidate[] = [];
  for (const each of open.slice(0, maxProofs))
    if (canSurge([...decided, ...surging, each], context)) surging.push(each);
  return surging.map((each) => each.id);
}

/** Whether all of them can have one more Pod at once; what cannot be decided counts as no. */
function canSurge(
  surging: readonly StrategyCandidate[],
  { everything, nodes, withinQuotas, options }: StrategyContext,
): boolean {
  const replicas = Object.fromEntries(everything.map((each) => [each.id, each.replicas.steady]));
  for (const each of surging) replicas[each.id] = (replicas[each.id] ?? 0) + 1;
  if (!withinQuotas(everything, replicas)) return false;
  const scenario: Scenario = { kind: 'rollout', title: 'rollout at full surge', replicas };
  const { status } = judge(nodes, everything, scenario, { ...options, order: false });
  return status === 'possible' || status === 'order-safe';
}

/** `spec.strategy` of a Deployment. */
export function deploymentStrategy(strategy: Strategy): JsonObject {
  if (strategy === 'recreate') return { type: 'Recreate' };
  const surge = strategy === 'surge' ? 1 : 0;
  return { type: 'RollingUpdate', rollingUpdate: { maxSurge: surge, maxUnavailable: 1 - surge } };
}
