import type { Build } from '../build/resource.js';
import type { OnProblem, Problem } from '../diagnostics/diagnostic.js';
import type { Tree } from '../files/file-map.js';
import { dirname } from '../files/path.js';
import type { SpecSet } from '../spec/spec-set.js';
import { type Expansion, isApplicationSet, setClusters } from './application-sets.js';
import { isApplication, isPin } from './applications.js';
import { asideOf } from './aside.js';
import { type ClusterRegistry, clusterOfSecret, clusterRegistry } from './clusters.js';
import { type Discovery, discover, isWithin, rootsIn } from './discover.js';
import { Follower, hidesApplications, unitsOf } from './follow.js';
import { type InventoryCluster, instanceNames, inventoryOf } from './inventory.js';
import type { Application, AppProject, Counts, Deployed, KubeObject, Unchecked, Unit } from './model.js';
import { withoutParts } from './parts.js';
import { type KnownScope, type ScopeOf, scopesOf } from './scopes.js';
import { type ArgoCdSettings, settingsOf } from './settings.js';
import { type Revision, Units } from './units.js';
import { whereabouts } from './whereabouts.js';

export interface ReadOptions {
  /** Judge only what lies in these folders (relative to the root); Applications are followed wherever they lead. */
  readonly dirs?: readonly string[];
  readonly specs?: SpecSet;
  /** `major.minor` or longer. */
  readonly argocdVersion: string;
  readonly kubernetesVersion: string;
  /** Addresses of this repository that the edge knows (git remotes). The Project's own is added. */
  readonly repositoryUrls?: readonly string[];
  /** The branch that is checked out, or that a pull request goes into. */
  readonly branch?: string;
  /** The tree of a pinned revision, from the history at hand. */
  readonly treeAt?: (revision: string) => Tree | undefined;
  /** Names of all tags, for revisions that are constraints over versions; undefined where not all are at hand. */
  readonly tags?: () => readonly string[] | undefined;
  /**
   * Take sources that pin a state of this repository as if their pins had moved on to this tree: what is judged then is what the next
   * promotion brings.
   */
  readonly ahead?: boolean;
  readonly build: Build;
  /** Scopes of custom kinds that are known without their definition. */
  readonly knownScope?: KnownScope;
}

/** The index that rules read. Everything is worked out once. */
export interface Repository {
  readonly tree: Tree;
  /** The folders that were asked for, where not all of the tree is judged. */
  readonly dirs?: readonly string[];
  readonly specs: SpecSet | undefined;
  readonly argocdVersion: string;
  readonly kubernetesVersion: string;
  readonly discovery: Discovery;
  /** What is judged: what Applications deploy, and what lies there and no Application deploys. */
  readonly units: readonly Unit[];
  /** Each object of the units once. */
  readonly objects: readonly KubeObject[];
  /** Objects in their places; an object stands here once per place. */
  readonly deployed: readonly Deployed[];
  /** What builds that failed would have contained: looked up, never judged. */
  readonly aside: readonly Deployed[];
  readonly applications: readonly Application[];
  readonly applicationSets: readonly KubeObject[];
  /** What each ApplicationSet makes, as far as it can be said here. */
  readonly expansions: ReadonlyMap<KubeObject, Expansion>;
  /** Whether an Application pins a state of this repository, so that this tree is not all that is deployed. */
  readonly hasPins: boolean;
  /** Whether an ApplicationSet could not be expanded whole, or Applications come from where nothing is seen: then nobody here knows all that is deployed. */
  readonly hasUnknownApplications: boolean;
  /** By name; of two with one name the first. */
  readonly projects: ReadonlyMap<string, AppProject>;
  readonly clusters: ClusterRegistry;
  /** The clusters that people declared. */
  readonly inventory: readonly InventoryCluster[];
  readonly scopeOf: ScopeOf;
  readonly argocd: ArgoCdSettings;
  /** Places by kind and name: `group/Kind/name`. */
  readonly byName: ReadonlyMap<string, readonly Deployed[]>;
  /** Places by kind: `group/Kind`. */
  readonly byKind: ReadonlyMap<string, readonly Deployed[]>;
  readonly checked: Counts;
  readonly unchecked: readonly Unchecked[];
}

