import { commitLine } from '../../io/git-history.js';
import { count } from '../../publish/difference-words.js';
import type { StateDifference } from '../../publish/state-difference.js';
import type { ModelFamily } from '../../spec/types.generated.js';
import type { CommandDefinition } from '../command.js';
import { environmentsOf } from '../environments.js';
import { generate } from '../generate.js';
import { exitCode } from '../io.js';
import { formatOption, printJson } from '../options.js';
import { describeProblems, hasErrors } from '../problems.js';
import { lineOf, newestFor, short } from '../promotion.js';
import {
  type Behind,
  behind,
  checkEnvironment,
  familyAt,
  foldersOf,
  type History,
  isCommit,
  isEnabledIn,
  isPinned,
  openHistory,
  type Place,
  phasesIn,
  pinAt,
  placesOf,
  releaseDifference,
  runsIn,
} from '../releases.js';
import { table } from '../table.js';
import { openWorkspace, type Workspace } from '../workspace.js';

/** One release: a family in an environment on a cluster. */
interface Release {
  readonly family: string;
  readonly environment: string;
  readonly cluster: string;
  /**
   * `branch`: takes every commit. `pinned`: stays until it is promoted. `waiting`: was never promoted. `disabled`: nothing runs, because
   * no phase that has models there is enabled there.
   */
  readonly state: 'branch' | 'pinned' | 'waiting' | 'disabled';
  /** The phases that have models there and are not enabled there; absent where all are. */
  readonly disabled?: readonly string[];
  readonly revision?: string;
  readonly date?: string;
  readonly subject?: string;
  /** What `promote` would take now; absent where the environment before has nothing to give. */
  readonly next?: string;
  /** Commits from the pin to HEAD, and those of them that change this release; absent where this clone cannot count them. */
  readonly behind?: Behind;
  /** What promoting to `next` would change in the cluster. */
  readonly change?: Change;
}

interface Change {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly restarts: { readonly workloads: number; readonly gpus: number };
  readonly gpus: { readonly before: number; readonly after: number };
}

export const command: CommandDefinition = {
  name: 'status',
  description:
    'Shows for every family and environment what it is pinned to, how many commits that is behind (and how many of them change what it renders), and what the next promotion would change in the cluster. Reads Git only: what runs, Argo CD knows.',
  arguments: [{ name: '[family]', description: 'only this family' }],
  options: [{ flags: '--env <environment>', description: 'only this environment' }, formatOption(['text', 'json'])],
  examples: [
    { command: 'status', does: 'what is where, and what waits' },
    { command: 'status llama-3.1 --env production -o json', does: 'for a script' },
  ],
  async run(context) {
    const { options, io, global } = context;
    const workspace = await openWorkspace(context);
    await io.stderr(describeProblems(workspace.problems, workspace.tree.files, global.color.stderr));
    if (hasErrors(workspace.problems)) return exitCode.usage;
    const [named] = context.arguments;
    const families =
      typeof named === 'string' ? [familyAt(workspace, named)] : workspace.specs.families.map(({ value }) => value);
    const environment = options['env'];
    if (typeof environment === 'string') checkEnvironment(workspace, environment);
    const history = await openHistory(workspace);
    await context.progress('reading releases');
    const places = families.flatMap((spec) =>
      environmentsOf(workspace.specs)
        .filter(({ name }) => (environment === undefined || name === environment) && phasesIn(spec, name).length > 0)
        .flatMap(({ name }) => placesOf(workspace, spec.metadata.name, name).map((place) => ({ spec, place }))),
    );
    const releases = await releasesOf(history, places);
    await context.progress(undefined);
    if (options['format'] === 'json') await io.stdout(printJson({ schemaVersion: 1, releases }));
    else if (releases.length === 0) await context.say(`nothing is released: ${whyNone(named, environment)}`);
    else await io.stdout(text(workspace, releases));
    return exitCode.ok;
  },
};

function whyNone(family: unknown, environment: unknown): string {
  if (family === undefined && environment === undefined) return 'no family runs anywhere yet';
  const where = environment === undefined ? 'anywhere' : `in ${String(environment)}`;
  return `no model of ${family === undefined ? 'any family' : String(family)} has replicas ${where}`;
}

interface Asked {
  readonly spec: ModelFamily;
  readonly place: Place;
}

async function releasesOf(history: History, asked: readonly Asked[]): Promise<readonly Release[]> {
  const next = new Map<Asked, string | undefined>();
  for (const each of asked)
    next.set(each, runsIn(each.spec, each.place.environment) ? await nextFor(history, each) : undefined);
  const after = treeAfter(history.workspace, next);
  const releases: Release[] = [];
  for (const each of asked) releases.push(await releaseOf(history, each, next.get(each), after));
  return releases;
}

