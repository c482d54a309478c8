import type { Build } from '../build/resource.js';
import { stringAt } from '../capacity/read.js';
import type { OnProblem } from '../diagnostics/diagnostic.js';
import type { Tree } from '../files/file-map.js';
import { dirname } from '../files/path.js';
import type { SpecSet } from '../spec/spec-set.js';
import {
  destinationOf,
  folderExists,
  isApplication,
  resolveSources,
  sourcesOf,
  type Whereabouts,
} from './applications.js';
import { type ClusterRegistry, clusterOfSecret, clusterRegistry } from './clusters.js';
import { type Discovery, discover, isWithin, rootsOf } from './discover.js';
import { sameRepositoryKey } from './git-url.js';
import { clusterKey, type InventoryCluster, inventoryOf } from './inventory.js';
import type { Application, AppProject, Counts, Deployed, KubeObject, Unchecked, Unit } from './model.js';
import { type KnownScope, type ScopeOf, scopesOf } from './scopes.js';
import { type ArgoCdSettings, settingsOf } from './settings.js';
import { type Revision, Units } from './units.js';

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
  readonly build: Build;
  /** Scopes of custom kinds that are known without their definition. */
  readonly knownScope?: KnownScope;
}

/** The index that rules read. Everything is worked out once. */
export interface Repository {
  readonly tree: Tree;
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
  readonly applications: readonly Application[];
  readonly applicationSets: readonly KubeObject[];
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
  const discovery = discover(tree);
  const units = new Units(options.build, onProblem);
  const here: Revision = { id: '', tree };
  const loose = discovery.loose.filter((path) => isWithin(path, options.dirs));
  const roots = rootsOf(discovery).filter((dir) => isWithin(dir, options.dirs));
  const looseObjects = loose.flatMap((path) => units.objectsIn(here, path));
  const rootUnits = roots.map((dir) => units.kustomization(here, dir));
  const candidates = [...looseObjects, ...rootUnits.flatMap((unit) => unit.objects)];

  const inventory = inventoryOf(options.specs);
  const registry = clustersOf(candidates, inventory);
  const where = whereabouts(tree, candidates.filter(isApplication), options);
  const follow = new Follower(units, where, registry, instanceNames(options.specs));
  for (const object of looseObjects) follow.add(object);
  follow.roots(rootUnits, candidates);
  follow.run();

  const undeployed = undeployedUnits(rootUnits, loose, follow.applications, units, here);
  const judged = [...new Set([...follow.applications.flatMap((each) => unitsOf(each)), ...undeployed])];
  const objects = [...new Set(judged.flatMap((unit) => unit.objects))];
  const scopeOf = scopesOf(objects, options.knownScope);
  const applications = withPlaces(follow.applications, scopeOf);
  const deployed = [
    ...applications.flatMap((each) => each.deployed),
    ...undeployed.flatMap((unit) => unit.objects.map((object) => placeWithout(object, unit, scopeOf))),
  ];
  return {
    tree,
    specs: options.specs,
    argocdVersion: options.argocdVersion,
    kubernetesVersion: options.kubernetesVersion,
    discovery,
    units: judged,
    objects,
    deployed,
    applications,
    applicationSets: objects.filter((each) => each.kind === 'ApplicationSet' && each.group === 'argoproj.io'),
    projects: projectsOf(objects),
    clusters: registry,
    inventory,
    scopeOf,
    argocd: settingsOf(objects),
    byName: grouped(deployed, (each) => `${each.object.group}/${each.object.kind}/${each.object.name}`),
    byKind: grouped(deployed, (each) => `${each.object.group}/${each.object.kind}`),
    checked: {
      files: units.inputs.size,
      kustomizations: new Set(judged.filter((unit) => unit.kind === 'kustomization').map((unit) => unit.dir)).size,
      resources: objects.length,
      applications: applications.length,
    },
    unchecked: [...discovery.unchecked, ...units.unchecked, ...uncheckedSources(applications)],
  };
}

/** Follows Applications to what they deploy, and the Applications among that, to the end. */
class Follower {
  readonly applications: Application[] = [];
  private readonly known = new Set<KubeObject>();
  private readonly identities = new Map<string, KubeObject>();
  private readonly queue: { readonly object: KubeObject; readonly instance: string | undefined }[] = [];
  private waiting: { unit: Unit; claimed: boolean }[] = [];

  constructor(
    private readonly units: Units,
    private readonly where: Whereabouts,
    private readonly registry: ClusterRegistry,
    private readonly instances: ReadonlySet<string>,
  ) {}

  add(object: KubeObject, parent?: Application): void {
    if (!isApplication(object) || this.known.has(object)) return;
    this.known.add(object);
    // The same file can be met twice, as it lies there and as a parent renders it: the first form met stands.
    const { file, document, pointer } = object.resource.origin;
    const identity = [file, document ?? 0, pointer ?? '', object.namespace ?? '', object.name].join('\n');
    if (this.identities.has(identity)) return;
    this.identities.set(identity, object);
    const root = /^argocd\/roots\/([^/]+)\.yaml$/.exec(file)?.[1];
    this.queue.push({ object, instance: root !== undefined && this.instances.has(root) ? root : parent?.instance });
  }

  /** Kustomizations that nobody includes. Those that an Application deploys wait until it does, in its own form. */
  roots(rootUnits: readonly Unit[], candidates: readonly KubeObject[]): void {
    const claimed = new Set(
      candidates
        .filter(isApplication)
        .flatMap((each) => sourcesOf(each.value).map((source) => pathOf(source.value, this.where))),
    );
    this.waiting = rootUnits.map((unit) => ({ unit, claimed: claimed.has(unit.dir) }));
    for (const { unit } of this.waiting.filter((each) => !each.claimed))
      for (const object of unit.objects) this.add(object);
    this.waiting = this.waiting.filter((each) => each.claimed);
  }

