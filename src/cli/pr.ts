import type { Report } from '../check/report.js';
import { changedPaths } from '../check/scope.js';
import type { Diagnostic, Severity } from '../diagnostics/diagnostic.js';
import type { FileContent, Tree } from '../files/file-map.js';
import { type Git, openGit } from '../io/git.js';
import { GitPublisher } from '../io/git-publish.js';
import { hasCommit, mergeBase, tipOf } from '../io/git-refs.js';
import { packageVersion } from '../io/package-data.js';
import { branchOf, changeMessage } from '../publish/change-name.js';
import { changeWords, type ModelChange, modelChanges } from '../publish/change-words.js';
import { codeownersPaths, type Owners, ownersOf } from '../publish/codeowners.js';
import { differenceHtml } from '../publish/difference-html.js';
import { blobId } from '../publish/digest.js';
import { StateError } from '../publish/errors.js';
import type { MergeMethod } from '../publish/forge.js';
import { compareUrl } from '../publish/forge-address.js';
import { type Change, type Opened, publishChange, settlePullRequest } from '../publish/publish-change.js';
import { pullRequestBody } from '../publish/pull-request-body.js';
import type { Compared } from '../publish/state-difference.js';
import { projectFile, roleOf } from '../spec/read.js';
import type { CommandContext } from './command.js';
import { compareTrees } from './diff.js';
import type { Generated } from './generate.js';
import { type ExitCode, exitCode } from './io.js';
import { judge } from './judge.js';
import { capacityOfTree } from './pr-capacity.js';
import { branchesAt, checkBranch, type Destination, findDestination } from './pr-remote.js';
import { textOfReport, writeReportFile } from './reports.js';
import { today } from './today.js';
import type { Workspace } from './workspace.js';

/** What a command says of its change. */
export interface PullRequestRequest {
  /** The subject of the commit, and the title of the pull request where none is given. */
  readonly message: string;
  /** Which change this is, in a few words: the same one again goes to the same branch. Default: what it touches. */
  readonly change?: string;
  /** What changes, where the plan does not show it. */
  readonly words?: readonly string[];
  /** Commands that bring the state before back. Default: reverting the merge. */
  readonly rollback?: readonly string[];
  /** A commit that the base must hold: it is released, and a squash would give it another id. */
  readonly released?: string;
}

/**
 * Publishes what was generated: judged, as one commit on a branch of its own, pushed, and as a pull request that is found and
 * updated or opened. Work tree, index and the branch that is checked out stay as they are. The workspace has to stand on a commit
 * (`openWorkspace` with `--pr`). Throws ForgeError, StateError, UsageError.
 */
export async function openPullRequest(
  context: CommandContext,
  workspace: Workspace,
  generated: Generated,
  request: PullRequestRequest,
): Promise<ExitCode> {
  const { options } = context;
  for (const flag of ['branch', 'base'] as const)
    if (typeof options[flag] === 'string') checkBranch(options[flag], `--${flag}`);
  const git = await openGit(workspace.root);
  const start = startOf(workspace, await git.head());
  const isPatch = typeof options['patch'] === 'string';
  const destination = isPatch || options['dryRun'] === true ? undefined : await findDestination(context, git);
  const base = baseOf(context, generated, destination);
  const baseTip = (await tipOfBase(context, git, base, destination)) ?? start;
  if (destination !== undefined) await demandReleased(git, base, baseTip, request.released);
  const from = (await mergeBase(git, start, baseTip)) ?? start;
  const [startTree, before] = [await git.readTreeAt(start), await git.readTreeAt(from)];
  const changed = changedPaths(before, generated.after);
  if (changed.length === 0) {
    await context.progress(undefined);
    await context.say(`nothing to change: ${base} holds all of it`);
    return exitCode.ok;
  }
  await context.progress('judging what would be published');
  const judged = await judgeChange(context, git, before, generated, new Set(changed));
  if (judged.blocking.length > 0 && options['draftOnFindings'] !== true)
    return refuseFindings(context, generated, judged);
  await context.progress('comparing what is rendered');
  const facts = await factsOf(git, { before, after: generated.after, workspace, generated, request, changed });
  const publisher = new GitPublisher(git);
  const contents = contentsBetween(startTree, generated.after);
  const tree = await publisher.treeOn(start, contents);
  await demandJudgedTree(git, tree, generated.after);
  const key = request.change ?? keyOf(await git.branch(), base, facts.models, changed);
  const title = request.message.split('\n')[0] ?? '';
  const branch = checkBranch(typeof options['branch'] === 'string' ? options['branch'] : branchOf(key), '--branch');
  if (branch === base)
    throw new StateError('diverged', `${branch} is the branch it goes into`, 'Choose another one with --branch.');
  const epoch = Number(context.io.env['SOURCE_DATE_EPOCH'] || Number.NaN);
  const change: Change = {
    key,
    branch,
    start,
    baseTip,
    tree,
    contents,
    message: changeMessage(String(options['message'] ?? title), facts.words, key),
    ...(options['sign'] === false ? { sign: false } : {}),
    ...(Number.isFinite(epoch) ? { epoch } : {}),
  };
  const bodyAt = (commit: string) => body(context, judged, facts, { from, commit }, request.rollback);
  await context.progress(undefined);
  if (typeof options['artifact'] === 'string') await writeArtifact(options['artifact'], facts.difference, base, branch);
  if (isPatch) return writePatch(context, publisher, change, String(options['patch']));
  if (destination === undefined)
    return showDraft(context, String(options['title'] ?? title), branch, base, bodyAt(start));
  await context.progress(`pushing ${branch}`);
  const commit = await publishChange(change, branchesAt(destination, publisher));
  await context.say(`${branch} is at ${commit.slice(0, 12)} on ${destination.address.host}`);
  if (options['pushOnly'] === true || destination.forge === undefined) {
    await context.progress(undefined);
    await context.io.stdout(`${compareUrl(destination.address, base, branch)}\n`);
    return exitCode.ok;
  }
  await context.progress('opening the pull request');
  const owners = ownersOf(codeownersIn(before), changed);
  const wanted = wantedFrom(context, owners, {
    branch,
    base,
    title,
    body: bodyAt(commit),
    draft: judged.blocking.length > 0,
  });
  const opened = await settlePullRequest(wanted, destination.forge);
  await context.progress(undefined);
  return report(context, opened);
}

