import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import type {
  ClusterPlan,
  DeploymentPlan,
  FamilyPlan,
  InstancePlan,
  ModelPlan,
  Plan,
  ReleasePlan,
} from '../plan/index.js';
import { ownDestination } from '../plan/index.js';
import { applicationTemplate, automated, childrenTemplate, parentTemplate, rootTemplate } from './argo-templates.js';
import { type Output, putKustomization, putTemplate } from './manifest.js';

/** The AppProject of roots, parents and platform Applications. */
export const platformProject = 'platform';

/** Folders that a family's releases are in, by instance: what the instance's kustomization lists. */
export function renderArgo(plan: Plan, output: Output): void {
  for (const instance of plan.instances) renderInstance(plan, instance, output);
  for (const family of plan.families) {
    for (const release of family.releases) renderRelease(plan, family, release, output);
  }
}

/** The path of something of this project inside the repository. */
export function inRepository(plan: Plan, path: string): string {
  return plan.project.path === '' ? path : `${plan.project.path}/${path}`;
}

function sourceOf(plan: Plan, path: string, revision: string): JsonObject {
  return { repoURL: plan.project.repositoryUrl, path: inRepository(plan, path), targetRevision: revision };
}

function renderInstance(plan: Plan, instance: InstancePlan, output: Output): void {
  const { file, branch } = plan.project;
  const common = {
    namespace: instance.namespace,
    project: platformProject,
    destination: { ...ownDestination, namespace: instance.namespace },
  };
  putTemplate(output, `argocd/roots/${instance.name}.yaml`, file, rootTemplate, {
    ...common,
    automated,
    name: `root-${instance.slug}`,
    source: sourceOf(plan, `argocd/instances/${instance.name}`, branch),
  });
  const clusters = plan.clusters.filter((cluster) => cluster.instance === instance.name && hasPlatform(cluster));
  for (const cluster of clusters) renderPlatform(plan, instance, cluster, output);
  const parents = plan.families.flatMap((family) =>
    family.releases
      .filter((release) => release.instance === instance.name && release.parent.revision !== undefined)
      .map((release) => release.parent.path),
  );
  putKustomization(output, `argocd/instances/${instance.name}`, file, 'Kustomization', {
    resources: [
      `../../projects/${instance.name}`,
      ...clusters.map((cluster) => `../../platform/${cluster.name}`),
      ...parents.map((path) => path.replace(/^argocd\//, '../../')),
    ],
  });
}

/** The platform Application of a cluster: namespaces, quotas, what hooks need. */
function renderPlatform(plan: Plan, instance: InstancePlan, cluster: ClusterPlan, output: Output): void {
  const folder = `argocd/platform/${cluster.name}`;
  putTemplate(output, `${folder}/application.yaml`, cluster.file, applicationTemplate, {
    automated,
    name: cluster.application,
    labels: { 'app.kubernetes.io/managed-by': 'gitops-gen', 'gitops-gen.io/cluster': cluster.name },
    namespace: instance.namespace,
    project: platformProject,
    source: sourceOf(plan, `clusters/${cluster.name}`, plan.project.branch),
    // Everything it brings names its own namespace; a destination has to name one all the same.
    destination: { ...destinationOf(cluster), namespace: cluster.namespaces[0]?.name ?? 'default' },
  });
  putKustomization(output, folder, cluster.file, 'Kustomization', { resources: ['application.yaml'] });
}

/** A cluster on which nothing runs needs nothing. */
export function hasPlatform(cluster: ClusterPlan): boolean {
  return cluster.namespaces.length > 0 || cluster.infrastructure.length > 0;
}

export function destinationOf(cluster: ClusterPlan): JsonObject {
  return { ...cluster.destination } as JsonObject;
}

/** Whether Argo CD fills variables into common annotations: from 2.8 on (argo-cd#11345). */
function substitutes({ version }: InstancePlan): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/u, '').split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 8);
}

