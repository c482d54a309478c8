import { judge } from './alternatives.js';
import { type ClosedNode, isClosed, placedPods, statesOf } from './closed.js';
import { isDevice } from './explain.js';
import type { NodeFacts, Resources, WorkloadDemand } from './facts.js';
import { poolOf } from './pools.js';
import { judgeQuotas, type Quota, type QuotaFinding } from './quota.js';
import { type ReplayOptions, replay } from './replay.js';
import { rolloutCounts } from './scalers.js';
import type { ScenarioOptions } from './scenario.js';
import { joinedTitle, judgeScenarios } from './scenario-verdicts.js';
import type { JudgeOptions, Scenario, Status, Verdict } from './verdict.js';

export interface AssessOptions extends JudgeOptions, ScenarioOptions {
  readonly quotas?: readonly Quota[];
  /** Sample orders of arrival where the steady state is possible and not order-safe. Off unless given. */
  readonly replay?: ReplayOptions;
}

/** What becomes of a rollout of one workload. */
export interface RolloutOutcome {
  readonly workload: string;
  readonly environment?: string;
  readonly wave: number;
  /**
   * `full-surge`: as the strategy says. `slower`: the full surge finds no room, the rollout still proceeds. `deadlock`: no
   * Pod may go before a new one runs, and not one new one finds room. `in-place`: old Pods go first. `copy`: a second set
   * fits. `blocked`: the second set does not fit.
   */
  readonly outcome: 'full-surge' | 'slower' | 'deadlock' | 'in-place' | 'copy' | 'blocked' | 'unknown';
  /** Replicas below the wanted number while it runs, at worst. */
  readonly dip: number;
  readonly message: string;
}

/** One pool at one wave, in devices. */
export interface PoolRow {
  readonly pool: string;
  readonly have: number;
  readonly taken: number;
  /** Asked for in each scenario, whether it fits or not; absent where there is no such scenario. */
  readonly steady: number;
  /** While the workloads of this wave roll and all waves stand. */
  readonly rollout?: number;
  readonly maximum?: number;
  /** What is left of `have` when a node of the pool is gone. */
  readonly nodeGone: number;
  readonly free: number;
}

export interface WaveRow {
  readonly environment?: string;
  readonly wave: number;
  readonly verdict: Status;
  readonly pools: readonly PoolRow[];
  /** Everything at this wave that is not as it should be, a sentence each. */
  readonly problems: readonly string[];
}

export interface Assessment {
  /** The worst of the steady scenarios. */
  readonly verdict: Status;
  readonly scenarios: readonly Verdict[];
  readonly rollouts: readonly RolloutOutcome[];
  readonly quotas: readonly QuotaFinding[];
  readonly waves: readonly WaveRow[];
  /** Nodes that take none of the Pods now (cordoned, not ready): no pool of a wave counts them. */
  readonly closed: readonly ClosedNode[];
  readonly unread: readonly string[];
}

/** Judges all scenarios of a cluster, its rollouts and quotas, and sums them up wave by wave. */
export function assess(
  nodes: readonly NodeFacts[],
  workloads: readonly WorkloadDemand[],
  options: AssessOptions = {},
): Assessment {
  const verdicts = judgeScenarios(nodes, workloads, options, (scenario) =>
    sampled(judge(nodes, workloads, scenario, options), nodes, workloads, options),
  );
  const quotas = verdicts
    .filter(({ scenario }) => scenario.kind !== 'node-gone' && scenario.kind !== 'zone-gone')
    .flatMap(({ scenario }) => judgeQuotas(options.quotas ?? [], workloads, scenario));
  const rollouts = rolloutOutcomes(workloads, verdicts);
  const pods = placedPods(workloads);
  const closed = nodes.filter((node) => isClosed(node, pods));
  const open = closed.length === 0 ? nodes : nodes.filter((node) => !closed.includes(node));
  return {
    verdict: worst(verdicts.filter((each) => each.scenario.kind === 'steady').map((each) => each.status)),
    scenarios: verdicts,
    rollouts,
    quotas,
    waves: waveRows(open, verdicts, rollouts, quotas),
    closed: closed.map(closedNode),
    unread: [...new Set(verdicts.flatMap((each) => each.unread))].sort(),
  };
}

