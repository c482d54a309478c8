import { buildKustomization, type Resource } from '../build/index.js';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { type FileMap, type Tree, textAt, treeOf } from '../files/file-map.js';
import {
  type FamilyPlan,
  type InstancePlan,
  ownDestination,
  type Permits,
  type Plan,
  type ReleasePlan,
} from '../plan/index.js';
import { readYaml } from '../yaml/read.js';
import { destinationOf, hasPlatform, platformProject } from './argo.js';
import { projectTemplate } from './argo-templates.js';
import { isObject } from './blueprint.js';
import { type Output, putKustomization, putTemplate } from './manifest.js';

/**
 * The AppProjects, derived from what the Applications really render: the second pass, over the files of the first. What
 * people put into custom/ and versions/ counts, because it is built with the rest.
 */
export function renderProjects(plan: Plan, files: FileMap, output: Output): void {
  const built = new Map<string, readonly Resource[] | undefined>();
  const tree = treeOf(files);
  const present = (path: string) => projectAt(files, path);
  const build = (dir: string): readonly Resource[] => {
    if (!built.has(dir)) built.set(dir, buildOne(tree, dir, output));
    return built.get(dir) ?? [];
  };
  for (const instance of plan.instances) renderInstanceProjects(plan, instance, build, present, output);
}

type BuildDir = (dir: string) => readonly Resource[];

type Present = (path: string) => Permits;

function projectAt(files: FileMap, path: string): Permits {
  const text = textAt(files, path);
  const value = text === undefined ? undefined : readYaml(path, text, () => {})[0]?.value;
  const spec = isObject(value) ? value['spec'] : undefined;
  if (!isObject(spec)) return together([]);
  const objects = (key: string) => (Array.isArray(spec[key]) ? spec[key].filter(isObject) : []);
  return {
    clusterKinds: objects('clusterResourceWhitelist'),
    namespaceKinds: objects('namespaceResourceWhitelist'),
    destinations: objects('destinations'),
  };
}

/**
 * A pinned release runs what an earlier commit rendered, and Argo CD refuses its whole sync where the project permits less
 * than that. So what the project permitted stays until a promotion says that the release is what is rendered now.
 */
function keepsEarlier(releases: readonly ReleasePlan[]): boolean {
  return releases.some(({ parent }) => parent.pinned && parent.revision !== undefined && !parent.moved);
}

/**
 * What the children of a parent deploy in one state of the repository, as an AppProject permits it. A promotion asks it for the commit
 * that it moves to, which is not always what is rendered now, and for the one before, whose objects are pruned under the same
 * project (gitops-engine asks for permission for every prune task too).
 *
 * @param path The folder of parent.yaml.
 * @param prefix The folder of the project inside the repository; '' at the root.
 */
export function permitsOf(tree: Tree, path: string, prefix: string): Permits {
  const below = prefix === '' ? '' : `${prefix}/`;
  const children = built(tree, `${path}/children`).filter(({ value }) => value['kind'] === 'Application');
  return together(
    children.map(({ value }): Permits => {
      const spec = isObject(value['spec']) ? value['spec'] : {};
      const source = isObject(spec['source']) ? String(spec['source']['path'] ?? '') : '';
      const kinds = kindsOf(source.startsWith(below) ? built(tree, source.slice(below.length)) : []);
      const destination = isObject(spec['destination']) ? [spec['destination']] : [];
      return { clusterKinds: kinds.cluster, namespaceKinds: kinds.namespaced, destinations: destination };
    }),
  );
}

function together(all: readonly Permits[]): Permits {
  return {
    clusterKinds: all.flatMap((each) => each.clusterKinds),
    namespaceKinds: all.flatMap((each) => each.namespaceKinds),
    destinations: all.flatMap((each) => each.destinations),
  };
}

/** An earlier state is judged where it is released; here it only says what it deploys. */
function built(tree: Tree, dir: string): readonly Resource[] {
  return tree.files.has(`${dir}/kustomization.yaml`) ? buildKustomization(tree, dir, () => {}).resources : [];
}

function buildOne(tree: Tree, dir: string, output: Output): readonly Resource[] | undefined {
  if (!tree.files.has(`${dir}/kustomization.yaml`)) return undefined;
  // Warnings are the checker's business; what cannot be built has no project.
  const result = buildKustomization(tree, dir, (problem) => {
    if (problem.severity === 'error') output.onProblem(problem);
  });
  return result.ok ? result.resources : undefined;
}

function renderInstanceProjects(
  plan: Plan,
  instance: InstancePlan,
  build: BuildDir,
  present: Present,
  output: Output,
): void {
  const folder = `argocd/projects/${instance.name}`;
  const projects = new Map<string, FamilyPlan>();
  for (const family of plan.families) {
    for (const release of family.releases)
      if (release.instance === instance.name) projects.set(release.project, family);
  }
  renderPlatformProject(plan, instance, build, output, folder);
  for (const [name, family] of projects)
    renderFamilyProject(plan, instance, name, family, build, present, output, folder);
  putKustomization(output, folder, plan.project.file, 'Kustomization', {
    resources: ['platform.yaml', ...[...projects.keys()].sort().map((name) => `${name}.yaml`)],
  });
}

