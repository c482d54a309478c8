import type { FileContent } from '../files/file-map.js';
import type { ImagePlan, Plan } from '../plan/index.js';
import { isObject } from './blueprint.js';

/**
 * What is written only where it is absent: versions that people and Renovate own from then on. Images are a component that
 * every overlay of the environment includes.
 */
export function renderVersions(plan: Plan): ReadonlyMap<string, FileContent> {
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
    const revisions = new Map<string, string>();
    for (const { model, deployment } of deployments) {
      const source = deployment.values['source'];
      const revision = isObject(source) ? source['revision'] : undefined;
      if (typeof revision === 'string') revisions.set(model.name, revision);
    }
    files.set(`versions/${environment.name}/models.yaml`, revisionsText(environment.name, revisions));
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

function revisionsText(environment: string, revisions: ReadonlyMap<string, string>): string {
  const lines = [...revisions]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, revision]) => `  ${name}: ${JSON.stringify(revision)}`);
  return [
    `# Revisions of the weights in ${environment}, by model: commit ids of their repositories. This file is yours; after a change`,
    '# run gitops-gen render.',
    ...(lines.length === 0 ? ['revisions: {}'] : ['revisions:', ...lines]),
    '',
  ].join('\n');
}
