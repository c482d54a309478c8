import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { type Tree, textAt } from '../files/file-map.js';
import { type CommitLine, commitLine, commitsBetween, isAncestor } from '../io/git-history.js';
import type { Pin } from '../plan/index.js';
import type { Changeset } from '../publish/changeset.js';
import { differenceText } from '../publish/difference-text.js';
import { StateError } from '../publish/errors.js';
import { withPin } from '../publish/pins.js';
import type { StateDifference } from '../publish/state-difference.js';
import { permitsOf } from '../render/index.js';
import type { ModelFamily } from '../spec/types.generated.js';
import type { CommandContext, OptionDefinition } from './command.js';
import type { Generated } from './generate.js';
import type { ExitCode } from './io.js';
import { judge } from './judge.js';
import { sayCarried } from './merge-state.js';
import { painter } from './problems.js';
import {
  environmentBefore,
  foldersOf,
  type History,
  isCommit,
  isPinned,
  type Place,
  pinAt,
  pinsOf,
  placesOf,
  releaseDifference,
} from './releases.js';
import { today } from './today.js';
import type { Workspace } from './workspace.js';
import { write } from './write.js';

/** Flags of the commands that move a release. */
export const moveOptions: readonly OptionDefinition[] = [
  { flags: '--cluster <cluster>', description: 'only this cluster of the environment' },
  {
    flags: '--skip-order <reason>',
    description: 'although the environment before never ran it; the reason is kept in the commit',
  },
];

/** A release that goes to another commit. */
export interface Move {
  readonly history: History;
  readonly spec: ModelFamily;
  readonly places: readonly Place[];
  readonly revision: string;
  /** First line of the commit. */
  readonly subject: string;
  /** Which change it is: the same one again goes to the same branch and pull request. */
  readonly change: string;
  /** Errors that the present state has too do not stop it: going back must not wait until everything else is mended. */
  readonly toleratesKnown?: boolean;
  /** Why the order of environments is not kept, where it is not. */
  readonly reason?: string;
  /** Said when it is done. */
  readonly done: string;
  /** Said of each release beside its difference, before anything is written. */
  readonly remark?: (place: Place, difference: StateDifference) => Promise<string>;
}

/**
 * Moves a release: judges the repository as it would stand, with the environment at the commit that it moves to and the other families at
 * what they are pinned to; shows what changes in the cluster; writes the one line, and what the project has to permit for it.
 */
export async function move(context: CommandContext, request: Move): Promise<ExitCode> {
  const { history, places, revision, subject, reason } = request;
  const { workspace } = history;
  await sayCarried(context, workspace, (path) => places.some((place) => path.startsWith(`${place.path}/`)));
  for (const place of places) await checkCommit(history, place, revision);
  const before = workspace.tree;
  const pins = new Map<string, Pin>();
  for (const place of places) pins.set(keyOf(place), await pinFor(history, place, revision));
  const known = request.toleratesKnown === true ? await errorsNow(context, history) : new Set<string>();
  return write(context, movedBy(workspace, places, revision), {
    pins,
    again: (path) => places.some((place) => path === `${place.path}/parent.yaml`),
    only: (path) => concernsPlaces(path, places),
    asPinned: true,
    isOurs: (diagnostic, changeset) => isOurs(diagnostic, changeset, places) && !known.has(diagnostic.fingerprint),
    beforeWriting: async (generated: Generated) => {
      for (const place of places) {
        checkMoved(place, generated.after, revision);
        // A dry run is asked for what would change; elsewhere it is talk, and --quiet says nothing but errors.
        if (!context.global.quiet || context.options['dryRun'] === true)
          await show(context, request, place, before, generated.after);
      }
    },
    message: [subject, ...(reason === undefined ? [] : ['', skippedBecause(reason)])].join('\n'),
    done: request.done,
    change: request.change,
    words: [...(await wordsOf(history, places, revision)), ...(reason === undefined ? [] : [skippedBecause(reason)])],
    rollback: wayBack(history, places),
    released: revision,
  });
}

function skippedBecause(reason: string): string {
  return `Order of environments skipped: ${reason}`;
}

/** What moves, for the pull request. */
async function wordsOf(history: History, places: readonly Place[], revision: string): Promise<readonly string[]> {
  const words: string[] = [];
  for (const place of places) {
    const from = pinAt(history.workspace.tree, place);
    const before = from === undefined ? 'its first release there' : `from ${await named(history, from)}`;
    words.push(
      `${place.family} in ${place.environment} on ${place.cluster} to ${await named(history, revision)} (${before})`,
    );
  }
  return words;
}

/** What brings the releases back that run now; nothing where none ran. */
function wayBack({ workspace }: History, places: readonly Place[]): readonly string[] {
  const all = places.flatMap((place) => {
    const pin = pinAt(workspace.tree, place);
    const { family, environment, cluster } = place;
    const only = place.path.endsWith(`/${environment}/${cluster}`) ? ` --cluster ${cluster}` : '';
    return pin === undefined
      ? []
      : [`gitops-gen rollback ${family} --env ${environment}${only} --revision ${short(pin)} --pr`];
  });
  return all.length > 0
    ? all
    : ['git revert MERGE_COMMIT    # nothing ran there before: this takes the family out again'];
}