function closedNode(node: NodeFacts): ClosedNode {
  const only = (resources: Resources): Resources =>
    Object.fromEntries(Object.entries(resources).filter(([name, amount]) => isDevice(name) && amount > 0));
  return {
    node: node.name,
    pool: poolOf(node),
    why: statesOf(node),
    devices: only(node.allocatable),
    taken: only(node.taken ?? {}),
  };
}

function sampled(
  verdict: Verdict,
  nodes: readonly NodeFacts[],
  workloads: readonly WorkloadDemand[],
  options: AssessOptions,
): Verdict {
  if (
    options.replay === undefined ||
    verdict.scenario.kind !== 'steady' ||
    verdict.order === undefined ||
    verdict.order.safe
  )
    return verdict;
  const { orders, stranded, worstGpus, worstPods } = replay(nodes, workloads, verdict.scenario, options.replay);
  const words =
    stranded === 0
      ? `None of ${orders} sampled orders of arrival leaves a Pod Pending.`
      : `${stranded} of ${orders} sampled orders of arrival leave Pods Pending, up to ${worstPods} (${worstGpus} GPUs).`;
  const remedy = stranded > 0 && verdict.order.remedy !== undefined ? ` ${verdict.order.remedy}` : '';
  return {
    ...verdict,
    order: { ...verdict.order, sampled: { orders, stranded, worstGpus } },
    message: `${verdict.message} ${words}${remedy}`,
  };
}

const order: readonly Status[] = ['impossible', 'unknown', 'possible', 'order-safe'];

/** The worst of several; of none, nothing can fail: order-safe. */
export function worst(statuses: readonly Status[]): Status {
  return order.find((each) => statuses.includes(each)) ?? 'order-safe';
}

function rolloutOutcomes(
  workloads: readonly WorkloadDemand[],
  verdicts: readonly Verdict[],
): readonly RolloutOutcome[] {
  return workloads.flatMap((workload) => {
    if (workload.daemon === true || workload.rollout.style === 'none' || workload.replicas.steady === 0) return [];
    if (workload.templates.length === 0) return [];
    const about = (kind: Scenario['kind']) =>
      verdicts.find((each) => each.scenario.kind === kind && each.scenario.about?.includes(workload.id) === true);
    const { unavailable } = rolloutCounts(workload, workload.replicas.steady);
    const common = {
      workload: workload.id,
      wave: workload.wave ?? 0,
      ...(workload.environment === undefined ? {} : { environment: workload.environment }),
    };
    const copy = about('copy');
    if (copy !== undefined) return [{ ...common, ...copied(workload, copy) }];
    const full = about('rollout');
    if (full === undefined) {
      const { surge } = rolloutCounts(workload, workload.replicas.steady);
      return [{ ...common, ...(surge > 0 ? unjudged(workload) : inPlace(workload, unavailable)) }];
    }
    return [{ ...common, ...surged(workload, full, about('progress'), unavailable) }];
  });
}

type Outcome = Pick<RolloutOutcome, 'outcome' | 'dip' | 'message'>;

function copied(workload: WorkloadDemand, verdict: Verdict): Outcome {
  const what = `${workload.rollout.name} of ${workload.name}`;
  if (verdict.status === 'impossible')
    return {
      outcome: 'blocked',
      dip: 0,
      message: `The second set of the ${what} does not fit beside the first: ${verdict.message}`,
    };
  if (verdict.status === 'unknown') return { outcome: 'unknown', dip: 0, message: verdict.message };
  return { outcome: 'copy', dip: 0, message: `The second set of the ${what} fits beside the first.` };
}

function unjudged(workload: WorkloadDemand): Outcome {
  return {
    outcome: 'unknown',
    dip: 0,
    message: `How ${workload.name} rolls is not judged: what stands before it does not fit.`,
  };
}

function inPlace(workload: WorkloadDemand, unavailable: number): Outcome {
  const all = workload.replicas.steady;
  return {
    outcome: 'in-place',
    dip: Math.min(all, unavailable),
    message: `${workload.name} is replaced in place: ${Math.min(all, unavailable)} of ${all} replicas are away at a time (${workload.rollout.name}).`,
  };
}