function startOf({ start }: Workspace, head: { readonly commit?: string }): string {
  const commit = start ?? head.commit;
  if (commit !== undefined) return commit;
  throw new StateError(
    'not-found',
    'this repository has no commit yet',
    'Make the first one and push it: git push --set-upstream origin HEAD.',
  );
}

/** What Argo CD is to deploy has to be where it reads. */
async function demandReleased(git: Git, base: string, tip: string, released: string | undefined): Promise<void> {
  if (released === undefined || (await git.isAncestor(released, tip))) return;
  throw new StateError(
    'not-found',
    `${released.slice(0, 12)} is not on ${base} there: Argo CD would not find it, and a squash merge gives it another id`,
    'Push or merge it first, or name a commit that the branch has: --revision.',
  );
}

function baseOf({ options }: CommandContext, { workspace }: Generated, destination: Destination | undefined): string {
  if (typeof options['base'] === 'string') return checkBranch(options['base'], '--base');
  const { specs } = workspace;
  return specs.project?.value.spec.repository.branch ?? destination?.repository?.defaultBranch ?? 'main';
}

/** The newest commit of the target branch: on the remote where that can be had, else as it was last fetched. */
async function tipOfBase(
  context: CommandContext,
  git: Git,
  base: string,
  destination: Destination | undefined,
): Promise<string | undefined> {
  const publisher = new GitPublisher(git);
  if (destination !== undefined) {
    const { remote, forge } = destination;
    const tip = forge === undefined ? await publisher.remoteTip(remote, base) : await forge.branchTip(base);
    if (tip === undefined)
      throw new StateError(
        'not-found',
        `there is no branch ${base} at ${destination.address.host}`,
        `Push it first (git push ${remote.target} ${base}), or name another with --base.`,
      );
    if (await hasCommit(git, tip)) return tip;
    await context.progress(`fetching ${base}`);
    const fetched = await publisher.fetch(remote, base);
    if (fetched !== undefined) return fetched;
    await context.say(`note: ${base} could not be fetched; what is known of it here is taken`);
  }
  const names = await git.remotes();
  for (const name of names) {
    const tip = await tipOf(git, `refs/remotes/${name}/${base}`);
    if (tip !== undefined) return tip;
  }
  return tipOf(git, `refs/heads/${base}`);
}

interface JudgedChange {
  /** Findings of what changes, and those that were not there before. */
  readonly ours: readonly Diagnostic[];
  readonly blocking: readonly Diagnostic[];
  readonly known: number;
  readonly report: Report;
  readonly failOn: string;
}