export function keyOf({ family, environment, cluster }: Place): string {
  return `${family}/${environment}/${cluster}`;
}

/** The commit, and what its objects and those of the commit before need to be permitted. */
export async function pinFor(history: History, place: Place, revision: string): Promise<Pin> {
  const prefix = (history.workspace.specs.project?.value.spec.repository.path ?? '').replace(/^\.?\/+|\/+$|^\.$/g, '');
  const now = pinAt(history.workspace.tree, place);
  const trees: Tree[] = [];
  for (const each of [now, revision]) {
    const tree = each !== undefined && isCommit(each) ? await history.treeAt(each) : undefined;
    if (tree !== undefined) trees.push(tree);
  }
  const permits = trees.map((tree) => permitsOf(tree, place.path, prefix));
  return {
    revision,
    permits: {
      clusterKinds: permits.flatMap((each) => each.clusterKinds),
      namespaceKinds: permits.flatMap((each) => each.namespaceKinds),
      destinations: permits.flatMap((each) => each.destinations),
    },
  };
}

/** Nothing else than this commit may come out, whatever was merged into the file. */
function checkMoved(place: Place, after: Tree, revision: string): void {
  if (pinAt(after, place) === revision) return;
  const path = `${place.path}/parent.yaml`;
  throw new StateError(
    'edited',
    `${path} was edited by hand so that no pin on ${short(revision)} comes out`,
    'Take what is generated and put the edit into it again: gitops-gen render --force.',
    [path],
  );
}

/**
 * A pin that somebody wrote by hand is no edit to be kept: it is what moves, like every other, and the rest of the file is merged
 * as ever. A parent that somebody deleted is made again, because that is what is asked for.
 */
function movedBy(workspace: Workspace, places: readonly Place[], revision: string): Workspace {
  const [meant, bases] = [new Map(workspace.meant), new Map(workspace.bases)];
  for (const place of places) {
    const path = `${place.path}/parent.yaml`;
    const text = textAt(workspace.tree.files, path);
    if (text === undefined) continue;
    meant.set(path, withPin(text, revision));
    const known = bases.get(path);
    if (known !== undefined)
      bases.set(
        path,
        known.map((each) => withPin(each, revision)),
      );
  }
  return { ...workspace, meant, bases };
}

/** What is wrong with the repository as it stands, by fingerprint. */
async function errorsNow(context: CommandContext, { workspace, git }: History): Promise<ReadonlySet<string>> {
  await context.progress('judging what runs now');
  const { tree, specs } = workspace;
  const { report } = await judge({ tree, specs, problems: [], today: today(context.io), git, asPinned: true });
  return new Set(report.diagnostics.map(({ fingerprint }) => fingerprint));
}

/** The parent, what lists it, and the project that permits what it deploys: nothing else changes with a promotion. */
export function concernsPlaces(path: string, places: readonly Place[]): boolean {
  if (/^argocd\/instances\/[^/]+\/kustomization\.yaml$/.test(path)) return true;
  if (/^argocd\/projects\/[^/]+\/[^/]+\.yaml$/.test(path)) return true;
  return places.some((place) => path === `${place.path}/parent.yaml` || path === `${place.path}/kustomization.yaml`);
}

/** What is found at the commit stands at the parent that pins it; capacity may name another workload first. */
function isOurs(diagnostic: Diagnostic, { result }: Changeset, places: readonly Place[]): boolean {
  const parents = new Set(places.map(({ path }) => `${path}/parent.yaml`));
  return result.has(diagnostic.file) || diagnostic.related.some(({ file }) => parents.has(file));
}

/** A pin on a commit that does not hold the family's children would deploy nothing, or fail. */
async function checkCommit({ git }: History, { path, family, environment }: Place, revision: string): Promise<void> {
  const entries = await git.listTree(revision, path);
  if (entries.some((entry) => entry.path === `${path}/children/kustomization.yaml`)) return;
  throw new StateError(
    'not-found',
    `commit ${short(revision)} holds no children of ${family} for ${environment}`,
    'Commit what was rendered, and promote that commit: gitops-gen render --commit.',
    [`${path}/children`],
  );
}

async function show(context: CommandContext, request: Move, place: Place, before: Tree, after: Tree): Promise<void> {
  const { history, spec, remark } = request;
  await context.progress('comparing what is rendered');
  const difference = await releaseDifference(history, place, before, after);
  await context.progress(undefined);
  const [from, to] = [pinAt(before, place), pinAt(after, place)];
  const paint = painter(context.options['patch'] === '-' ? context.global.color.stderr : context.global.color.stdout);
  // A mail for `git am` on standard output must stand there alone.
  const print = context.options['patch'] === '-' ? context.io.stderr : context.io.stdout;
  const head = [
    `${place.family} in ${place.environment} on ${place.cluster}`,
    `  from  ${from === undefined ? 'nothing: its first release there' : await named(history, from)}`,
    `  to    ${to === undefined ? '' : await named(history, to)}`,
  ];
  await print(`${head.join('\n')}\n`);
  if (from !== undefined && to !== undefined) await print(await between(history, place, spec, from, to));
  await print(`\n${differenceText(difference, paint)}\n`);
  if (remark !== undefined) await print(await remark(place, difference));
}

