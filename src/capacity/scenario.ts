import type { NodeFacts, WorkloadDemand } from './facts.js';
import { rolloutCounts } from './scalers.js';
import type { Scenario } from './verdict.js';

export interface ScenarioOptions {
  /** Judge only prefixes up to these waves; default every wave that occurs. */
  readonly waves?: readonly number[];
  /** Judge only this environment; the others stand beside it. Default every one. */
  readonly environment?: string;
  /** Judge the loss of one node of every pool. Default true. */
  readonly nodeGone?: boolean;
  /** Judge the loss of each zone, where there are several. Default true. */
  readonly zoneGone?: boolean;
}

/**
 * The scenarios of a cluster, in the order of its waves. At every wave the workloads of earlier waves and of all other
 * environments on the cluster stand at their steady replicas; a DaemonSet is there from its wave on. `rollout` and `copy`
 * are about the workloads of that wave as an update reaches them: the later waves stand as well then, from the release
 * before. `progress` asks, for each of them that may not go below its replicas, whether one surge replica finds a place.
 */
export function scenarios(
  nodes: readonly NodeFacts[],
  workloads: readonly WorkloadDemand[],
  options: ScenarioOptions = {},
): readonly Scenario[] {
  const environments = [...new Set(workloads.map((each) => each.environment))];
  const asked = environments.filter((each) => options.environment === undefined || each === options.environment);
  return asked.flatMap((environment) => {
    const own = workloads.filter((each) => each.environment === environment);
    const neighbours = workloads.filter((each) => each.environment !== environment);
    const waves = [...new Set(own.map(waveOf))].sort((a, b) => a - b);
    const wanted = options.waves === undefined ? waves : waves.filter((wave) => options.waves?.includes(wave));
    return wanted.flatMap((wave) =>
      atWave(
        nodes,
        [...neighbours, ...own],
        [...neighbours, ...own.filter((each) => waveOf(each) <= wave)],
        wave,
        environment,
        waves.at(-1) === wave,
        options,
      ),
    );
  });
}

function waveOf(workload: WorkloadDemand): number {
  return workload.wave ?? 0;
}

function atWave(
  nodes: readonly NodeFacts[],
  all: readonly WorkloadDemand[],
  present: readonly WorkloadDemand[],
  wave: number,
  environment: string | undefined,
  last: boolean,
  options: ScenarioOptions,
): readonly Scenario[] {
  const common = { wave, ...(environment === undefined ? {} : { environment }) };
  const where = `at wave ${wave}`;
  const steady = counts(present, (each) => each.replicas.steady);
  const rolling = present.filter(
    (each) => waveOf(each) === wave && each.environment === environment && each.daemon !== true,
  );
  const found: Scenario[] = [{ ...common, kind: 'steady', title: `steady ${where}`, replicas: steady }];
  const standing = counts(all, (each) => each.replicas.steady);
  found.push(...rollouts(rolling, standing, common, where));
  const maximum = counts(present, (each) => each.replicas.maximum);
  if (present.some((each) => each.replicas.maximum > each.replicas.steady)) {
    const about = present.filter((each) => each.replicas.maximum > each.replicas.steady).map((each) => each.id);
    found.push({
      ...common,
      kind: 'maximum',
      title: `all autoscalers at their maximum ${where}`,
      replicas: maximum,
      about,
    });
  }
  if (last && options.nodeGone !== false) found.push(...nodesGone(nodes, steady, common, where));
  if (last && options.zoneGone !== false) found.push(...zonesGone(nodes, steady, common, where));
  return found;
}

type Common = Pick<Scenario, 'wave' | 'environment'>;

function rollouts(
  rolling: readonly WorkloadDemand[],
  steady: Readonly<Record<string, number>>,
  common: Common,
  where: string,
): readonly Scenario[] {
  const found: Scenario[] = [];
  const surging = rolling.filter(
    (each) => each.rollout.style === 'rolling' && rolloutCounts(each, each.replicas.steady).surge > 0,
  );
  if (surging.length > 0) {
    const replicas = { ...steady };
    for (const each of surging)
      replicas[each.id] = each.replicas.steady + rolloutCounts(each, each.replicas.steady).surge;
    found.push({
      ...common,
      kind: 'rollout',
      title: `rollout at full surge ${where}`,
      replicas,
      about: surging.map((each) => each.id),
    });
  }
  for (const each of rolling.filter((one) => one.rollout.style === 'copy' && one.replicas.steady > 0)) {
    const replicas = { ...steady, [each.id]: each.replicas.steady + rolloutCounts(each, each.replicas.steady).surge };
    found.push({
      ...common,
      kind: 'copy',
      title: `${each.rollout.name} of ${each.name} ${where}`,
      replicas,
      about: [each.id],
    });
  }
  for (const each of surging.filter((one) => rolloutCounts(one, one.replicas.steady).unavailable === 0)) {
    const replicas = { ...steady, [each.id]: each.replicas.steady + 1 };
    found.push({
      ...common,
      kind: 'progress',
      title: `one surge replica of ${each.name} ${where}`,
      replicas,
      about: [each.id],
    });
  }
  return found;
}

/** One node of each kind of node within a pool: which one of equal nodes goes makes no difference. */
function nodesGone(
  nodes: readonly NodeFacts[],
  replicas: Scenario['replicas'],
  common: Common,
  where: string,
): readonly Scenario[] {
  const seen = new Set<string>();
  return nodes.flatMap((node) => {
    if (node.scalable === true) return [];
    const { 'kubernetes.io/hostname': _, ...labels } = node.labels;
    const kind = JSON.stringify([
      node.pool,
      node.zone,
      labels,
      node.taints,
      node.unschedulable === true,
      node.allocatable,
      node.taken,
    ]);
    if (seen.has(kind)) return [];
    seen.add(kind);
    return [
      {
        ...common,
        kind: 'node-gone' as const,
        title: `node ${node.name} gone ${where}`,
        replicas,
        without: [node.name],
      },
    ];
  });
}

function zonesGone(
  nodes: readonly NodeFacts[],
  replicas: Scenario['replicas'],
  common: Common,
  where: string,
): readonly Scenario[] {
  const zones = [...new Set(nodes.flatMap((node) => (node.zone === undefined ? [] : [node.zone])))].sort();
  if (zones.length < 2) return [];
  return zones.map((zone) => ({
    ...common,
    kind: 'zone-gone',
    title: `zone ${zone} gone ${where}`,
    replicas,
    without: nodes.filter((node) => node.zone === zone).map((node) => node.name),
  }));
}

function counts(
  workloads: readonly WorkloadDemand[],
  of: (workload: WorkloadDemand) => number,
): Readonly<Record<string, number>> {
  return Object.fromEntries(workloads.map((each) => [each.id, each.daemon === true ? 1 : of(each)]));
}
