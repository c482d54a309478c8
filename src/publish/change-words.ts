import type { DeploymentPlan, Plan } from '../plan/plan.js';
import type { StateDifference } from './state-difference.js';

/** What becomes of one model in one environment on one cluster. */
export interface ModelChange {
  readonly family: string;
  readonly model: string;
  readonly phase: string;
  readonly wave: number;
  readonly environment: string;
  readonly cluster: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly replicas: { readonly before?: string; readonly after?: string };
  /** GPUs of all replicas at their least number. */
  readonly gpus: { readonly before: number; readonly after: number };
  /** Class of GPU, after the change where it stays. */
  readonly gpu: string;
}

interface Placed {
  readonly family: string;
  readonly model: string;
  readonly deployment: DeploymentPlan;
}

/** The models that differ between two plans, or whose Application renders something else. */
export function modelChanges(
  before: Plan | undefined,
  after: Plan | undefined,
  difference: StateDifference,
): readonly ModelChange[] {
  const [old, now] = [placesIn(before), placesIn(after)];
  const touched = new Set(difference.applications.map(({ name }) => name));
  const changes: ModelChange[] = [];
  for (const key of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const [from, to] = [old.get(key), now.get(key)];
    const { family, model, deployment } = (to ?? from) as Placed;
    const same = from !== undefined && to !== undefined && isSame(from.deployment, to.deployment);
    const isTouched = touched.has(deployment.application) || touched.has(deployment.overlay);
    if (same && !isTouched) continue;
    changes.push({
      family,
      model,
      phase: deployment.phase,
      wave: deployment.wave,
      environment: deployment.environment,
      cluster: deployment.cluster,
      change: from === undefined ? 'added' : to === undefined ? 'removed' : 'changed',
      replicas: {
        ...(from === undefined ? {} : { before: replicasText(from.deployment) }),
        ...(to === undefined ? {} : { after: replicasText(to.deployment) }),
      },
      gpus: { before: gpusOf(from?.deployment), after: gpusOf(to?.deployment) },
      gpu: String((deployment.decisions['decided'] as { gpu?: unknown } | undefined)?.gpu ?? ''),
    });
  }
  return changes;
}

function placesIn(plan: Plan | undefined): ReadonlyMap<string, Placed> {
  const found = new Map<string, Placed>();
  for (const family of plan?.families ?? [])
    for (const model of family.models)
      for (const deployment of model.deployments)
        found.set([family.name, model.name, deployment.environment, deployment.cluster].join('\n'), {
          family: family.name,
          model: model.name,
          deployment,
        });
  return found;
}

function isSame(a: DeploymentPlan, b: DeploymentPlan): boolean {
  const facts = ({ replicas, phase, wave, namespace, decisions }: DeploymentPlan) =>
    JSON.stringify([replicas, phase, wave, namespace, decisions]);
  return facts(a) === facts(b);
}

function replicasText({ replicas: { min, max } }: DeploymentPlan): string {
  return min === max ? String(min) : `${min} to ${max}`;
}

function gpusOf(deployment: DeploymentPlan | undefined): number {
  const { gpusPerPod = 0, podsPerReplica = 1 } = (deployment?.decisions['decided'] ?? {}) as {
    gpusPerPod?: number;
    podsPerReplica?: number;
  };
  return deployment === undefined ? 0 : deployment.replicas.min * gpusPerPod * podsPerReplica;
}

/** What changes, one sentence for each model. */
export function changeWords(changes: readonly ModelChange[]): readonly string[] {
  const byModel = new Map<string, ModelChange[]>();
  for (const each of changes) {
    const key = `${each.change} ${each.model} of ${each.family}`;
    byModel.set(key, [...(byModel.get(key) ?? []), each]);
  }
  return [...byModel.values()].map((all) => {
    const [{ change, model, family, phase }] = all as [ModelChange];
    const verb = { added: 'Adds', removed: 'Removes', changed: 'Changes' }[change];
    const places = all.map(({ environment, replicas }) => `${environment}${replicaWords(replicas)}`);
    return `${verb} ${model} of ${family}, phase ${phase}: ${places.join(', ')}`;
  });
}

function replicaWords({ before, after }: ModelChange['replicas']): string {
  const replicas = (text: string) => `${text} ${text === '1' ? 'replica' : 'replicas'}`;
  if (after === undefined) return before === undefined ? '' : ` (had ${replicas(before)})`;
  if (before === undefined || before === after) return ` (${replicas(after)})`;
  return ` (${before} → ${replicas(after)})`;
}