/** Judges the tree that is going to be published, against what is there. */
async function judgeChange(
  context: CommandContext,
  git: Git,
  before: Tree,
  { after, workspace }: Generated,
  changed: ReadonlySet<string>,
): Promise<JudgedChange> {
  const { workspaceOf } = await import('./workspace.js');
  const old = before.files.has(projectFile) ? workspaceOf(workspace.root, before) : undefined;
  const now = workspaceOf(workspace.root, after);
  const same = { today: today(context.io), git };
  const [was, is] = [
    await judge({ tree: before, specs: old?.specs, problems: old?.problems ?? [], ...same }),
    await judge({ tree: after, specs: now.specs, problems: now.problems, ...same }),
  ];
  const known = new Set(was.report.diagnostics.map(({ fingerprint }) => fingerprint));
  const open = is.report.diagnostics.filter((each) => each.suppressed === undefined);
  const ours = open.filter((each) => changed.has(each.file) || !known.has(each.fingerprint));
  const failOn = String(context.options['failOn'] ?? 'error');
  const order: readonly Severity[] = ['error', 'warning', 'info'];
  const counted = failOn === 'never' ? [] : order.slice(0, order.indexOf(failOn as Severity) + 1);
  const blocking = ours.filter(({ severity }) => counted.includes(severity));
  return { ours, blocking, known: open.length - ours.length, report: is.report, failOn };
}

async function refuseFindings(context: CommandContext, { after }: Generated, judged: JudgedChange): Promise<ExitCode> {
  await context.progress(undefined);
  const only: Report = { ...judged.report, diagnostics: judged.blocking, unchecked: [] };
  await context.io.stderr(textOfReport(only, after.files, context.global.color.stderr));
  const number = judged.blocking.length;
  await context.say(
    `${number} ${number === 1 ? 'finding' : 'findings'} at or above ${judged.failOn}: nothing was published (--draft-on-findings opens a draft)`,
  );
  return exitCode.findings;
}

interface Facts {
  readonly difference: Compared;
  readonly models: readonly ModelChange[];
  readonly words: readonly string[];
  readonly capacity: Parameters<typeof pullRequestBody>[0]['capacity'];
}

interface Sides {
  readonly before: Tree;
  readonly after: Tree;
  readonly workspace: Workspace;
  readonly generated: Generated;
  readonly request: PullRequestRequest;
  readonly changed: readonly string[];
}

async function factsOf(git: Git, sides: Sides): Promise<Facts> {
  const { before, after, workspace, generated, request, changed } = sides;
  const difference = await compareTrees(workspace.root, before, after, git);
  const old = await capacityOfTree(workspace.root, before);
  const now = await capacityOfTree(workspace.root, after, generated.plan);
  const models = modelChanges(old?.plan, generated.plan, difference);
  const words = [...(request.words ?? []), ...changeWords(models)];
  const files = changed.filter(
    (path) =>
      ['project', 'cluster', 'policies', 'exemptions'].includes(roleOf(path) ?? '') || path.startsWith('versions/'),
  );
  const inputs = files.map(
    (path) => `${!before.files.has(path) ? 'Adds' : after.files.has(path) ? 'Changes' : 'Removes'} ${path}`,
  );
  return { difference, models, words: [...words, ...inputs], capacity: { before: old?.view, after: now?.view } };
}

function body(
  { options }: CommandContext,
  judged: JudgedChange,
  facts: Facts,
  { from, commit }: { readonly from: string; readonly commit: string },
  rollback: readonly string[] | undefined,
): string {
  const short = from.slice(0, 12);
  return pullRequestBody({
    words: facts.words,
    models: facts.models,
    capacity: facts.capacity,
    difference: facts.difference,
    findings: judged.ours,
    knownFindings: judged.known,
    ...(judged.blocking.length === 0 ? {} : { draftBecause: judged.failOn }),
    rollback: rollback ?? [
      '# before the merge: close this pull request',
      '# after it: "Revert" on this page, or',
      'git revert --mainline 1 MERGE_COMMIT    # without --mainline where it was squashed',
      `gitops-gen diff ${short} --exit-code    # 0: the cluster is asked for what it had at ${short}`,
    ],
    range: { before: from, after: commit },
    ...(typeof options['artifact'] === 'string' ? { artifact: options['artifact'].split('/').at(-1) ?? '' } : {}),
    tool: `gitops-gen ${packageVersion()}`,
  });
}

/** What a commit on `start` has to hold so that it is this tree. */
function contentsBetween(start: Tree, after: Tree): ReadonlyMap<string, FileContent | null> {
  const contents = new Map<string, FileContent | null>();
  for (const path of changedPaths(
    { ...start, links: new Map(), unread: new Map() },
    { ...after, links: new Map(), unread: new Map() },
  ))
    contents.set(path, after.files.get(path) ?? null);
  return contents;
}

