import { buildKustomization } from '../build/index.js';
import type { Tree } from '../files/file-map.js';
import type { Plan, PlanNote } from '../plan/index.js';
import { renderedDifference } from '../publish/rendered-diff.js';
import { type Generated, generate } from './generate.js';
import type { Workspace } from './workspace.js';

/**
 * What `render --replan` would restart, field by field: both ways are rendered and built, and compared as Argo CD would see them.
 * Nothing where every decision in the locks would be taken again.
 */
export function replanEffects(workspace: Workspace, { plan, after }: Generated): readonly PlanNote[] {
  if (plan?.notes.some(({ kind }) => kind === 'replan') !== true) return [];
  const anew = generate(workspace, { replan: true, allowDelete: Number.MAX_SAFE_INTEGER });
  return overlaysOf(plan).flatMap(({ family, model, environment, cluster, overlay }): PlanNote[] => {
    const objects = renderedDifference(build(after, overlay), build(anew.after, overlay)).objects;
    const restarted = objects.filter(({ effect }) => effect !== undefined && effect.restarts !== 'no');
    const fields = restarted.flatMap((object) => object.fields.map(({ path }) => `${object.key.kind} ${path}`));
    if (fields.length === 0) return [];
    return [
      {
        kind: 'replan',
        family,
        environment,
        cluster,
        message: `${model} in ${environment} would be restarted by planning anew: ${shortened(fields).join(', ')}.`,
        hint: 'gitops-gen render --replan --dry-run shows every line',
      },
    ];
  });
}

function overlaysOf(plan: Plan) {
  return plan.families.flatMap((family) =>
    family.models.flatMap((model) =>
      model.deployments.map(({ environment, cluster, overlay }) => ({
        family: family.name,
        model: model.name,
        environment,
        cluster,
        overlay,
      })),
    ),
  );
}

function build(tree: Tree, overlay: string) {
  return buildKustomization(tree, overlay, () => {}).resources;
}

function shortened(fields: readonly string[]): readonly string[] {
  return fields.length <= 12 ? fields : [...fields.slice(0, 12), `and ${fields.length - 12} more`];
}