/** The commits that come with a move, or that go with it. */
async function between({ git }: History, place: Place, spec: ModelFamily, from: string, to: string): Promise<string> {
  try {
    const forward = await isAncestor(git, from, to);
    const [older, newer] = forward ? [from, to] : [to, from];
    if (!forward && !(await isAncestor(git, to, from))) return '  neither commit comes after the other\n';
    const commits = await commitsBetween(git, older, newer, foldersOf(place, spec));
    if (commits.length === 0) return `  no commit between them changes what this release renders\n`;
    const shown = commits.slice(0, 20).map((each) => `    ${lineOf(each)}\n`);
    const rest = commits.length > 20 ? `    and ${commits.length - 20} more\n` : '';
    return `  ${forward ? 'brings' : 'undoes'} ${commits.length} commit${commits.length === 1 ? '' : 's'}\n${shown.join('')}${rest}`;
  } catch {
    return '  what lies between them is not in this clone (git fetch --unshallow)\n';
  }
}

export function lineOf({ id, date, subject }: CommitLine): string {
  return `${short(id)} ${date} ${subject}`;
}

/** A commit in words; its id alone where this clone does not have it. */
export async function named({ git }: History, revision: string): Promise<string> {
  const line = isCommit(revision) ? await commitLine(git, revision).catch(() => undefined) : undefined;
  return line === undefined ? revision : lineOf(line);
}

export function short(revision: string): string {
  return isCommit(revision) ? revision.slice(0, 12) : revision;
}

/** The commit that a release takes where nobody names one: the newest that the order of environments lets through. */
export async function newestFor(history: History, spec: ModelFamily, environment: string): Promise<string> {
  const previous = environmentBefore(history.workspace, spec, environment);
  return previous === undefined || !isPinned(history.workspace, previous)
    ? history.git.commitId('HEAD')
    : revisionOf(history, spec, previous);
}

/** The commit that an environment runs. */
export async function revisionOf(history: History, spec: ModelFamily, environment: string): Promise<string> {
  const { workspace, git } = history;
  if (!isPinned(workspace, environment)) return git.commitId('HEAD');
  const family = spec.metadata.name;
  const pins = placesOf(workspace, family, environment).map((place) => pinAt(workspace.tree, place));
  const [first] = pins;
  if (first === undefined || pins.includes(undefined)) {
    throw new StateError(
      'order',
      `${family} is not promoted to ${environment} yet`,
      `First: gitops-gen promote ${family} --to ${environment}.`,
    );
  }
  if (pins.some((pin) => pin !== first)) {
    throw new StateError(
      'order',
      `the clusters of ${environment} run different commits of ${family}`,
      `Say which one is meant: --revision ${pins.map((pin) => short(pin ?? '')).join(' or --revision ')}.`,
    );
  }
  return git.commitId(first);
}

/**
 * Order of environments: a commit goes to an environment once the one before runs it, or ran it. What an environment ran itself it may
 * always have again. Returns what to say where the order cannot be judged; throws StateError where it is not kept.
 */
export async function checkOrder(
  history: History,
  spec: ModelFamily,
  places: readonly Place[],
  revision: string,
): Promise<void> {
  const [first] = places;
  if (first === undefined) return;
  const previous = environmentBefore(history.workspace, spec, first.environment);
  if (previous === undefined) return;
  const own = await Promise.all(places.map((place) => pinsOf(history, place)));
  if (own.every((pins) => pins.includes(revision))) return;
  if (!isPinned(history.workspace, previous)) {
    if (await isAncestor(history.git, revision, 'HEAD')) return;
    throw skipped(
      `${short(revision)} is not in the history that ${previous} follows`,
      'Merge it first, and promote the commit that the branch has.',
    );
  }
  const before = await Promise.all(
    placesOf(history.workspace, spec.metadata.name, previous).map((place) => pinsOf(history, place)),
  );
  if (before.every((pins) => pins.includes(revision))) return;
  throw skipped(
    `${spec.metadata.name} at ${short(revision)} was never in ${previous}`,
    `First: gitops-gen promote ${spec.metadata.name} --to ${previous} --revision ${short(revision)}.`,
  );
}

function skipped(message: string, hint: string): StateError {
  return new StateError('order', message, `${hint} If it cannot wait: --skip-order <reason>.`);
}

/** What is worth a word about a commit that is about to be pinned: Argo CD reads the remote, and finds only what is there. */
export async function remarkOnCommit({ git, workspace }: History, revision: string): Promise<string | undefined> {
  const branch = workspace.specs.project?.value.spec.repository.branch ?? 'main';
  const remote = await git.ask(['rev-parse', '--verify', '--quiet', `refs/remotes/origin/${branch}^{commit}`]);
  if (remote === undefined || (await isAncestor(git, revision, remote))) return undefined;
  return `${short(revision)} is not on origin/${branch} as this clone knows it: Argo CD finds it only once it is there, and a squash merge gives it another id`;
}
