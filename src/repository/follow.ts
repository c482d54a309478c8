import { stringAt } from '../capacity/read.js';
import { type Tree, textAt } from '../files/file-map.js';
import { type Expansion, expandSet, isApplicationSet, type SetCluster } from './application-sets.js';
import { destinationOf, filesIn, isApplication, resolveSources, sourcesOf, type Whereabouts } from './applications.js';
import type { ClusterRegistry } from './clusters.js';
import { sameRepositoryKey } from './git-url.js';
import { clusterKey } from './inventory.js';
import type { Application, KubeObject, Unchecked, Unit } from './model.js';
import type { Units } from './units.js';

/** Follows Applications to what they deploy, and the Applications among that, to the end. */
export class Follower {
  readonly applications: Application[] = [];
  readonly unchecked: Unchecked[] = [];
  /** What each ApplicationSet makes. */
  readonly expansions = new Map<KubeObject, Expansion>();
  private readonly known = new Set<KubeObject>();
  private readonly identities = new Map<string, KubeObject>();
  private readonly queue: { readonly object: KubeObject; readonly instance: string | undefined }[] = [];
  private waiting: { unit: Unit; claimed: boolean }[] = [];

  constructor(
    private readonly units: Units,
    private readonly where: Whereabouts,
    private readonly registry: ClusterRegistry,
    private readonly instances: ReadonlySet<string>,
    private readonly clusters: readonly SetCluster[],
  ) {}

  add(object: KubeObject, parent?: Application): void {
    if (this.known.has(object)) return;
    if (isApplicationSet(object)) this.expand(object, parent);
    if (!isApplication(object)) return;
    this.known.add(object);
    // The same file can be met twice, as it lies there and as a parent renders it: the first form met stands.
    const { file, document, pointer } = object.resource.origin;
    const identity = [file, document ?? 0, pointer ?? '', object.namespace ?? '', object.name].join('\n');
    if (this.identities.has(identity)) return;
    this.identities.set(identity, object);
    const root = /^argocd\/roots\/([^/]+)\.yaml$/.exec(file)?.[1];
    this.queue.push({ object, instance: root !== undefined && this.instances.has(root) ? root : parent?.instance });
  }

  private expand(set: KubeObject, parent: Application | undefined): void {
    this.known.add(set);
    const expansion = expandSet(set, this.where, this.clusters);
    this.expansions.set(set, expansion);
    const { applications, undecided } = expansion;
    for (const application of applications) this.add(application, parent);
    const { file } = set.resource.origin;
    for (const reason of undecided) this.unchecked.push({ what: `ApplicationSet ${set.name}`, file, reason });
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

/**
 * Whether an Application deploys Applications that cannot be seen here: a chart of this repository whose templates have some, the chart
 * that is there for them (argo-helm's argocd-apps), or a path of another repository that goes to Argo CD's namespace.
 */
export function hidesApplications({ object, destination, sources }: Application, where: Whereabouts): boolean {
  const home = object.namespace ?? 'argocd';
  return sources.some(({ state, type, here, path, chart }) => {
    if (state !== 'unchecked') return false;
    if (chart !== undefined) return chart === 'argocd-apps';
    if (path === undefined) return false;
    if (!here) return destination.namespace === home;
    const dir = where.folder(path);
    return (
      type === 'helm' && dir !== undefined && templatesOf(where.tree, dir).some((text) => isOfApplication.test(text))
    );
  });
}

const isOfApplication = /^[ \t]*kind:[ \t]*["']?Application(Set)?["']?[ \t]*$/m;

function templatesOf(tree: Tree, dir: string): string[] {
  return filesIn(tree, dir === '' ? 'templates' : `${dir}/templates`, true).flatMap(
    (path) => textAt(tree.files, path) ?? [],
  );
}

/** The units that an Application deploys. */
export function unitsOf(application: Application): Unit[] {
  return application.sources.flatMap((source) => source.unit ?? []);
}

/** The folder of a source in the tree, where it is this repository's. */
function pathOf(source: { readonly [key: string]: unknown }, where: Whereabouts): string | undefined {
  const { path, repoURL } = source;
  if (typeof path !== 'string' || typeof repoURL !== 'string') return undefined;
  if (!where.here.has(sameRepositoryKey(repoURL))) return undefined;
  return where.folder(path);
}
