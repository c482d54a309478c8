import type { Build, Resource } from '../build/resource.js';
import type { Problem } from '../diagnostics/diagnostic.js';
import type { Tree } from '../files/file-map.js';
import { type ReadOptions, type Repository, readRepository } from '../repository/index.js';
import type { Application, Unit } from '../repository/model.js';
import type { Inputs } from './inputs.js';
import { type RenderedDifference, renderedDifference } from './rendered-diff.js';
import { deferredSignature, SparingBuild } from './state-build.js';
import { namesBeside, warmSecondsOf } from './warm-up.js';

/** One state of a repository, and how to read it. */
export interface State {
  readonly tree: Tree;
  readonly read: Omit<ReadOptions, 'build'>;
}

/** What changes in the cluster between two states, Application by Application. */
export interface StateDifference {
  /** Those that differ, and those about which nothing can be said; by name. */
  readonly applications: readonly ApplicationDifference[];
  /** How many were compared. */
  readonly compared: number;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly restarts: { readonly workloads: number; readonly gpus: number };
  readonly gpus: { readonly before: number; readonly after: number };
}

export interface ApplicationDifference {
  /** `folder`: what no Application of the repository deploys. */
  readonly kind: 'application' | 'folder';
  readonly name: string;
  /** Of the Application object. */
  readonly namespace?: string;
  /** The identity of the destination cluster; '' where nobody says. */
  readonly cluster: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Where its objects go, where that changes: all of them move. */
  readonly moved?: { readonly before: string; readonly after: string };
  /** Where it is deployed from, where that changes. */
  readonly revision?: { readonly before: string; readonly after: string };
  /** True for a folder that Applications deploy at a pinned commit: it takes effect when they are promoted. */
  readonly pending?: true;
  readonly difference: RenderedDifference;
  /** Why it could not be compared. */
  readonly undecided?: string;
}

export interface CompareOptions {
  /** Build everything, also what has the same inputs in both states. */
  readonly everything?: boolean;
  /** What came up while the states were read and built. */
  readonly onProblem?: (problem: Problem, state: 'before' | 'after') => void;
}

export interface Compared extends StateDifference {
  /** The folders that were built, in order. */
  readonly builds: readonly string[];
  readonly before: Repository;
  readonly after: Repository;
}

/**
 * Compares what two states render to. A kustomization that reads the same in both states comes to the same and is not built,
 * unless it may say what Applications and kinds there are, or names of it are asked for.
 */
export function stateDifference(before: State, after: State, build: Build, options: CompareOptions = {}): Compared {
  const sparing = new SparingBuild(build);
  const sketch = (state: State) =>
    read(
      state,
      sparing.leaving(() => options.everything !== true),
    );
  const sketches = [sketch(before), sketch(after)].map((repository) => placesOf(repository, sparing)) as [
    Places,
    Places,
  ];
  const differing = differingIds(...sketches);
  const wanted = new Set(
    differing.flatMap((id) => sketches.flatMap((places) => (places.get(id)?.units ?? []).flatMap(deferredIn))),
  );
  let names: ReadonlySet<string> = new Set();
  for (;;) {
    const asked = names;
    const leave = (inputs: Inputs) =>
      options.everything !== true && !wanted.has(inputs.signature) && !mentionsAny(inputs, asked);
    const states = [
      read(before, sparing.leaving(leave), (problem) => options.onProblem?.(problem, 'before')),
      read(after, sparing.leaving(leave), (problem) => options.onProblem?.(problem, 'after')),
    ] as const;
    const beside = new Set(states.flatMap((repository) => [...namesBeside(repository)]));
    const isSettled = options.everything === true || [...beside].every((name) => names.has(name));
    if (isSettled) return { ...compare(states, sparing), builds: sparing.builds, before: states[0], after: states[1] };
    names = beside;
  }
}