function renderFamilyProject(
  plan: Plan,
  instance: InstancePlan,
  name: string,
  family: FamilyPlan,
  build: BuildDir,
  present: Present,
  output: Output,
  folder: string,
): void {
  const releases = family.releases.filter((release) => release.project === name && release.instance === instance.name);
  const environment = releases[0]?.environment ?? '';
  const deployments = family.models.flatMap((model) =>
    model.deployments.filter((deployment) =>
      releases.some(
        (release) => release.environment === deployment.environment && release.cluster === deployment.cluster,
      ),
    ),
  );
  const kinds = kindsOf(deployments.flatMap((deployment) => build(deployment.overlay)));
  const earlier = together([
    ...(keepsEarlier(releases) ? [present(`${folder}/${name}.yaml`)] : []),
    ...releases.flatMap(({ parent }) => parent.permits ?? []),
  ]);
  const destinations = deployments.flatMap((deployment): JsonObject[] => {
    const cluster = plan.clusters.find((each) => each.name === deployment.cluster);
    return cluster === undefined ? [] : [{ ...destinationOf(cluster), namespace: deployment.namespace }];
  });
  putTemplate(output, `${folder}/${name}.yaml`, family.file, projectTemplate, {
    name,
    namespace: instance.namespace,
    description: `${family.name} in ${environment}`,
    sourceRepos: [plan.project.repositoryUrl],
    destinations: distinct([...earlier.destinations, ...destinations]),
    clusterKinds: distinct([...earlier.clusterKinds, ...kinds.cluster]),
    namespaceKinds: distinct([...earlier.namespaceKinds, ...kinds.namespaced]),
    roles: [
      ...(rolesOf(plan, name, environment, []) as readonly Json[]),
      ...(releases.some(({ workflow }) => workflow !== undefined) ? [rolloutRole(name)] : []),
    ],
  });
}

function renderPlatformProject(
  plan: Plan,
  instance: InstancePlan,
  build: BuildDir,
  output: Output,
  folder: string,
): void {
  const own: JsonObject = { ...ownDestination, namespace: instance.namespace };
  const clusters = plan.clusters.filter((cluster) => cluster.instance === instance.name && hasPlatform(cluster));
  const resources = clusters.flatMap((cluster) => build(`clusters/${cluster.name}`));
  const destinations = clusters.flatMap((cluster) => {
    const namespaces = new Set(
      build(`clusters/${cluster.name}`)
        .map(namespaceOf)
        .filter((namespace) => namespace !== undefined),
    );
    namespaces.add(cluster.namespaces[0]?.name ?? 'default');
    return [...namespaces].sort().map((namespace) => ({ ...destinationOf(cluster), namespace }));
  });
  const kinds = kindsOf(resources);
  const argo = ['Application', 'AppProject'].map((kind) => ({ group: 'argoproj.io', kind }));
  putTemplate(output, `${folder}/platform.yaml`, plan.project.file, projectTemplate, {
    name: platformProject,
    namespace: instance.namespace,
    description: 'The root, the parents of families, and what clusters need before models run',
    sourceRepos: [plan.project.repositoryUrl],
    destinations: distinct([own, ...destinations]),
    clusterKinds: distinct(kinds.cluster),
    namespaceKinds: distinct([...argo, ...kinds.namespaced]),
    roles: rolesOf(plan, platformProject, undefined, parentsOf(plan, instance)),
  });
}

function parentsOf(plan: Plan, instance: InstancePlan): readonly { environment: string; name: string }[] {
  return plan.families.flatMap((family) =>
    family.releases
      .filter((release) => release.instance === instance.name)
      .map((release) => ({ environment: release.environment, name: release.parent.name })),
  );
}

/** Group and kind of everything that is rendered; what has a namespace after the build is namespaced. */
function kindsOf(resources: readonly Resource[]): {
  cluster: readonly JsonObject[];
  namespaced: readonly JsonObject[];
} {
  const cluster: JsonObject[] = [];
  const namespaced: JsonObject[] = [];
  for (const { value } of resources) {
    const version = String(value['apiVersion'] ?? '');
    const entry = {
      group: version.includes('/') ? version.slice(0, version.indexOf('/')) : '',
      kind: String(value['kind'] ?? ''),
    };
    (namespaceOf({ value }) === undefined ? cluster : namespaced).push(entry);
  }
  return { cluster, namespaced };
}

function namespaceOf({ value }: Pick<Resource, 'value'>): string | undefined {
  const metadata = value['metadata'];
  const namespace = isObject(metadata) ? metadata['namespace'] : undefined;
  return typeof namespace === 'string' ? namespace : undefined;
}

/**
 * Roles as policies that Argo CD accepts: five fields, the object is `<project>/<application>`. Whoever may sync an environment
 * may sync its parents too, because syncing a child alone would pass the waves by.
 */
function rolesOf(
  plan: Plan,
  project: string,
  environment: string | undefined,
  parents: readonly { environment: string; name: string }[],
): Json {
  return plan.project.roles.map((role) => {
    const subject = `proj:${project}:${role.name}`;
    const allow = (action: string, object: string) =>
      `p, ${subject}, applications, ${action}, ${project}/${object}, allow`;
    const policies = role.fullAccess ? [allow('*', '*')] : [allow('get', '*')];
    if (!role.fullAccess && environment !== undefined && role.sync.includes(environment))
      policies.push(allow('sync', '*'));
    if (!role.fullAccess) {
      policies.push(
        ...parents
          .filter((parent) => role.sync.includes(parent.environment))
          .map((parent) => allow('sync', parent.name)),
      );
    }
    return { name: role.name, description: role.description, policies, groups: role.groups };
  });
}

/** What the steps of a workflow may do: look, and sync. Its token: `argocd proj role create-token <project> rollout`. */
function rolloutRole(project: string): Json {
  const allow = (action: string) => `p, proj:${project}:rollout, applications, ${action}, ${project}/*, allow`;
  return {
    name: 'rollout',
    description: 'The workflow that leads releases: may read and sync',
    policies: [allow('get'), allow('sync')],
  };
}

/** Sorted, without repetition. */
function distinct(items: readonly JsonObject[]): Json {
  const found = new Map(items.map((item) => [JSON.stringify(item), item]));
  return [...found].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item);
}
