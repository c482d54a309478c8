import type { FileContent, FileMap } from '../files/file-map.js';
import { addImage, setRevision } from '../plan/edit.js';
import { generate } from './generate.js';
import type { Workspace } from './workspace.js';

/**
 * The revision of a model that is added, where a model of that name was removed before: its files under versions/ are people's and
 * stayed, and what they say would win over what the command was told.
 */
export function revisionEdits(
  { tree }: Workspace,
  model: string,
  environments: readonly string[],
  revision: string,
): FileMap {
  return new Map(
    environments.flatMap((environment): [string, FileContent][] => {
      const path = `versions/${environment}/${model}/revision.yaml`;
      const before = tree.files.get(path);
      return typeof before === 'string' ? [[path, setRevision(before, revision)]] : [];
    }),
  );
}

/**
 * versions/<environment> belongs to people and Renovate, and `render` never writes it. A new model may need an image that it
 * does not list yet: then the command that adds the model adds the line, as a person would.
 */
export function versionEdits(workspace: Workspace, edits: FileMap): FileMap {
  const { plan } = generate(workspace, { edits });
  const changed = new Map<string, FileContent>();
  for (const deployment of plan?.families.flatMap(({ models }) => models.flatMap(({ deployments }) => deployments)) ??
    []) {
    const file = `versions/${deployment.environment}/kustomization.yaml`;
    const before = changed.get(file) ?? workspace.tree.files.get(file);
    if (typeof before !== 'string') continue;
    const after = deployment.images.reduce(addImage, before);
    if (after !== before) changed.set(file, after);
  }
  return changed;
}
