import {
  devices,
  isClosed,
  type JudgeOptions,
  judge,
  judgeScenarios,
  type NodeFacts,
  type OrderJudgement,
  placedPods,
  replay,
  type Scenario,
  type Status,
  settle,
  statesOf,
  type Verdict,
  type WorkloadDemand,
  worst,
} from '../capacity/index.js';
import type { ClusterConfig } from '../spec/types.generated.js';
import type { DeploymentPlan, FamilyPlan, Plan } from './plan.js';
import { nodesOf } from './pools.js';

/** The answer to "does it fit, when": the contract of `plan -o json`. GPUs are pieces, memory bytes, CPU milli-cores. */
export interface CapacityView {
  readonly schemaVersion: 1;
  readonly environments: readonly EnvironmentView[];
  readonly notes: Plan['notes'];
}

export interface EnvironmentView {
  readonly name: string;
  readonly clusters: readonly ClusterView[];
}

export interface ClusterView {
  readonly name: string;
  /** What the verdicts speak of. */
  readonly inventory: string;
  readonly waves: readonly WaveView[];
  /** What was left out of the judgement, in sentences. */
  readonly leftOut?: readonly string[];
}

export interface WaveView {
  readonly wave: number;
  readonly phase: string;
  readonly workloads: readonly WorkloadView[];
  readonly pools: readonly PoolView[];
  /** The worst of its scenarios with all nodes there; a rollout that is only slower without its full surge does not count. */
  readonly verdict: Status;
  /** The worst with one node gone; only at the last wave. */
  readonly nodeGone?: Status;
  readonly scenarios: readonly ScenarioView[];
  /** The steady state, where it is possible. */
  readonly placement?: Verdict['placement'];
  /** Why the first impossible scenario is impossible. */
  readonly proof?: Verdict['certificate'];
}

export interface ScenarioView {
  readonly kind: Scenario['kind'];
  /** A phrase: "node a100-1 gone at wave 20". */
  readonly title: string;
  readonly status: Status;
  /** One or more sentences with numbers. */
  readonly message: string;
  /** Of the steady state and the maximum, where they fit: whether the scheduler reaches it whatever comes first, else what sampled orders came to. */
  readonly order?: OrderJudgement;
}

export interface WorkloadView {
  readonly family: string;
  readonly model: string;
  readonly application: string;
  readonly replicas: { readonly min: number; readonly max: number };
  readonly gpu: string;
  readonly gpusPerReplica: number;
  readonly strategy: string;
  readonly workedOut: DeploymentPlan['workedOut'];
}

/** GPUs of a pool as they are asked for, whether they fit or not; what is judged for CPU and memory is in the verdict. */
export interface PoolView {
  readonly pool: string;
  readonly gpu: string;
  readonly have: number;
  /** By Pods that this repository does not deploy. */
  readonly taken: number;
  readonly steady: number;
  /** At the most that a rollout of this wave takes. */
  readonly rollout: number;
  /** With every autoscaler at its maximum. */
  readonly maximum: number;
  /** What the pool has when its largest node is gone; only at the last wave, where that is judged. */
  readonly nodeGone?: number;
  /** Left in the steady state. */
  readonly free: number;
}

export interface CapacityViewInput {
  readonly plan: Plan;
  readonly clusters: readonly ClusterConfig[];
  /** What the rendered repository asks of each cluster, by its name: read from the built resources. */
  readonly demand: ReadonlyMap<string, readonly WorkloadDemand[]>;
  readonly environment?: string;
  readonly options?: JudgeOptions;
}

/** Judges every wave of every environment and cluster. */
export function capacityView(input: CapacityViewInput): CapacityView {
  const { plan } = input;
  const environments = plan.environments
    .filter((environment) => input.environment === undefined || environment.name === input.environment)
    .map((environment) => ({
      name: environment.name,
      clusters: environment.clusters.flatMap((name): ClusterView[] => {
        const config = input.clusters.find((cluster) => cluster.metadata.name === name);
        return config === undefined ? [] : [clusterView(input, environment.name, config)];
      }),
    }));
  const notes = plan.notes.filter(
    (note) =>
      input.environment === undefined || note.environment === undefined || note.environment === input.environment,
  );
  return { schemaVersion: 1, environments, notes };
}

function clusterView(input: CapacityViewInput, environment: string, config: ClusterConfig): ClusterView {
  const name = config.metadata.name;
  const { nodes, workloads: demand } = settle(nodesOf(config), input.demand.get(name) ?? []);
  // The other environments of the cluster stand beside this one, and are judged in views of their own.
  const all = judgeScenarios(nodes, demand, { environment }, (scenario) =>
    judge(nodes, demand, scenario, input.options ?? {}),
  );
  const waves = [...new Set(all.map(({ scenario }) => scenario.wave ?? 0))].sort((a, b) => a - b);
  const leftOut = [
    ...new Set(demand.filter((each) => each.environment === environment).flatMap((each) => each.unread)),
    ...closedPools(nodes, demand),
  ].sort();
  return {
    name,
    inventory:
      config.spec.observedAt === undefined
        ? 'the declared inventory'
        : `the inventory declared on ${config.spec.observedAt}`,
    waves: waves.map((wave) =>
      waveView(
        input,
        environment,
        config,
        nodes,
        demand,
        wave,
        all.filter(({ scenario }) => (scenario.wave ?? 0) === wave),
      ),
    ),
    ...(leftOut.length === 0 ? {} : { leftOut }),
  };
}

/** Pools that are declared with the taint of a state (a cordon), which no figure counts. */
function closedPools(nodes: readonly NodeFacts[], demand: readonly WorkloadDemand[]): readonly string[] {
  const pods = placedPods(demand);
  const closed = nodes.filter((node) => isClosed(node, pods));
  const sentence = (node: NodeFacts) =>
    `pool ${node.pool ?? node.name} takes no Pods by its taints (${statesOf(node).join(', ')}): it counts in no figure`;
  return [...new Set(closed.map(sentence))];
}