/** Publishing takes only the tree that was judged: what git holds is compared with it, file by file. */
async function demandJudgedTree(git: Git, tree: string, after: Tree): Promise<void> {
  const entries = (await git.listTree(tree)).filter(({ type, mode }) => type === 'blob' && mode !== '120000');
  const held = new Map(entries.map(({ path, id }) => [path, id]));
  const wrong = [...after.files].find(([path, content]) => held.get(path) !== blobId(content, git.format));
  const extra = [...held.keys()].find((path) => !after.files.has(path) && !after.unread.has(path));
  const path = wrong?.[0] ?? extra;
  if (path !== undefined)
    throw new StateError('changed', `${path} is not in git as it was judged: nothing was published`, 'Run it again.', [
      path,
    ]);
}

/** What a change is called where nobody says: the branch that people work on, else what it touches. */
function keyOf(
  current: string | undefined,
  base: string,
  models: readonly ModelChange[],
  changed: readonly string[],
): string {
  if (current !== undefined && current !== base) return current.replace(/^gitops-gen\//u, '');
  const names = [...new Set(models.map(({ model }) => model))].sort();
  const families = [...new Set(models.map(({ family }) => family))].sort();
  if (names.length > 0) return `update-${(names.length <= 3 ? names : families).join('-')}`;
  const written = changed.filter((path) => roleOf(path) !== undefined || path.startsWith('versions/'));
  return `update-${(written[0] ?? changed[0] ?? 'repository').replace(/\.ya?ml$/u, '')}`;
}

function codeownersIn({ files }: Tree): string {
  const text = codeownersPaths.map((path) => files.get(path)).find((each) => typeof each === 'string');
  return typeof text === 'string' ? text : '';
}

function wantedFrom(
  { options }: CommandContext,
  owners: Owners,
  given: {
    readonly branch: string;
    readonly base: string;
    readonly title: string;
    readonly body: string;
    readonly draft: boolean;
  },
): Parameters<typeof settlePullRequest>[0] {
  const asked = (options['reviewer'] as readonly string[] | undefined) ?? [];
  const names = asked.map((name) => name.replace(/^@/u, ''));
  const users = names.filter((name) => !name.includes('/'));
  const teams = names.filter((name) => name.includes('/'));
  return {
    ...given,
    title: typeof options['title'] === 'string' ? options['title'] : given.title,
    retitle: typeof options['title'] === 'string',
    draft: given.draft || options['draft'] === true,
    labels: (options['label'] as readonly string[] | undefined) ?? [],
    users: [...new Set([...users, ...owners.users])],
    teams: [...new Set([...teams, ...owners.teams])],
    ...(options['autoMerge'] === undefined ? {} : { autoMerge: options['autoMerge'] as MergeMethod }),
  };
}

async function report(context: CommandContext, { pullRequest, outcome, warnings }: Opened): Promise<ExitCode> {
  for (const warning of warnings) await context.say(`warning: ${warning}`);
  const words = { opened: 'opened', updated: 'updated', unchanged: 'up to date' }[outcome];
  await context.say(`pull request ${pullRequest.number} ${words}`);
  await context.io.stdout(`${pullRequest.url}\n`);
  return exitCode.ok;
}

async function writeArtifact(path: string, difference: Compared, base: string, branch: string): Promise<void> {
  await writeReportFile(
    path,
    differenceHtml(difference, { before: base, after: branch, tool: `gitops-gen ${packageVersion()}` }),
  );
}

async function writePatch(
  context: CommandContext,
  publisher: GitPublisher,
  change: Change,
  path: string,
): Promise<ExitCode> {
  const { tree, start, contents, message, sign, epoch, baseTip } = change;
  const isThere = (await publisher.treeOf(start)) === tree;
  const commit = isThere
    ? start
    : await publisher.commit(tree, [start], {
        contents,
        message,
        ...(sign === undefined ? {} : { sign }),
        ...(epoch === undefined ? {} : { epoch }),
      });
  const mails = await publisher.patch(baseTip, commit);
  if (path === '-') await context.io.stdout(mails);
  else await writeReportFile(path, mails);
  await context.say(`${path === '-' ? 'the patch' : path} is for: git am ${path === '-' ? 'FILE' : path}`);
  return exitCode.ok;
}

async function showDraft(
  context: CommandContext,
  title: string,
  branch: string,
  base: string,
  text: string,
): Promise<ExitCode> {
  await context.io.stdout(text);
  await context.say(`"${title}" from ${branch} into ${base}; nothing was published (dry run)`);
  return exitCode.ok;
}