function surged(workload: WorkloadDemand, full: Verdict, progress: Verdict | undefined, unavailable: number): Outcome {
  const { surge } = rolloutCounts(workload, workload.replicas.steady);
  if (full.status === 'possible' || full.status === 'order-safe') {
    return {
      outcome: 'full-surge',
      dip: unavailable,
      message: `${workload.name} rolls with ${surge} more than its ${workload.replicas.steady} replicas.`,
    };
  }
  if (progress === undefined) {
    return {
      outcome: full.status === 'unknown' ? 'unknown' : 'slower',
      dip: unavailable,
      message: `The full surge of ${workload.name} does not fit; the rollout proceeds by taking ${unavailable} old replicas away first.`,
    };
  }
  if (progress.status === 'impossible') {
    return {
      outcome: 'deadlock',
      dip: 0,
      message: `A rollout of ${workload.name} never ends: maxUnavailable is 0 and not one surge replica finds a place. ${progress.message} Set maxSurge: 0 and maxUnavailable: 1, or Recreate for one replica.`,
    };
  }
  if (progress.status === 'unknown') return { outcome: 'unknown', dip: 0, message: progress.message };
  return {
    outcome: 'slower',
    dip: 0,
    message: `The full surge of all workloads of this wave does not fit at once; ${workload.name} proceeds with fewer new Pods at a time.`,
  };
}

function waveRows(
  nodes: readonly NodeFacts[],
  verdicts: readonly Verdict[],
  rollouts: readonly RolloutOutcome[],
  quotas: readonly QuotaFinding[],
): readonly WaveRow[] {
  return verdicts
    .filter((each) => each.scenario.kind === 'steady')
    .map((steady) => {
      const { environment, wave = 0 } = steady.scenario;
      const here = (scenario: Scenario) => scenario.environment === environment && scenario.wave === wave;
      const others = verdicts.filter((each) => here(each.scenario));
      const about = (verdict: Verdict) => {
        const { kind } = verdict.scenario;
        if (verdict.status === 'unknown') return true;
        if (verdict.status !== 'impossible' || kind === 'rollout' || kind === 'progress' || kind === 'copy')
          return false;
        // What does not fit on all nodes does not fit on fewer.
        return steady.status !== 'impossible' || (kind !== 'node-gone' && kind !== 'zone-gone');
      };
      const byMessage = new Map<string, string[]>();
      for (const { message, scenario } of others.filter(about))
        byMessage.set(message, [...(byMessage.get(message) ?? []), scenario.title]);
      const problems = [
        ...[...byMessage].map(([message, titles]) => `${capital(joinedTitle(titles))}: ${message}`),
        ...rollouts
          .filter(
            (each) =>
              each.environment === environment &&
              each.wave === wave &&
              (each.outcome === 'deadlock' || each.outcome === 'blocked'),
          )
          .map((each) => each.message),
        ...quotas.filter((each) => here(each.scenario)).map((each) => each.message),
      ];
      return {
        ...(environment === undefined ? {} : { environment }),
        wave,
        verdict: steady.status,
        pools: poolRows(nodes, steady, others),
        problems: [...new Set(problems)],
      };
    });
}

function poolRows(nodes: readonly NodeFacts[], steady: Verdict, others: readonly Verdict[]): readonly PoolRow[] {
  const most = (kind: Scenario['kind'], pool: string) => {
    const values = others
      .filter((each) => each.scenario.kind === kind)
      .map((each) => devices(each.pools.find((one) => one.pool === pool)?.asked ?? {}));
    return values.length === 0 ? undefined : Math.max(...values);
  };
  return steady.pools.map((use): PoolRow => {
    const have = devices(use.have);
    const taken = devices(use.taken);
    const asked = devices(use.asked);
    const largest = nodes
      .filter((node) => (node.pool ?? 'nodes') === use.pool)
      .reduce((top, node) => Math.max(top, devices(node.allocatable)), 0);
    const rollout = most('rollout', use.pool) ?? most('copy', use.pool);
    const maximum = most('maximum', use.pool);
    return {
      pool: use.pool,
      have,
      taken,
      steady: asked,
      ...(rollout === undefined ? {} : { rollout }),
      ...(maximum === undefined ? {} : { maximum }),
      nodeGone: have - largest,
      free: Math.max(0, have - taken - asked),
    };
  });
}

/** Devices of all kinds: whole GPUs, or the slices of a pool that has slices. */
export function devices(resources: Resources): number {
  return Object.entries(resources).reduce((sum, [name, amount]) => sum + (isDevice(name) ? amount : 0), 0);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
