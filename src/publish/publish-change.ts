import type { FileContent } from '../files/file-map.js';
import { StateError } from './errors.js';
import { type Forge, ForgeError, type ForgeRepository, type MergeMethod, type PullRequest } from './forge.js';

/** Commits and branches, as publishing needs them; none of it touches work tree or index. */
export interface BranchPort {
  treeOf(commit: string): Promise<string>;
  commit(
    tree: string,
    parents: readonly string[],
    request: {
      readonly contents: ReadonlyMap<string, FileContent | null>;
      readonly message: string;
      readonly sign?: boolean;
      readonly epoch?: number;
    },
  ): Promise<string>;
  isAncestor(ancestor: string, commit: string): Promise<boolean>;
  commitsBeside(
    tip: string,
    others: readonly string[],
  ): Promise<
    readonly {
      readonly id: string;
      readonly author: string;
      readonly subject: string;
      readonly change: string | undefined;
    }[]
  >;
  isCheckedOut(branch: string): Promise<boolean>;
  localTip(branch: string): Promise<string | undefined>;
  moveLocal(branch: string, to: string, from: string | undefined): Promise<void>;
  /** Throws StateError `diverged` where the remote stands elsewhere than expected. */
  push(branch: string, commit: string, expected: string | undefined): Promise<void>;
  remoteTip(branch: string): Promise<string | undefined>;
  /** Makes sure that a commit which the branch has on the remote is here too. */
  ensure(branch: string, commit: string): Promise<void>;
}

export interface Change {
  /** Which change it is: the same one again goes to the same branch. */
  readonly key: string;
  readonly branch: string;
  /** The commit it is built on. */
  readonly start: string;
  /** The newest commit of the target branch that is known. */
  readonly baseTip: string;
  /** The tree that was judged. */
  readonly tree: string;
  /** What differs from `start`, with the new content; null for what goes. */
  readonly contents: ReadonlyMap<string, FileContent | null>;
  readonly message: string;
  readonly sign?: boolean;
  readonly epoch?: number;
}

/** How often to begin again where somebody else pushed to the branch in between. */
const ATTEMPTS = 5;

/**
 * Brings a change to its branch, here and on the remote, and gives the commit. The local branch is the commit point: before it
 * moves nothing happened, and whoever comes after finds it and goes on. Nothing on the remote branch is ever overwritten: the new
 * commit follows what is there, and where that is other people's work it is refused.
 */
export async function publishChange(change: Change, git: BranchPort): Promise<string> {
  for (let attempt = 1; ; attempt += 1)
    try {
      const seen = await git.remoteTip(change.branch);
      if (seen !== undefined) await git.ensure(change.branch, seen);
      const commit = await settleLocal(change, seen, git);
      if (commit !== seen) await git.push(change.branch, commit, seen);
      return commit;
    } catch (error) {
      if (!(error instanceof StateError) || error.reason !== 'diverged' || attempt >= ATTEMPTS) throw error;
    }
}

/** The commit of the change, on the local branch where that is not checked out somewhere. */
async function settleLocal(change: Change, seen: string | undefined, git: BranchPort): Promise<string> {
  const local = await git.localTip(change.branch);
  for (const tip of new Set([seen, local])) if (tip !== undefined) await refuseForeign(change, tip, git);
  const commit = await commitAfter(change, [seen, local], git);
  if (commit !== local && !(await git.isCheckedOut(change.branch))) await git.moveLocal(change.branch, commit, local);
  return commit;
}

/** A commit that has all of these behind it and holds the tree: one that is there, else a new one. */
async function commitAfter(change: Change, tips: readonly (string | undefined)[], git: BranchPort): Promise<string> {
  const { start, tree, contents, message, sign, epoch } = change;
  const all = [...new Set([...tips, start])].filter((each) => each !== undefined);
  const heads: string[] = [];
  for (const one of all) {
    const others = all.filter((other) => other !== one);
    const behind = await Promise.all(others.map((other) => git.isAncestor(one, other)));
    if (!behind.includes(true)) heads.push(one);
  }
  const [head] = heads;
  if (head !== undefined && heads.length === 1 && (await git.treeOf(head)) === tree) return head;
  return git.commit(tree, heads, {
    contents,
    message,
    ...(sign === undefined ? {} : { sign }),
    ...(epoch === undefined ? {} : { epoch }),
  });
}

/** Commits on the branch that neither the change is built on nor this tool made for this change. */
async function refuseForeign({ key, branch, start, baseTip }: Change, tip: string, git: BranchPort): Promise<void> {
  const beside = await git.commitsBeside(tip, [start, baseTip]);
  const foreign = beside.find((each) => each.change !== key);
  if (foreign === undefined) return;
  const more = beside.filter((each) => each.change !== key).length - 1;
  const whose = foreign.change === undefined ? foreign.author : 'another change of gitops-gen';
  throw new StateError(
    'diverged',
    `branch ${branch} holds commit ${foreign.id.slice(0, 12)} (${visible(foreign.subject)}) of ${visible(whose)}${more > 0 ? ` and ${more} more` : ''}, which would be lost`,
    `Take it into yours first: git switch ${branch}; git pull; then run this again there. Or choose another branch with --branch.`,
  );
}