  run(): void {
    for (;;) {
      this.drain();
      const done = new Set(this.applications.flatMap((each) => unitsOf(each).map((unit) => unit.dir)));
      const next = this.waiting.find(
        ({ unit }) => !done.has(unit.dir) && unit.objects.some((each) => this.isNew(each)),
      );
      if (next === undefined) return;
      this.waiting = this.waiting.filter((each) => each !== next);
      for (const object of next.unit.objects) this.add(object);
    }
  }

  private isNew(object: KubeObject): boolean {
    return isApplication(object) && !this.known.has(object);
  }

  private drain(): void {
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
      const application = this.follow(next.object, next.instance);
      this.applications.push(application);
      for (const unit of unitsOf(application)) for (const each of unit.objects) this.add(each, application);
    }
  }

  private follow(object: KubeObject, instance: string | undefined): Application {
    const destination = destinationOf(object.value);
    const sources = resolveSources(object, this.units, this.where);
    return {
      object,
      name: object.name,
      namespace: object.namespace,
      project: stringAt(object.value, 'spec', 'project') || 'default',
      destination,
      cluster: clusterKey(this.registry, destination, instance),
      instance,
      sources,
      deployed: [],
      complete: sources.every((source) => source.state === 'built' && source.unit?.complete !== false),
      parents: [],
    };
  }
}

/** Names that tell instances apart: none where there is one, whose own cluster is the only one called in-cluster. */
function instanceNames(specs: SpecSet | undefined): ReadonlySet<string> {
  const instances = specs?.project?.value.spec.argocd?.instances ?? [];
  return new Set(instances.length > 1 ? instances.map((each) => each.name) : []);
}

function unitsOf(application: Application): Unit[] {
  return application.sources.flatMap((source) => source.unit ?? []);
}

/** The folder of a source in the tree, where it is this repository's. */
function pathOf(source: { readonly [key: string]: unknown }, where: Whereabouts): string | undefined {
  const { path, repoURL } = source;
  if (typeof path !== 'string' || typeof repoURL !== 'string') return undefined;
  if (!where.here.has(sameRepositoryKey(repoURL))) return undefined;
  return where.folder(path);
}

function whereabouts(tree: Tree, applications: readonly KubeObject[], options: ReadOptions): Whereabouts {
  const project = options.specs?.project?.value.spec.repository;
  const prefix = (project?.path ?? '').replace(/^\.?\/+|\/+$/g, '');
  const sources = applications.flatMap((each) => sourcesOf(each.value).map((source) => source.value));
  const stated = [...(options.repositoryUrls ?? []), ...(project ? [project.url] : [])].map(sameRepositoryKey);
  const here = new Set(stated.filter((key) => key !== ''));
  const keys = sources.map((source) => sameRepositoryKey(stringAt(source, 'repoURL') ?? ''));
  const folder = (path: string) => inTree(path, prefix);
  if (!keys.some((key) => here.has(key))) {
    // Nobody says, or the clone is a fork: it is the address most of whose paths exist here.
    const votes = new Map<string, number>();
    for (const [index, source] of sources.entries()) {
      const dir = folder(stringAt(source, 'path') ?? '\u0000');
      const key = keys[index] ?? '';
      if (key !== '' && dir !== undefined && folderExists(tree, dir)) votes.set(key, (votes.get(key) ?? 0) + 1);
    }
    const winner = [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0];
    if (winner !== undefined) here.add(winner[0]);
  }
  const own = sources.filter((_, index) => here.has(keys[index] ?? ''));
  return {
    here,
    branches: branchesOf(
      own.map((source) => stringAt(source, 'targetRevision') ?? ''),
      options,
    ),
    tree,
    folder,
    treeAt: options.treeAt,
  };
}

/** The branches that this tree is the next state of: the stated ones, else the one that most Applications follow. */
function branchesOf(revisions: readonly string[], options: ReadOptions): ReadonlySet<string> {
  const branch = options.specs?.project?.value.spec.repository.branch;
  const stated = [branch, options.branch].filter((each) => each !== undefined);
  if (stated.length > 0 && revisions.some((each) => stated.includes(each))) return new Set(stated);
  const votes = new Map<string, number>();
  for (const revision of revisions) {
    if (/^[0-9a-f]{40}$|^v?\d|^$|^HEAD$/.test(revision)) continue;
    votes.set(revision, (votes.get(revision) ?? 0) + 1);
  }
  const winner = [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0];
  return new Set([...stated, ...(winner === undefined ? [] : [winner[0]])]);
}

function inTree(path: string, prefix: string): string | undefined {
  const clean = path.replace(/^\.\//, '').replace(/\/+$/, '');
  const whole = clean === '.' ? '' : clean;
  if (prefix === '') return whole;
  if (whole === prefix) return '';
  return whole.startsWith(`${prefix}/`) ? whole.slice(prefix.length + 1) : undefined;
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
    return rest.length === 0 ? [] : [units.manifests(here, dir, rest, 'lying')];
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

function uncheckedSources(applications: readonly Application[]): Unchecked[] {
  return applications.flatMap((application) =>
    application.sources.flatMap((source) =>
      source.state !== 'unchecked'
        ? []
        : [
            {
              what: `Application ${application.name}`,
              file: application.object.resource.origin.file,
              reason: source.reason ?? '',
            },
          ],
    ),
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