/** Reads a repository into the index. Problems of files and builds go to `onProblem`. */
export function readRepository(tree: Tree, options: ReadOptions, onProblem: OnProblem): Repository {
  const discovery = discover(tree, options.dirs);
  const here: Revision = { id: '', tree };
  const loose = discovery.loose.filter((path) => isWithin(path, options.dirs));
  const roots = rootsIn(discovery, options.dirs);
  const { units, rootUnits, looseObjects } = underSettings(options, onProblem, (made) => ({
    units: made,
    looseObjects: loose.flatMap((path) => made.objectsIn(here, path)),
    rootUnits: roots.map((dir) => made.kustomization(here, dir)),
  }));
  const candidates = [...looseObjects, ...rootUnits.flatMap((unit) => unit.objects)];

  const inventory = inventoryOf(options.specs);
  const registry = clustersOf(candidates, inventory);
  const where = whereabouts(tree, candidates, options);
  const follow = new Follower(units, where, registry, instanceNames(options.specs), setClusters(candidates, inventory));
  for (const object of looseObjects) follow.add(object);
  follow.roots(rootUnits, candidates);
  follow.run();
  units.settle();

  const undeployed = undeployedUnits(rootUnits, loose, follow.applications, units, here);
  const judged = [...new Set([...follow.applications.flatMap((each) => unitsOf(each)), ...undeployed])];
  const objects = [...new Set(judged.flatMap((unit) => unit.objects))];
  const ours = judged.filter((unit) => unit.kind === 'kustomization' && unit.revision === '');
  const failed = ours.filter((unit) => !unit.ok);
  const whole = new Set(ours.filter((unit) => unit.ok).map((unit) => unit.dir));
  const lost = asideOf(here, discovery, failed, whole, options.build);
  const argocd = settingsOf(installed(objects, options.specs), options.argocdVersion);
  const scopeOf = scopesOf([...lost.map((each) => each.object), ...objects], options.knownScope);
  const applications = withPlaces(follow.applications, scopeOf);
  const deployed = [
    ...applications.flatMap((each) => each.deployed),
    ...undeployed.flatMap((unit) => unit.objects.map((object) => placeWithout(object, unit, scopeOf))),
  ];
  return {
    tree,
    ...(options.dirs === undefined ? {} : { dirs: options.dirs }),
    specs: options.specs,
    argocdVersion: options.argocdVersion,
    kubernetesVersion: options.kubernetesVersion,
    discovery,
    units: judged,
    objects,
    deployed,
    aside: lost.map(({ object, unit }) => placeWithout(object, unit, scopeOf)),
    applications,
    applicationSets: objects.filter(isApplicationSet),
    expansions: follow.expansions,
    hasPins: applications.some((each) =>
      each.sources.some(({ here, targetRevision }) => here && isPin(targetRevision)),
    ),
    hasUnknownApplications: follow.unchecked.length > 0 || applications.some((each) => hidesApplications(each, where)),
    projects: projectsOf(objects),
    clusters: registry,
    inventory,
    scopeOf,
    argocd,
    byName: grouped(deployed, (each) => `${each.object.group}/${each.object.kind}/${each.object.name}`),
    byKind: grouped(deployed, (each) => `${each.object.group}/${each.object.kind}`),
    checked: {
      files: units.inputs.size,
      kustomizations: new Set(judged.filter((unit) => unit.kind === 'kustomization').map((unit) => unit.dir)).size,
      resources: objects.length,
      applications: applications.length,
    },
    unchecked: [
      ...discovery.unchecked,
      ...units.unchecked,
      ...follow.unchecked,
      ...uncheckedSources(applications),
      ...uncheckedOptions(argocd),
    ],
  };
}

interface Begun {
  readonly units: Units;
  readonly rootUnits: readonly Unit[];
  readonly looseObjects: readonly KubeObject[];
}

/**
 * What lies in the tree, built as the argocd-cm among it says. Kustomizations are built without options first, to find argocd-cm;
 * where it has some, what was said of that first build is void.
 */
function underSettings(options: ReadOptions, onProblem: OnProblem, begin: (units: Units) => Begun): Begun {
  const said: Problem[] = [];
  let report: OnProblem = (problem) => said.push(problem);
  const first = begin(new Units(options.build, (problem) => report(problem)));
  const objects = [...first.looseObjects, ...first.rootUnits.flatMap((unit) => unit.objects)];
  const { kustomize } = settingsOf(installed(objects, options.specs), options.argocdVersion);
  const versions = [undefined, ...kustomize.versions];
  if (versions.every((version) => Object.keys(kustomize.optionsOf(version)).length === 0)) {
    report = onProblem;
    for (const problem of said) onProblem(problem);
    return first;
  }
  return begin(new Units(options.build, onProblem, (version) => kustomize.optionsOf(version)));
}

/**
 * The objects without the proposals for argocd-cm that this tool renders: unless the project says that a kustomization takes them
 * up, nothing applies them, and whether Argo CD has them is not known here.
 */
