import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import type { PlanInput } from './input.js';
import { sameData } from './merge-data.js';
import type { DeploymentPlan, FamilyPlan, Plan, PlanNote } from './plan.js';

/**
 * What `render --replan` would change and why: every decision that a lock holds and that would be taken otherwise today, because the
 * inventory, the catalogs or this tool are not what they were.
 *
 * @param fresh The families as they would be planned without a lock.
 */
export function replanNotes(plan: Plan, fresh: readonly FamilyPlan[], input: PlanInput): readonly PlanNote[] {
  return plan.families.flatMap((family) => {
    const anew = fresh.find(({ name }) => name === family.name);
    return anew === undefined
      ? []
      : [
          ...blueprintNotes(family, anew),
          ...family.models.flatMap((model) =>
            model.deployments.flatMap((deployment) => {
              const other = anew.models
                .find(({ name }) => name === model.name)
                ?.deployments.find(
                  ({ environment, cluster }) =>
                    environment === deployment.environment && cluster === deployment.cluster,
                );
              return other === undefined ? [] : deploymentNotes(family, model.name, deployment, other, input);
            }),
          ),
        ];
  });
}

function blueprintNotes(family: FamilyPlan, anew: FamilyPlan): readonly PlanNote[] {
  if (family.blueprint === anew.blueprint) return [];
  return [
    {
      kind: 'replan',
      family: family.name,
      message: `${family.name} keeps to its lock: it is rendered with version ${family.blueprint} of blueprint ${family.runtime}, because that wrote it; the newest is ${anew.blueprint}.`,
      hint: 'gitops-gen render --replan --dry-run shows what the newer one changes',
    },
  ];
}

function deploymentNotes(
  family: FamilyPlan,
  model: string,
  { environment, cluster, decisions }: DeploymentPlan,
  anew: DeploymentPlan,
  { toolVersion }: PlanInput,
): readonly PlanNote[] {
  const [now, then] = [decided(decisions), decided(anew.decisions)];
  const changes = [...new Set([...Object.keys(now), ...Object.keys(then)])]
    .filter((field) => !sameData(now[field], then[field]))
    .map((field) => {
      const why = anew.workedOut.find((each) => each.field === field)?.why;
      return `${field} ${words(now[field])} → ${words(then[field])}${why === undefined ? '' : ` (${why})`}`;
    });
  if (changes.length === 0) return [];
  return [
    {
      kind: 'replan',
      family: family.name,
      environment,
      cluster,
      message: `${model} in ${environment} keeps to its lock; decided anew, by today's inventory and the catalogs of ${toolVersion}, it would be: ${changes.join(', ')}.`,
      hint: 'gitops-gen render --replan',
    },
  ];
}

function decided(decisions: JsonObject): JsonObject {
  const value = decisions['decided'];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function words(value: Json | undefined): string {
  if (value === undefined) return 'none';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value))
    return value.length === 0 ? 'none' : `[${value.map((each: Json) => words(each)).join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([key, each]) => `${key}: ${words(each)}`)
    .join(', ')} }`;
}