function waveView(
  input: CapacityViewInput,
  environment: string,
  config: ClusterConfig,
  nodes: readonly NodeFacts[],
  demand: readonly WorkloadDemand[],
  wave: number,
  verdicts: readonly Verdict[],
): WaveView {
  const steady = verdicts.find((verdict) => verdict.scenario.kind === 'steady');
  const pods = placedPods(demand);
  const open = nodes.filter((node) => !isClosed(node, pods));
  const gone = verdicts.filter((verdict) => verdict.scenario.kind === 'node-gone');
  const whole = verdicts.filter(({ scenario }) => !besides.has(scenario.kind));
  const refused = whole.find((verdict) => verdict.status === 'impossible');
  const here = deploymentsAt(input.plan, environment, config.metadata.name, wave);
  return {
    wave,
    phase: [...new Set(here.map(({ deployment }) => deployment.phase))].join(', '),
    workloads: here.map(({ family, model, deployment }) => workloadView(family, model, deployment)),
    pools: poolViews(config, open, verdicts),
    verdict: worst(whole.map((verdict) => verdict.status)),
    ...(gone.length === 0 ? {} : { nodeGone: worst(gone.map((verdict) => verdict.status)) }),
    scenarios: verdicts.map((verdict) => ({
      kind: verdict.scenario.kind,
      title: verdict.scenario.title,
      status: verdict.status,
      message: verdict.message,
      ...(verdict.order === undefined || !ordered.has(verdict.scenario.kind)
        ? {}
        : { order: sampledOrder(verdict, verdict.order, nodes, demand, config) }),
    })),
    ...(steady?.placement === undefined ? {} : { placement: steady.placement }),
    ...(refused?.certificate === undefined ? {} : { proof: refused.certificate }),
  };
}

/** What does not decide whether a wave fits: fewer nodes, and a full surge, without which a rollout is only slower. */
const besides: ReadonlySet<Scenario['kind']> = new Set(['node-gone', 'zone-gone', 'rollout']);

/** States that last: in the others Pods come one by one, into what stands. */
const ordered: ReadonlySet<Scenario['kind']> = new Set(['steady', 'maximum']);

/** So many steps at most for a wave: fewer orders are tried on very large clusters, and the number says so. */
const replaySteps = 20_000_000;

/** Where no order is proved safe, orders are tried out with the scheduler's profile that the cluster declares. */
function sampledOrder(
  verdict: Verdict,
  order: OrderJudgement,
  nodes: readonly NodeFacts[],
  demand: readonly WorkloadDemand[],
  config: ClusterConfig,
): OrderJudgement {
  if (order.safe) return order;
  const profile = config.spec.scheduler?.profile;
  const { orders, stranded, worstGpus } = replay(nodes, demand, verdict.scenario, {
    maxSteps: replaySteps,
    ...(profile === undefined ? {} : { profile }),
  });
  return { ...order, sampled: { orders, stranded, worstGpus } };
}

interface Placed {
  readonly family: FamilyPlan;
  readonly model: string;
  readonly deployment: DeploymentPlan;
}

function deploymentsAt(plan: Plan, environment: string, cluster: string, wave: number): readonly Placed[] {
  return plan.families.flatMap((family) =>
    family.models.flatMap((model) =>
      model.deployments
        .filter((each) => each.environment === environment && each.cluster === cluster && each.wave === wave)
        .map((deployment) => ({ family, model: model.name, deployment })),
    ),
  );
}

function workloadView(family: FamilyPlan, model: string, deployment: DeploymentPlan): WorkloadView {
  const decided = deployment.decisions['decided'] as { gpu: string; gpusPerPod: number; strategy: string };
  return {
    family: family.name,
    model,
    application: deployment.application,
    replicas: deployment.replicas,
    gpu: decided.gpu,
    gpusPerReplica: decided.gpusPerPod,
    strategy: decided.strategy,
    workedOut: deployment.workedOut,
  };
}

/** Pools with GPUs only: they are what is short. */
function poolViews(
  config: ClusterConfig,
  nodes: readonly NodeFacts[],
  verdicts: readonly Verdict[],
): readonly PoolView[] {
  return config.spec.nodePools
    .filter((pool) => pool.gpu !== undefined)
    .map((pool) => {
      const own = nodes.filter((node) => node.pool === pool.name);
      const sum = (of: (node: NodeFacts) => Readonly<Record<string, number>>) =>
        own.reduce((total, node) => total + devices(of(node)), 0);
      const asked = (kind: Scenario['kind']): number | undefined => {
        const uses = verdicts
          .filter((verdict) => verdict.scenario.kind === kind)
          .map((verdict) => verdict.pools.find((use) => use.pool === pool.name)?.asked ?? {});
        return uses.length === 0 ? undefined : Math.max(...uses.map(devices));
      };
      const have = sum((node) => node.allocatable);
      const taken = sum((node) => node.taken ?? {});
      const steady = asked('steady') ?? 0;
      const largest = Math.max(0, ...own.map((node) => devices(node.allocatable)));
      const isLast = verdicts.some((verdict) => verdict.scenario.kind === 'node-gone');
      return {
        pool: pool.name,
        gpu: pool.gpu ?? '',
        have,
        taken,
        steady,
        rollout: Math.max(asked('rollout') ?? steady, asked('copy') ?? 0),
        maximum: asked('maximum') ?? steady,
        ...(isLast ? { nodeGone: have - largest } : {}),
        free: Math.max(0, have - taken - steady),
      };
    });
}
