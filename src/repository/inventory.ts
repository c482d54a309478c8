import type { Located, SpecSet } from '../spec/spec-set.js';
import type { ArgoCdInstance, ClusterConfig } from '../spec/types.generated.js';
import { type ClusterRegistry, inCluster } from './clusters.js';

/** A cluster with its inventory, and what of the project lives there. */
export interface InventoryCluster {
  readonly name: string;
  readonly config: Located<ClusterConfig>;
  /** The destination under which Argo CD knows it. */
  readonly server: string | undefined;
  readonly destinationName: string | undefined;
  /** The Argo CD instance that runs in it, where one does. */
  readonly ownInstance: string | undefined;
  /** Environments of the project, in order of promotion. */
  readonly environments: readonly string[];
}

/** The clusters that people declared, with the destinations that the project gives them. */
export function inventoryOf(specs: SpecSet | undefined): readonly InventoryCluster[] {
  if (specs === undefined) return [];
  const environments = specs.project?.value.spec.environments ?? [];
  const used = [...new Set(environments.flatMap((each) => each.clusters ?? [each.name]))];
  const home = homesOf(specs.project?.value.spec.argocd?.instances, used);
  return specs.clusters.map((config) => {
    const { name } = config.value.metadata;
    const stated = config.value.spec.destination;
    const ownInstance = [...home].find(([, cluster]) => cluster === name)?.[0];
    const isHome = stated === undefined && ownInstance !== undefined;
    return {
      name,
      config,
      server: isHome ? inCluster.server : stated?.server,
      destinationName: stated === undefined && !isHome ? name : stated?.name,
      ownInstance,
      environments: environments
        .filter((each) => (each.clusters ?? [each.name]).includes(name))
        .map((each) => each.name),
    };
  });
}

/** Instance → the cluster that it runs in: as stated, the first cluster for the default instance, or the only one it manages. */
function homesOf(
  instances: readonly ArgoCdInstance[] | undefined,
  used: readonly string[],
): ReadonlyMap<string, string> {
  const declared = instances ?? [{ name: 'argocd', ...(used[0] === undefined ? {} : { cluster: used[0] }) }];
  const claimed = new Set(declared.flatMap((each) => each.manages ?? []));
  const homes = new Map<string, string>();
  for (const instance of declared) {
    const manages = instance.manages ?? used.filter((name) => !claimed.has(name));
    const cluster = instance.cluster ?? (manages.length === 1 ? manages[0] : undefined);
    if (cluster !== undefined) homes.set(instance.name, cluster);
  }
  return homes;
}

/**
 * The identity of a destination. Where several Argo CD instances are declared, the cluster that an instance runs in bears
 * the instance's name too: each of them calls its own cluster by the same address.
 */
export function clusterKey(
  registry: ClusterRegistry,
  destination: { readonly server: string | undefined; readonly name: string | undefined },
  instance: string | undefined,
): string {
  const key = registry.key(destination);
  return instance !== undefined && key === inCluster.server ? `${key}#${instance}` : key;
}

/** The declared clusters that an identity can mean: one, or several where nobody says which instance is asked. */
export function clustersMeant(
  inventory: readonly InventoryCluster[],
  registry: ClusterRegistry,
  key: string,
): readonly InventoryCluster[] {
  if (key === '') return inventory;
  const [address, instance] = key.split('#') as [string, string | undefined];
  return inventory.filter((each) => {
    if (registry.key({ server: each.server, name: each.destinationName }) !== address) return false;
    return instance === undefined || each.ownInstance === instance;
  });
}

/** Names that tell instances apart: none where there is one, whose own cluster is the only one called in-cluster. */
export function instanceNames(specs: SpecSet | undefined): ReadonlySet<string> {
  const instances = specs?.project?.value.spec.argocd?.instances ?? [];
  return new Set(instances.length > 1 ? instances.map((each) => each.name) : []);
}
