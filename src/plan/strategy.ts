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

/**
 * Chooses surge for the workloads of one wave that can all have one more Pod at once while everything else on the cluster
 * runs; the others are updated in place, which costs no GPU and a replica's worth of capacity for a while.
 */
export function chooseStrategies(
  wave: readonly StrategyCandidate[],
  everything: readonly WorkloadDemand[],
  nodes: readonly NodeFacts[],
  withinQuotas: QuotaCheck,
  options: JudgeOptions,
): ReadonlyMap<string, Strategy> {
  const chosen = new Map<string, Strategy>();
  const steady = Object.fromEntries(everything.map((each) => [each.id, each.replicas.steady]));
  for (const each of wave) {
    if (each.decided !== undefined) chosen.set(each.id, each.decided);
    if (each.decided === 'surge') steady[each.id] = (steady[each.id] ?? 0) + 1;
  }
  const open = wave.filter((each) => each.decided === undefined && each.demand.replicas.steady > 0);
  for (const each of wave)
    if (each.decided === undefined && each.demand.replicas.steady === 0) chosen.set(each.id, 'in-place');
  const possible = (surging: readonly StrategyCandidate[]): boolean => {
    const replicas = { ...steady };
    for (const each of surging) replicas[each.id] = (replicas[each.id] ?? 0) + 1;
    if (!withinQuotas(everything, replicas)) return false;
    const scenario: Scenario = { kind: 'rollout', title: 'rollout at full surge', replicas };
    const { status } = judge(nodes, everything, scenario, { ...options, order: false });
    return status === 'possible' || status === 'order-safe';
  };
  if (open.length === 0) return chosen;
  if (possible(open)) {
    for (const each of open) chosen.set(each.id, 'surge');
    return chosen;
  }
  const surging: StrategyCandidate[] = [];
  for (const [index, each] of open.entries()) {
    const proved = open.length > 1 && index < maxProofs && possible([...surging, each]);
    if (proved) surging.push(each);
    chosen.set(each.id, proved ? 'surge' : 'in-place');
  }
  return chosen;
}

/** `spec.strategy` of a Deployment. */
export function deploymentStrategy(strategy: Strategy): JsonObject {
  if (strategy === 'recreate') return { type: 'Recreate' };
  const surge = strategy === 'surge' ? 1 : 0;
  return { type: 'RollingUpdate', rollingUpdate: { maxSurge: surge, maxUnavailable: 1 - surge } };
}
