import type { Tree } from '../files/file-map.js';
import { loadHighs } from '../io/highs.js';
import { type CapacityView, capacityView } from '../plan/capacity-view.js';
import type { Plan } from '../plan/index.js';
import { demandByCluster } from '../render/demand.js';
import { projectFile } from '../spec/read.js';
import { generate } from './generate.js';
import { workspaceOf } from './workspace.js';

/** What a tree means and whether it fits; undefined where it is no repository of ours, or its specs are wrong. */
export async function capacityOfTree(
  root: string,
  tree: Tree,
  known?: Plan,
): Promise<{ readonly plan: Plan; readonly view: CapacityView } | undefined> {
  if (!tree.files.has(projectFile)) return undefined;
  const workspace = workspaceOf(root, tree);
  const plan = known ?? planOf(workspace);
  if (plan === undefined) return undefined;
  const view = capacityView({
    plan,
    clusters: workspace.specs.clusters.map(({ value }) => value),
    demand: demandByCluster(plan, tree.files),
    options: { solver: await loadHighs() },
  });
  return { plan, view };
}

function planOf(workspace: ReturnType<typeof workspaceOf>): Plan | undefined {
  try {
    return generate(workspace, { allowDelete: Number.MAX_SAFE_INTEGER }).plan;
  } catch {
    // What stood there before may be in any state: then there is nothing to compare with.
    return undefined;
  }
}