/** What a promotion would take; nothing for what follows the branch, and where the environment before waits itself. */
async function nextFor({ workspace, ...rest }: History, { spec, place }: Asked): Promise<string | undefined> {
  if (!isPinned(workspace, place.environment)) return undefined;
  return newestFor({ workspace, ...rest }, spec, place.environment).catch(() => undefined);
}

/** The repository with everything promoted that can be. */
function treeAfter(workspace: Workspace, next: ReadonlyMap<Asked, string | undefined>) {
  const nothing = { clusterKinds: [], namespaceKinds: [], destinations: [] };
  const pins = new Map(
    [...next].flatMap(([{ place }, revision]) =>
      revision === undefined
        ? []
        : [[`${place.family}/${place.environment}/${place.cluster}`, { revision, permits: nothing }] as const],
    ),
  );
  return generate(workspace, { pins, only: (path) => /^argocd\/families\/.*\/parent\.yaml$/.test(path) }).after;
}

async function releaseOf(
  history: History,
  { spec, place }: Asked,
  next: string | undefined,
  after: History['workspace']['tree'],
): Promise<Release> {
  const { workspace, git } = history;
  const { family, environment, cluster } = place;
  const disabled = phasesIn(spec, environment)
    .filter((phase) => !isEnabledIn(phase, environment))
    .map(({ name }) => name);
  const base = { family, environment, cluster, ...(disabled.length === 0 ? {} : { disabled }) };
  if (!runsIn(spec, environment)) return { ...base, state: 'disabled' };
  if (!isPinned(workspace, environment)) return { ...base, state: 'branch' };
  const revision = pinAt(workspace.tree, place);
  const line =
    revision !== undefined && isCommit(revision) ? await commitLine(git, revision).catch(() => undefined) : undefined;
  const behindBy = revision === undefined ? undefined : await behind(history, revision, 'HEAD', foldersOf(place, spec));
  const change =
    next === undefined ? undefined : changeOf(await releaseDifference(history, place, workspace.tree, after));
  return {
    ...base,
    state: revision === undefined ? 'waiting' : 'pinned',
    ...(revision === undefined ? {} : { revision }),
    ...(line === undefined ? {} : { date: line.date, subject: line.subject }),
    ...(next === undefined ? {} : { next }),
    ...(behindBy === undefined ? {} : { behind: behindBy }),
    ...(change === undefined ? {} : { change }),
  };
}

function changeOf({ added, changed, removed, restarts, gpus }: StateDifference): Change {
  return { added, changed, removed, restarts, gpus };
}

function text({ specs }: Workspace, releases: readonly Release[]): string {
  const branch = specs.project?.value.spec.repository.branch ?? 'main';
  const several = releases.some(({ cluster, environment }) => cluster !== environment);
  const head = ['FAMILY', 'ENVIRONMENT', ...(several ? ['CLUSTER'] : []), 'RUNS', 'BEHIND', 'NEXT', 'WOULD CHANGE'];
  const rows = releases.map((release) => [
    release.family,
    release.environment,
    ...(several ? [release.cluster] : []),
    runs(release, branch),
    release.behind === undefined ? '-' : `${release.behind.commits} (${release.behind.own} of its own)`,
    nextWords(release),
    changeWords(release),
  ]);
  return table([head, ...rows]);
}

function runs(release: Release, branch: string): string {
  const { state, disabled } = release;
  if (disabled === undefined) return takes(release, branch);
  const phases = `${disabled.length === 1 ? 'phase' : 'phases'} ${disabled.join(', ')}`;
  if (state !== 'disabled') return `${takes(release, branch)} (without ${phases}: not enabled)`;
  return `nothing: ${phases} ${disabled.length === 1 ? 'is' : 'are'} not enabled`;
}

function takes({ state, revision, date, subject }: Release, branch: string): string {
  if (state === 'branch') return `every commit on ${branch}`;
  if (revision === undefined) return 'nothing yet';
  return date === undefined ? revision : lineOf({ id: revision, date, subject: cut(subject ?? '') });
}

function nextWords({ state, next, revision }: Release): string {
  if (state === 'branch' || state === 'disabled') return '-';
  if (next === undefined) return 'waits for the environment before';
  return next === revision ? 'the same' : short(next);
}

function changeWords({ change, state, next }: Release): string {
  if (change === undefined) return '-';
  const { added, changed, removed, restarts, gpus } = change;
  if (added + changed + removed === 0) return next === undefined || state === 'branch' ? '-' : 'nothing';
  const parts = [`${added} added, ${changed} changed, ${removed} removed`];
  if (restarts.workloads > 0) parts.push(`${restarts.workloads} restarted (${count(restarts.gpus, 'GPU')})`);
  if (gpus.before !== gpus.after) parts.push(`GPUs ${gpus.before} → ${gpus.after}`);
  return parts.join('; ');
}

function cut(subject: string): string {
  return subject.length <= 48 ? subject : `${subject.slice(0, 47)}…`;
}