function installed(objects: readonly KubeObject[], specs: SpecSet | undefined): readonly KubeObject[] {
  const project = specs?.project?.value.spec;
  if (project === undefined) return objects;
  const owners = new Map((project.argocd?.instances ?? []).map((each) => [each.name, each.configOwner ?? 'none']));
  return objects.filter(({ resource }) => {
    const instance = /^infrastructure\/argocd\/([^/]+)\/argocd(?:-cm)?\.yaml$/.exec(resource.origin.file)?.[1];
    return instance === undefined || owners.get(instance) === 'kustomize';
  });
}

function clustersOf(objects: readonly KubeObject[], inventory: readonly InventoryCluster[]): ClusterRegistry {
  const declared = inventory.map(({ server, destinationName }) => ({ server, name: destinationName }));
  return clusterRegistry(
    [...declared, ...objects.flatMap((each) => clusterOfSecret(each) ?? [])],
    inventory.length > 0,
  );
}

/** Root kustomizations and folders of plain manifests that no Application deploys from the tree as it is. */
function undeployedUnits(
  rootUnits: readonly Unit[],
  loose: readonly string[],
  applications: readonly Application[],
  units: Units,
  here: Revision,
): Unit[] {
  const live = applications.flatMap(unitsOf).filter((unit) => unit.revision === '');
  const folders = new Set(live.filter((unit) => unit.kind === 'kustomization').map((unit) => unit.dir));
  const taken = new Set(live.filter((unit) => unit.kind === 'manifests').flatMap((unit) => unit.objects));
  const byFolder = grouped(loose, dirname);
  const lying = [...byFolder].flatMap(([dir, paths]) => {
    const rest = paths.filter((path) => units.objectsIn(here, path).some((object) => !taken.has(object)));
    if (rest.length === 0) return [];
    return [withoutParts(units.manifests(here, dir, rest, 'lying'), here.tree, units.unchecked)];
  });
  return [...rootUnits.filter((unit) => !folders.has(unit.dir)), ...lying];
}

/** Gives every Application what it deploys and who deploys it. */
function withPlaces(applications: readonly Application[], scopeOf: ScopeOf): Application[] {
  const made = applications.map((application) => ({
    ...application,
    deployed: [] as Deployed[],
    parents: [] as Application[],
  }));
  const byOrigin = new Map(made.map((application) => [originKey(application.object), application]));
  for (const application of made) {
    for (const unit of new Set(unitsOf(application))) {
      for (const object of unit.objects) {
        const { cluster } = application;
        const namespace =
          scopeOf(object.group, object.kind) === 'Cluster'
            ? ''
            : (object.namespace ?? application.destination.namespace);
        application.deployed.push({ object, unit, application, cluster, namespace });
        const child = isApplication(object) ? byOrigin.get(originKey(object)) : undefined;
        if (child !== undefined && !child.parents.includes(application)) child.parents.push(application);
      }
    }
  }
  return made;
}

function originKey(object: KubeObject): string {
  const { file, document, pointer } = object.resource.origin;
  return [file, document ?? 0, pointer ?? '', object.namespace ?? '', object.name].join('\n');
}

function placeWithout(object: KubeObject, unit: Unit, scopeOf: ScopeOf): Deployed {
  const namespace = scopeOf(object.group, object.kind) === 'Cluster' ? '' : object.namespace;
  return { object, unit, application: undefined, cluster: '', namespace };
}

function projectsOf(objects: readonly KubeObject[]): ReadonlyMap<string, AppProject> {
  const projects = new Map<string, AppProject>();
  for (const object of objects) {
    if (object.kind !== 'AppProject' || object.group !== 'argoproj.io' || projects.has(object.name)) continue;
    const spec = object.value['spec'];
    projects.set(object.name, {
      object,
      name: object.name,
      spec: typeof spec === 'object' && spec !== null && !Array.isArray(spec) ? (spec as AppProject['spec']) : {},
    });
  }
  return projects;
}

/** Options of Kustomize that Argo CD is given and that could change what every kustomization renders. */
function uncheckedOptions({ kustomize }: ArgoCdSettings): Unchecked[] {
  return kustomize.unknown.map(({ option, key, source }) => ({
    what: `${key} of argocd-cm`,
    file: source.object.resource.origin.file,
    reason: `the effect of ${option} is not known here`,
  }));
}

function uncheckedSources(applications: readonly Application[]): Unchecked[] {
  return applications.flatMap((application) =>
    application.sources.flatMap((source) => {
      const reason =
        source.state === 'unchecked'
          ? (source.reason ?? '')
          : source.unit?.kind === 'manifests' && !source.unit.complete
            ? 'its folder holds Jsonnet, which nothing here evaluates'
            : undefined;
      if (reason === undefined) return [];
      return [{ what: `Application ${application.name}`, file: application.object.resource.origin.file, reason }];
    }),
  );
}

function grouped<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const out = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const list = out.get(key);
    if (list === undefined) out.set(key, [item]);
    else list.push(item);
  }
  return out;
}
