import type { OnProblem } from '../diagnostics/diagnostic.js';
import type { FileContent, FileMap } from '../files/file-map.js';
import { lockPath, type Plan, writeLock } from '../plan/index.js';
import { schemaTexts } from '../spec/schema-texts.generated.js';
import { type People, renderApplications } from './applications.js';
import { renderArgo } from './argo.js';
import { type Blueprint, blueprintAt } from './blueprint.js';
import { renderHealth } from './health.js';
import type { Output } from './manifest.js';
import { renderPlatforms } from './platform.js';
import { renderProjects } from './projects.js';
import { renderRepository } from './repository.js';
import { renderVersions } from './versions.js';
import { renderWorkflows } from './workflow.js';

export { type Blueprint, loadBlueprints, mergeBlueprints } from './blueprint.js';
export { demandByCluster } from './demand.js';
export { permitsOf } from './projects.js';
export { bootstrapCommand } from './repository.js';

export interface Rendering {
  /** Everything that is generated, lock files among it. */
  readonly files: FileMap;
  /** Written only where absent, and never again: they belong to people from then on. */
  readonly once: FileMap;
}

/**
 * Renders a plan in two passes: the Applications first, then the AppProjects that are derived from what they build to. The same
 * plan gives the same bytes; there is no clock and no order of files in it.
 *
 * @param present The tree as it is: custom/ and versions/ in it take part in the build.
 * @param stands Generated files that will stand otherwise than they are rendered (with the edits of people, or undefined: not at
 *   all); what is derived from the build is derived from them.
 */
export function render(
  plan: Plan,
  blueprints: ReadonlyMap<string, Blueprint>,
  present: FileMap,
  onProblem: OnProblem,
  stands: ReadonlyMap<string, FileContent | undefined> = new Map(),
): Rendering {
  const output: Output = { files: new Map(), writers: new Map(), onProblem };
  const has: People = {
    custom: (model) => present.has(`applications/${model}/custom/kustomization.yaml`),
    version: (environment, model) => present.has(`versions/${environment}/${model}/kustomization.yaml`),
  };
  for (const family of plan.families) {
    const blueprint = blueprintAt(blueprints.get(family.runtime), family.blueprint);
    if (blueprint === undefined || family.models.length === 0) continue;
    renderApplications(family, blueprint, has, output);
    output.files.set(lockPath(family.name), writeLock(family));
  }
  renderWorkflows(plan, blueprints, output);
  renderPlatforms(plan, blueprints, output);
  renderHealth(plan, output);
  renderArgo(plan, output);
  renderRepository(plan, present, output);
  for (const [name, text] of Object.entries(schemaTexts)) output.files.set(`.gitops-gen/schemas/${name}`, text);
  const once = renderVersions(plan, present);
  renderProjects(plan, together(present, once, output.files, stands), output);
  return { files: sorted(output.files), once };
}

/** What the build sees: people's files, then first versions where there are none, then what was just rendered, as it will stand. */
function together(
  present: FileMap,
  once: FileMap,
  rendered: FileMap,
  stands: ReadonlyMap<string, FileContent | undefined>,
): FileMap {
  const all = new Map<string, FileContent>(once);
  for (const [path, content] of present) all.set(path, content);
  for (const [path, content] of rendered) all.set(path, content);
  for (const [path, content] of stands) {
    if (content === undefined) all.delete(path);
    else all.set(path, content);
  }
  return all;
}

function sorted(files: ReadonlyMap<string, FileContent>): FileMap {
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}