function visible(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/gu, '?').slice(0, 100);
}

/** What a pull request is to look like. */
export interface Wanted {
  readonly branch: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly users: readonly string[];
  readonly teams: readonly string[];
  /** True: as a draft. False: as people have it, unless it is a draft only for findings that are no more. */
  readonly draft: boolean;
  readonly autoMerge?: MergeMethod;
  /** Whether a title that people gave it may be replaced. */
  readonly retitle: boolean;
}

export interface Opened {
  readonly pullRequest: PullRequest;
  readonly outcome: 'opened' | 'updated' | 'unchanged';
  /** What did not work out beside it: labels, reviewers, auto-merge. */
  readonly warnings: readonly string[];
}

/** Finds the pull request of the branch and brings it up to date, or opens it. */
export async function settlePullRequest(wanted: Wanted, forge: Forge): Promise<Opened> {
  const { branch, base, title, body } = wanted;
  let outcome: Opened['outcome'] = 'unchanged';
  let found = await forge.findPullRequest(branch, base);
  if (found === undefined) {
    found = await forge.createPullRequest({ title, body, branch, base, draft: wanted.draft });
    outcome = found === undefined ? outcome : 'opened';
  }
  // Another run was faster between the two.
  found ??= await forge.findPullRequest(branch, base);
  if (found === undefined)
    throw new ForgeError('unavailable', `a pull request for ${branch} exists and cannot be found`, 'Run it again.');
  const wasForFindings = outcome !== 'opened' && found.body.includes(draftMark);
  const newTitle = wanted.retitle && found.title !== title ? { title } : {};
  if (outcome !== 'opened' && (sameText(found.body, body) === false || newTitle.title !== undefined)) {
    found = await forge.updatePullRequest(found.number, { body, ...newTitle });
    outcome = 'updated';
  }
  const warnings = await settleRest(found, wanted, forge, wasForFindings, () => {
    if (outcome === 'unchanged') outcome = 'updated';
  });
  return { pullRequest: found, outcome, warnings };
}

/** In the body of a pull request that is a draft because of findings. */
export const draftMark = '<!-- gitops-gen: a draft because of findings -->';

/** GitHub keeps bodies with line ends of its own. */
function sameText(a: string, b: string): boolean {
  const plain = (text: string) => text.replaceAll('\r\n', '\n').trim();
  return plain(a) === plain(b);
}

/** What a pull request can do without: a fault in it is said, and ends nothing. */
async function settleRest(
  found: PullRequest,
  wanted: Wanted,
  forge: Forge,
  wasForFindings: boolean,
  changed: () => void,
): Promise<readonly string[]> {
  const warnings: string[] = [];
  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      changed();
      return true;
    } catch (error) {
      if (!(error instanceof ForgeError)) throw error;
      // Without an answer the rest would fail too, and slowly.
      if (error.fault === 'unavailable' || error.fault === 'rate-limit') throw error;
      warnings.push(error.message);
      return false;
    }
  };
  if (wanted.draft !== found.draft && (wanted.draft || wasForFindings))
    await attempt(() => forge.setDraft(found, wanted.draft));
  const labels = wanted.labels.filter((label) => !found.labels.includes(label));
  if (labels.length > 0) await attempt(() => forge.addLabels(found.number, labels));
  await settleReviewers(found, wanted, forge, attempt, warnings);
  const { autoMerge } = wanted;
  if (autoMerge !== undefined && !found.autoMerge) await attempt(() => forge.enableAutoMerge(found, autoMerge));
  return warnings;
}

/** GitHub takes at most this many reviewers. */
const MOST_REVIEWERS = 15;

async function settleReviewers(
  found: PullRequest,
  wanted: Wanted,
  forge: Forge,
  attempt: (work: () => Promise<void>) => Promise<boolean>,
  warnings: string[],
): Promise<void> {
  const isAuthor = (user: string) => user.toLowerCase() === found.author.toLowerCase();
  const users = wanted.users.filter((user) => !isAuthor(user) && !found.reviewers.users.includes(user));
  const teams = wanted.teams
    .map((team) => team.split('/').at(-1) ?? '')
    .filter((team) => !found.reviewers.teams.includes(team));
  if (users.length + teams.length === 0) return;
  const some = users.slice(0, MOST_REVIEWERS);
  const rest = teams.slice(0, MOST_REVIEWERS - some.length);
  if (await attempt(() => forge.requestReviewers(found.number, some, rest))) return;
  if (some.length + rest.length === 1) return;
  // One unknown name makes GitHub refuse all of them.
  warnings.pop();
  for (const user of some) await attempt(() => forge.requestReviewers(found.number, [user], []));
  for (const team of rest) await attempt(() => forge.requestReviewers(found.number, [], [team]));
}

/** Refuses before anything is pushed what cannot work out. */
export function refuseUnfit({ fullName, archived, mayPush }: ForgeRepository): void {
  if (archived)
    throw new ForgeError('archived', `${fullName} is archived, so it is read-only`, 'Unarchive it, or push elsewhere.');
  if (mayPush === false)
    throw new ForgeError(
      'permission',
      `the token may not push to ${fullName}`,
      'It needs contents: write and pull requests: write for this repository (classic tokens: the scope repo).',
    );
}