function read(
  { tree, read: options }: State,
  build: Build,
  onProblem: (problem: Problem) => void = () => {},
): Repository {
  return readRepository(tree, { ...options, build }, onProblem);
}

function mentionsAny(inputs: Inputs, names: ReadonlySet<string>): boolean {
  if (names.size === 0) return false;
  const words = [...names].map((name) => name.replace(/[^\w-]/gu, '\\$&'));
  return inputs.mentions(new RegExp(`(?:${words.join('|')})`, 'u'));
}

/** What is deployed together: an Application, or a folder that none deploys. */
interface PlaceOfUnits {
  readonly kind: ApplicationDifference['kind'];
  readonly name: string;
  readonly namespace: string | undefined;
  readonly cluster: string;
  readonly target: string;
  readonly revision: string;
  readonly units: readonly Unit[];
  /** Sources that cannot be rendered here, as they are written. */
  readonly foreign: readonly { readonly value: string; readonly reason: string }[];
  readonly pending: boolean;
  /** Equal in two states: nothing changes. */
  readonly sketch: string;
}

type Places = ReadonlyMap<string, PlaceOfUnits>;

function placesOf(repository: Repository, sparing: SparingBuild): Places {
  const places = new Map<string, PlaceOfUnits>();
  const add = (id: string, place: PlaceOfUnits) => {
    let free = id;
    for (let copy = 2; places.has(free); copy += 1) free = `${id}\n${copy}`;
    places.set(free, place);
  };
  for (const application of repository.applications) add(idOf(application), placeOf(application, sparing));
  const deployed = new Set(repository.applications.flatMap((each) => each.sources.flatMap(({ unit }) => unit ?? [])));
  const pinned = new Set([...deployed].filter((unit) => unit.revision !== '').map((unit) => unit.dir));
  for (const unit of repository.units) {
    if (deployed.has(unit)) continue;
    const name = unit.dir === '' ? '.' : unit.dir;
    const base = { kind: 'folder', name, namespace: undefined, cluster: '', target: '', revision: '' } as const;
    add(`folder\n${unit.kind}\n${unit.dir}`, {
      ...base,
      units: [unit],
      foreign: [],
      pending: pinned.has(unit.dir),
      sketch: JSON.stringify(sketchOf(unit, sparing)),
    });
  }
  return places;
}

function idOf({ instance, namespace, name }: Application): string {
  return ['application', instance ?? '', namespace ?? '', name].join('\n');
}

function placeOf(application: Application, sparing: SparingBuild): PlaceOfUnits {
  const units = [...new Set(application.sources.flatMap(({ unit }) => unit ?? []))];
  const foreign = application.sources.flatMap(({ state, reason, value }) =>
    state === 'built' ? [] : [{ value: JSON.stringify(value), reason: reason ?? '' }],
  );
  const { destination, cluster } = application;
  const target = [cluster, destination.namespace ?? ''].filter((each) => each !== '').join('/');
  const revision = [...new Set(application.sources.map((source) => source.targetRevision))].join(', ');
  return {
    kind: 'application',
    name: application.name,
    namespace: application.namespace,
    cluster,
    target,
    revision,
    units,
    foreign,
    pending: false,
    sketch: JSON.stringify([target, foreign.map(({ value }) => value), units.map((unit) => sketchOf(unit, sparing))]),
  };
}

function sketchOf(unit: Unit, sparing: SparingBuild): unknown {
  return [unit.kind, unit.ok ? unit.objects.map(({ value }) => value) : sparing.signaturesOf(unit.dir)];
}

function deferredIn(unit: Unit): string[] {
  return unit.objects.flatMap(({ resource }) => deferredSignature(resource) ?? []);
}

function differingIds(before: Places, after: Places): string[] {
  const ids = [...new Set([...before.keys(), ...after.keys()])];
  return ids.filter((id) => before.get(id)?.sketch !== after.get(id)?.sketch);
}

