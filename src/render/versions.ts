import type { JsonObject } from '../diagnostics/diagnostic.js';
import { type FileContent, type FileMap, textAt } from '../files/file-map.js';
import type { ImagePlan, Plan } from '../plan/index.js';
import { readYaml } from '../yaml/read.js';
import { isObject } from './blueprint.js';

/**
 * What is written only where it is absent: versions that people and Renovate own from then on. Images are a component that
 * every overlay of the environment includes.
 */
export function renderVersions(plan: Plan, present: FileMap = new Map()): ReadonlyMap<string, FileContent> {
  const files = new Map<string, FileContent>();
  for (const environment of plan.environments) {
    const deployments = plan.families.flatMap((family) =>
      family.models.flatMap((model) =>
        model.deployments
          .filter((each) => each.environment === environment.name)
          .map((deployment) => ({ model, deployment })),
      ),
    );
    if (deployments.length === 0) continue;
    const images = new Map<string, ImagePlan>();
    for (const { deployment } of deployments)
      for (const image of deployment.images) if (!images.has(image.name)) images.set(image.name, image);
    if (images.size > 0)
      files.set(
        `versions/${environment.name}/kustomization.yaml`,
        imagesText(environment.name, [...images.values()].sort(byName)),
      );
    const listed = revisionsIn(present, environment.name);
    for (const { model, deployment } of deployments) {
      const source = deployment.values['source'];
      if (!isObject(source) || typeof source['revision'] !== 'string' || listed.has(model.name)) continue;
      const path = `versions/${environment.name}/${model.name}/revision.yaml`;
      files.set(path, revisionText(model.name, environment.name, source['revision'], source));
    }
  }
  return files;
}

function byName(a: ImagePlan, b: ImagePlan): number {
  return a.name < b.name ? -1 : 1;
}

function imagesText(environment: string, images: readonly ImagePlan[]): string {
  return [
    `# Images of ${environment}, as tag@digest. This file is yours: people and Renovate change it, gitops-gen only reads it.`,
    'apiVersion: kustomize.config.k8s.io/v1alpha1',
    'kind: Component',
    'images:',
    ...images.flatMap(({ name, tag }) =>
      tag.startsWith('@')
        ? [`  - name: ${name}`, `    digest: ${tag.slice(1)}`]
        : [`  - name: ${name}`, `    newTag: ${JSON.stringify(tag)}`],
    ),
    '',
  ].join('\n');
}

/** One file for each model, so that two changes of neighbours never meet. */
function revisionText(model: string, environment: string, revision: string, source: JsonObject): string {
  const repository = source['scheme'] === 'hf' ? String(source['id']) : undefined;
  return [
    `# The weights of ${model} in ${environment}. This file is yours: people and Renovate change it; after a change run`,
    '# gitops-gen render.',
    ...(repository === undefined ? [] : [`# renovate: depName=${repository}`]),
    `revision: ${JSON.stringify(revision)}`,
    '',
  ].join('\n');
}

/** Models whose revisions stand in a list of the environment. */
function revisionsIn(present: FileMap, environment: string): ReadonlySet<string> {
  const path = `versions/${environment}/models.yaml`;
  const text = textAt(present, path);
  const value = text === undefined ? undefined : readYaml(path, text, () => {})[0]?.value;
  const revisions = isObject(value) ? value['revisions'] : undefined;
  return new Set(isObject(revisions) ? Object.keys(revisions) : []);
}