function renderRelease(plan: Plan, family: FamilyPlan, release: ReleasePlan, output: Output): void {
  const instance = plan.instances.find((each) => each.name === release.instance);
  const cluster = plan.clusters.find((each) => each.name === release.cluster);
  if (instance === undefined || cluster === undefined) return;
  const { path, revision } = release.parent;
  const later = plan.environments[0]?.name !== release.environment;
  if (revision !== undefined) {
    putTemplate(output, `${path}/parent.yaml`, family.file, parentTemplate, {
      automated,
      name: release.parent.name,
      namespace: instance.namespace,
      labels: {
        'app.kubernetes.io/managed-by': 'gitops-gen',
        'gitops-gen.io/family': family.name,
        'gitops-gen.io/environment': release.environment,
      },
      project: platformProject,
      ...(later ? { prune: 'Prune=confirm' } : {}),
      source: sourceOf(plan, `${path}/children`, revision),
      inherit: substitutes(instance)
        ? { who: 'Argo CD writes the commit that it syncs', substitute: true, revision: '$ARGOCD_APP_REVISION' }
        : { who: 'gitops-gen promote writes the commit', revision },
      ...(release.parent.pinned
        ? { pinned: `The commit that was promoted to ${release.environment}; gitops-gen promote moves it.` }
        : {}),
      destination: { ...ownDestination, namespace: instance.namespace },
    });
    putKustomization(output, path, family.file, 'Kustomization', { resources: ['parent.yaml'] });
  }
  const children = family.models.flatMap((model) =>
    model.deployments
      .filter((deployment) => deployment.environment === release.environment && deployment.cluster === release.cluster)
      .map((deployment) => ({ model, deployment })),
  );
  for (const { model, deployment } of children)
    renderChild(plan, family, release, instance, cluster, model, deployment, output);
  const sorted = [...children].sort(
    (a, b) => a.deployment.wave - b.deployment.wave || (a.model.name < b.model.name ? -1 : 1),
  );
  putTemplate(output, `${path}/children/kustomization.yaml`, family.file, childrenTemplate, {
    resources: sorted.map(({ model }) => `${model.name}.yaml`),
    first: sorted[0]?.deployment.application ?? '',
  });
}

function renderChild(
  plan: Plan,
  family: FamilyPlan,
  release: ReleasePlan,
  instance: InstancePlan,
  cluster: ClusterPlan,
  model: ModelPlan,
  deployment: DeploymentPlan,
  output: Output,
): void {
  const scaled = deployment.replicas.max > deployment.replicas.min;
  const led = release.workflow !== undefined;
  const tier = deployment.values['tier'];
  const labels: Record<string, Json> = {
    'app.kubernetes.io/name': model.slug,
    'app.kubernetes.io/part-of': family.name,
    'app.kubernetes.io/managed-by': 'gitops-gen',
    'gitops-gen.io/environment': release.environment,
    'gitops-gen.io/model': model.name,
    'gitops-gen.io/phase': deployment.phase,
  };
  if (tier !== undefined) labels['gitops-gen.io/tier'] = tier;
  putTemplate(output, `${release.parent.path}/children/${model.name}.yaml`, family.file, applicationTemplate, {
    name: deployment.application,
    namespace: instance.namespace,
    labels,
    // A workflow leads: all Applications follow the commit at once, and wait to be synced.
    ...(led ? {} : { automated }),
    wave: led ? '0' : String(deployment.wave),
    waveNote: led
      ? `Phase ${deployment.phase}: synced by the workflow ${release.workflow?.name}, and not by itself.`
      : `Phase ${deployment.phase}.`,
    revision: plan.project.branch,
    ...(deployment.prune === 'confirm' ? { prune: 'Prune=confirm' } : {}),
    finalizers: ['resources-finalizer.argocd.argoproj.io'],
    project: release.project,
    source: sourceOf(plan, deployment.overlay, plan.project.branch),
    destination: { ...destinationOf(cluster), namespace: deployment.namespace },
    ...(scaled
      ? { ignoreDifferences: ignored(family.runtime, model.slug), syncOptions: ['RespectIgnoreDifferences=true'] }
      : {}),
  });
}

/** The autoscaler owns the replicas: without this Argo CD would set them back at every sync. */
function ignored(runtime: string, name: string): Json {
  return runtime === 'llmdeployment'
    ? [{ group: 'inference.llm-d.io', kind: 'LLMDeployment', name, jsonPointers: ['/spec/replicas'] }]
    : [{ group: 'apps', kind: 'Deployment', name, jsonPointers: ['/spec/replicas'] }];
}