function compare(states: readonly [Repository, Repository], sparing: SparingBuild): StateDifference {
  const [before, after] = [placesOf(states[0], sparing), placesOf(states[1], sparing)];
  const warm = states.map(warmSecondsOf) as [ReadonlyMap<Resource, number>, ReadonlyMap<Resource, number>];
  const applications = differingIds(before, after)
    .map((id) => differenceAt(before.get(id), after.get(id), warm[1]))
    .filter(hasDifference)
    .sort((a, b) => byCodeUnit(sortKey(a), sortKey(b)));
  const sum = (of: (difference: RenderedDifference) => number) =>
    applications.reduce((total, { difference }) => total + of(difference), 0);
  return {
    applications,
    compared: new Set([...before.keys(), ...after.keys()]).size,
    added: sum(({ added }) => added),
    removed: sum(({ removed }) => removed),
    changed: sum(({ changed }) => changed),
    restarts: { workloads: sum(({ restarts }) => restarts.workloads), gpus: sum(({ restarts }) => restarts.gpus) },
    gpus: { before: sum(({ gpus }) => gpus.before), after: sum(({ gpus }) => gpus.after) },
  };
}

function differenceAt(
  before: PlaceOfUnits | undefined,
  after: PlaceOfUnits | undefined,
  warm: ReadonlyMap<Resource, number>,
): ApplicationDifference {
  const place = (after ?? before) as PlaceOfUnits;
  const undecided = undecidedBecause(before, after);
  const [old, now] = undecided === undefined ? [resourcesIn(before), resourcesIn(after)] : [[], []];
  const difference = renderedDifference(old, now);
  return {
    kind: place.kind,
    name: place.name,
    ...(place.namespace === undefined ? {} : { namespace: place.namespace }),
    cluster: place.cluster,
    ...(place.pending ? { pending: true as const } : {}),
    change: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
    ...pairOf('moved', before?.target, after?.target),
    ...pairOf('revision', before?.revision, after?.revision),
    difference: { ...difference, objects: difference.objects.map((each) => withWarmth(each, warm)) },
    ...(undecided === undefined ? {} : { undecided }),
  };
}

function pairOf(name: 'moved' | 'revision', before: string | undefined, after: string | undefined): object {
  return before === undefined || after === undefined || before === after ? {} : { [name]: { before, after } };
}

function withWarmth(
  object: RenderedDifference['objects'][number],
  warm: ReadonlyMap<Resource, number>,
): RenderedDifference['objects'][number] {
  const seconds = object.after === undefined ? undefined : warm.get(object.after);
  if (object.effect === undefined || seconds === undefined) return object;
  return { ...object, effect: { ...object.effect, warmSeconds: seconds } };
}

function resourcesIn(place: PlaceOfUnits | undefined): Resource[] {
  return (place?.units ?? []).flatMap((unit) => unit.objects.map(({ resource }) => resource));
}

function undecidedBecause(before: PlaceOfUnits | undefined, after: PlaceOfUnits | undefined): string | undefined {
  for (const [place, when] of [
    [after, 'after'],
    [before, 'before'],
  ] as const) {
    if (place === undefined) continue;
    const foreign = place.foreign.find(({ reason }) => reason !== '');
    if (foreign !== undefined) return `${when}: ${foreign.reason}`;
    const failed = place.units.find((unit) => !unit.ok);
    if (failed !== undefined) return `${when}: ${failed.dir || '.'} cannot be rendered; gitops-gen validate says why`;
    const part = place.units.find((unit) => !unit.complete);
    if (part !== undefined) return `${when}: a part of ${part.dir || '.'} is rendered by something else`;
  }
  return undefined;
}

function hasDifference({ difference, undecided, moved }: ApplicationDifference): boolean {
  return difference.objects.length > 0 || undecided !== undefined || moved !== undefined;
}

function sortKey({ kind, name, namespace, cluster }: ApplicationDifference): string {
  return [kind, name, namespace ?? '', cluster].join('\n');
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
