import type { OnProblem } from '../diagnostics/diagnostic.js';
import type { Located } from '../spec/spec-set.js';
import type { ArgoCdInstance, ClusterConfig, Project } from '../spec/types.generated.js';
import type { PlanInput } from './input.js';
import { slug } from './names.js';
import type { CiPlan, Destination, EnvironmentPlan, InstancePlan, ProjectPlan, RolePlan } from './plan.js';

const inCluster = 'https://kubernetes.default.svc';

/** Which environments there are, on which clusters, and which Argo CD deploys to each. */
export interface Topology {
  readonly project: ProjectPlan;
  readonly environments: readonly EnvironmentPlan[];
  readonly instances: readonly InstancePlan[];
  readonly clusters: ReadonlyMap<string, ClusterSite>;
}

export interface ClusterSite {
  readonly config: Located<ClusterConfig>;
  readonly instance: InstancePlan;
  readonly destination: Destination;
  readonly kubernetesVersion: string;
}

/** Resolves what the project says; undefined where it does not hold together (reported). */
export function topologyOf(input: PlanInput, project: Located<Project>, onProblem: OnProblem): Topology {
  const environments = environmentsOf(project.value);
  const configs = new Map(input.specs.clusters.map((cluster) => [cluster.value.metadata.name, cluster]));
  const used = [...new Set(environments.flatMap((environment) => environment.clusters))];
  const instances = instancesOf(input, project.value, used, configs);
  const clusters = new Map<string, ClusterSite>();
  for (const name of used) {
    const config = configs.get(name);
    const instance = instances.find((each) => each.manages.includes(name));
    if (config === undefined) continue;
    if (instance === undefined) {
      onProblem({
        ruleId: 'cluster-without-argocd',
        severity: 'error',
        message: `no Argo CD instance manages cluster "${name}"`,
        at: project.place('/spec/argocd/instances'),
        hint: `add "${name}" to \`manages\` of one instance`,
      });
      continue;
    }
    clusters.set(name, {
      config,
      instance,
      destination: destinationOf(config.value, instance),
      kubernetesVersion:
        config.value.spec.kubernetesVersion ??
        project.value.spec.kubernetesVersion ??
        input.defaults.kubernetes.version,
    });
  }
  return { project: projectOf(input, project, environments), environments, instances, clusters };
}

function environmentsOf(project: Project): readonly EnvironmentPlan[] {
  return project.spec.environments.map((environment, index, all) => {
    const previous = all[index - 1]?.name;
    return {
      name: environment.name,
      slug: slug(environment.name),
      clusters: environment.clusters ?? [environment.name],
      follow: environment.follow ?? (index === 0 ? 'branch' : 'pinned'),
      ...(previous === undefined ? {} : { previous }),
    };
  });
}

/**
 * Left out, there is one instance: it runs in the first cluster and manages all. An instance that names no cluster runs in
 * the one it manages, or in one of its own that is not described here.
 */
function instancesOf(
  input: PlanInput,
  project: Project,
  used: readonly string[],
  configs: ReadonlyMap<string, Located<ClusterConfig>>,
): readonly InstancePlan[] {
  const declared: readonly ArgoCdInstance[] = project.spec.argocd?.instances ?? [
    { name: 'argocd', ...(used[0] === undefined ? {} : { cluster: used[0] }) },
  ];
  const claimed = new Set(declared.flatMap((instance) => instance.manages ?? []));
  return declared.map((instance) => {
    const manages = instance.manages ?? used.filter((name) => !claimed.has(name));
    const cluster = instance.cluster ?? (manages.length === 1 ? manages[0] : undefined);
    return {
      name: instance.name,
      slug: slug(instance.name),
      namespace: instance.namespace ?? 'argocd',
      ...(cluster !== undefined && configs.has(cluster) ? { cluster } : {}),
      manages: used.filter((name) => manages.includes(name)),
      version: instance.version ?? input.defaults.argocd.version,
      configOwner: instance.configOwner ?? 'none',
    };
  });
}

/** The cluster that an Argo CD runs in has a fixed address there; others are known by the name they were registered with. */
function destinationOf(cluster: ClusterConfig, instance: InstancePlan): Destination {
  if (cluster.spec.destination !== undefined) return cluster.spec.destination;
  return instance.cluster === cluster.metadata.name ? { server: inCluster } : { name: cluster.metadata.name };
}

/** Where the Applications and AppProjects themselves live: beside the Argo CD that reads them. */
export const ownDestination: Destination = { server: inCluster };

function projectOf(input: PlanInput, located: Located<Project>, environments: readonly EnvironmentPlan[]): ProjectPlan {
  const { metadata, spec } = located.value;
  const path = (spec.repository.path ?? '.').replaceAll(/^\.?\/+|\/+$|^\.$/g, '');
  return {
    name: metadata.name,
    file: located.file,
    repositoryUrl: spec.repository.url,
    branch: spec.repository.branch ?? 'main',
    path,
    roles: rolesOf(located.value, environments),
    owners: { default: spec.owners?.default ?? [], paths: spec.owners?.paths ?? {} },
    ci: ciOf(input, spec.ci?.uses),
  };
}

function rolesOf(project: Project, environments: readonly EnvironmentPlan[]): readonly RolePlan[] {
  const early = environments.slice(0, -1).map((environment) => environment.name);
  const declared = project.spec.argocd?.roles ?? [
    { name: 'ml-engineers', groups: ['ml-engineers'], sync: early },
    { name: 'sre-team', groups: ['sre-team'], fullAccess: true },
  ];
  return declared.map((role) => {
    const fullAccess = role.fullAccess ?? false;
    const sync = role.sync ?? [];
    return {
      name: role.name,
      description: fullAccess
        ? 'May do everything with these Applications'
        : sync.length > 0
          ? `May read everywhere and sync in ${sync.join(', ')}`
          : 'May read',
      groups: role.groups,
      sync,
      fullAccess,
    };
  });
}

function ciOf(input: PlanInput, uses: string | undefined): CiPlan {
  const { actions } = input.defaults;
  return {
    ...(uses === undefined ? {} : { uses }),
    toolVersion: input.toolVersion,
    checkout: { uses: actions.checkout.uses, version: actions.checkout.version },
    setupNode: { uses: actions['setup-node'].uses, version: actions['setup-node'].version },
    node: actions.node,
  };
}
