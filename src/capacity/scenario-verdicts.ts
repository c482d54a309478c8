import type { NodeFacts, WorkloadDemand } from './facts.js';
import { type ScenarioOptions, scenarios } from './scenario.js';
import type { Scenario, Verdict } from './verdict.js';

/** Kinds that ask how an update goes, with what else stands around it. */
const updates: ReadonlySet<Scenario['kind']> = new Set(['rollout', 'progress', 'copy']);

/**
 * Judges all scenarios of a cluster, each different one once. Updates are judged with all waves standing; where those do not fit
 * by themselves, with the waves up to their own, so that no rollout is blamed for what comes after it; and not at all
 * where not even these fit.
 */
export function judgeScenarios(
  nodes: readonly NodeFacts[],
  workloads: readonly WorkloadDemand[],
  options: ScenarioOptions,
  judgeOne: (scenario: Scenario) => Verdict,
): readonly Verdict[] {
  const judged = new Map<string, Verdict>();
  const judge = (scenario: Scenario): Verdict => {
    // Many scenarios ask for the same Pods on the same nodes (a wave that adds nothing, a surge of one).
    const same = JSON.stringify([
      scenario.without ?? [],
      Object.entries(scenario.replicas)
        .filter(([, count]) => count > 0)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ]);
    const known = judged.get(same);
    const verdict = known === undefined ? judgeOne(scenario) : { ...known, scenario };
    judged.set(same, verdict);
    return verdict;
  };
  const all = scenarios(nodes, workloads, options);
  const steady = all.filter((each) => each.kind === 'steady');
  const last = new Map(steady.map((each) => [each.environment, each]));
  const fits = (scenario: Scenario | undefined) => scenario !== undefined && isPlaced(judge(scenario));
  const verdicts: Verdict[] = [];
  for (const scenario of all) {
    if (!updates.has(scenario.kind)) {
      verdicts.push(judge(scenario));
      continue;
    }
    const own = steady.find((each) => each.wave === scenario.wave && each.environment === scenario.environment);
    const whole = fits(last.get(scenario.environment));
    if (!whole && !fits(own)) continue;
    // Whether one surge replica finds a place is only a question where not all of them do at once.
    if (scenario.kind === 'progress' && surgeFits(verdicts, scenario)) continue;
    verdicts.push(judge(whole ? scenario : upToOwnWave(scenario, workloads)));
  }
  return verdicts;
}

function isPlaced({ status }: Verdict): boolean {
  return status === 'possible' || status === 'order-safe';
}

/** Whether the full surge of the same wave was judged before, and fits. */
function surgeFits(verdicts: readonly Verdict[], { environment, wave }: Scenario): boolean {
  return verdicts.some(
    (each) =>
      each.scenario.kind === 'rollout' &&
      each.scenario.environment === environment &&
      each.scenario.wave === wave &&
      isPlaced(each),
  );
}

function upToOwnWave(scenario: Scenario, workloads: readonly WorkloadDemand[]): Scenario {
  const later = new Set(
    workloads
      .filter((each) => each.environment === scenario.environment && (each.wave ?? 0) > (scenario.wave ?? 0))
      .map((each) => each.id),
  );
  const replicas = Object.fromEntries(Object.entries(scenario.replicas).filter(([id]) => !later.has(id)));
  return { ...scenario, replicas };
}

/** `node a gone at wave 20`, `node b gone at wave 20` → `node a or b gone at wave 20`; more than three are counted. */
export function joinedTitle(titles: readonly string[]): string {
  const [first = ''] = titles;
  const lost = titles.map((each) => /^(node|zone) (\S+) (gone.*)$/i.exec(each));
  const rest = lost[0]?.[3];
  if (rest === undefined || titles.length === 1) return first;
  const whats = ['node', 'zone'].flatMap((what) => {
    const names = lost.flatMap((each) => (each?.[1]?.toLowerCase() === what ? [each[2] ?? ''] : []));
    const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more`] : names;
    return shown.length === 0
      ? []
      : [`${what} ${shown.length === 1 ? shown[0] : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`}`];
  });
  return `${whats.join(', or ')} ${rest}`;
}
