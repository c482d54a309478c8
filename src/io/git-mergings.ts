import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Git, GitError } from './git.js';

/** Three commits that git brought together: two branches, or one commit onto another history (rebase, cherry-pick, revert). */
export interface Merging {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  /** The commit that it became; absent while it goes on. */
  readonly result?: string;
  /** Two branches that met before have several common starts; of these git makes one of its own, which no path tells. */
  readonly isCrossed?: true;
}

/** More commits, branches and trial merges than these are not looked at: each is a call of git, and there are few edited files. */
const MAX_COMMITS = 20;
const MAX_BRANCHES = 50;
const MAX_TRIALS = 40;
/** How far back the original of a commit is looked for. */
const MAX_HISTORY = 10_000;

/**
 * What git is in the middle of. A rebase, a cherry-pick or a revert goes on as long as it has conflicts: what it brought together
 * without any is a commit.
 */
export async function mergingInProgress(git: Git, hasConflicts: boolean): Promise<Merging | undefined> {
  const ours = await commitOf(git, 'HEAD');
  if (ours === undefined) return undefined;
  const merged = (await commitOf(git, 'MERGE_HEAD')) ?? (await squashedNow(git));
  if (merged !== undefined) return ofBranches(git, ours, merged);
  if (!hasConflicts) return undefined;
  for (const name of ['REBASE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD']) {
    const [picked, parent] = await Promise.all([commitOf(git, name), commitOf(git, `${name}^`)]);
    if (picked === undefined) continue;
    if (parent === undefined) return undefined;
    return name === 'REVERT_HEAD' ? { base: picked, ours, theirs: parent } : { base: parent, ours, theirs: picked };
  }
  return undefined;
}

/**
 * The mergings of the history that left files as they stand now, the newest first: HEAD where it is one, and the commits that last
 * changed these files. A commit that was rebased, picked or squashed from another tells nothing of it by itself: its original is
 * looked for among the branches and in the reflog of this clone, and where it is not there, nobody can know.
 */
export async function mergingsBehind(git: Git, paths: readonly string[]): Promise<readonly Merging[]> {
  const head = await commitOf(git, 'HEAD');
  if (head === undefined) return [];
  const causes = new Map<string, string[]>([[head, []]]);
  for (const path of paths.slice(0, 10 * MAX_COMMITS)) {
    const commit = await git.ask(['rev-list', '-1', head, '--', `${git.prefix}${path}`]);
    if (commit !== undefined && commit !== '') causes.set(commit, [...(causes.get(commit) ?? []), path]);
  }
  const found: Merging[] = [];
  const trials = { left: MAX_TRIALS };
  const commits = await describe(git, [...causes.keys()]);
  for (const commit of commits.slice(0, MAX_COMMITS)) {
    const merging = await mergingAt(git, commit, causes.get(commit.id) ?? [], trials);
    if (merging !== undefined) found.push({ ...merging, result: commit.id });
  }
  return found;
}

/** Of these paths, those that a commit between two changed. */
export async function changedSince(git: Git, commit: string, paths: readonly string[]): Promise<ReadonlySet<string>> {
  if (paths.length === 0) return new Set();
  const where = paths.map((path) => `${git.prefix}${path}`);
  const args = ['log', '--format=', '--name-only', '--no-renames', '-z', `${commit}..HEAD`, '--', ...where];
  const names = (await git.feed(args)).toString('utf8').split('\0');
  return new Set(names.map((name) => name.trim().slice(git.prefix.length)));
}

/**
 * What git makes of it by itself, without touching work tree, index or refs: the id of the tree, and the paths (of the whole
 * repository) that it leaves in conflict. Undefined where this git cannot say (before 2.38), or may not write.
 */
export async function automaticMerge(
  git: Git,
  { base, ours, theirs }: Merging,
): Promise<{ readonly tree: string; readonly conflicts: ReadonlySet<string> } | undefined> {
  try {
    const bases = await git.ask(['merge-base', '--all', ours, theirs]);
    // `merge-tree` takes its base from the history alone (before 2.40): so ours is given one with the base in it.
    const start = bases === base ? ours : await onto(git, ours, base);
    const [tree = '', ...conflicts] = (await git.mergeTree(start, theirs)).split('\0');
    return { tree, conflicts: new Set(conflicts.filter((path) => path !== '')) };
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

/** The tree of a commit as a commit after another one. No ref names it. */
async function onto(git: Git, commit: string, parent: string): Promise<string> {
  const who = { NAME: 'gitops-gen', EMAIL: 'gitops-gen@localhost', DATE: '1 +0000' };
  const env = Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((role) => Object.entries(who).map(([key, value]) => [`GIT_${role}_${key}`, value])),
  );
  const args = ['commit-tree', '--no-gpg-sign', '-p', parent, '-m', 'trial', `${commit}^{tree}`];
  return (await git.feed(args, { env })).toString('utf8').trim();
}

function commitOf(git: Git, revision: string): Promise<string | undefined> {
  return git.ask(['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]);
}

async function ofBranches(git: Git, ours: string, theirs: string): Promise<Merging | undefined> {
  const bases = (await git.ask(['merge-base', '--all', ours, theirs]))?.split('\n') ?? [];
  const [base] = bases;
  if (base === undefined) return undefined;
  return { base, ours, theirs, ...(bases.length > 1 ? { isCrossed: true } : {}) };
}

/** What `git merge --squash` was given, until it is committed: its message lists the commits, the newest first. */
async function squashedNow(git: Git): Promise<string | undefined> {
  const path = await git.ask(['rev-parse', '--git-path', 'SQUASH_MSG']);
  const text = path === undefined ? '' : await readFile(resolve(git.top, path), 'utf8').catch(() => '');
  const id = listedIn(text);
  return id === undefined ? undefined : commitOf(git, id);
}

function listedIn(message: string): string | undefined {
  return /^commit ([0-9a-f]{40,64})$/mu.exec(message)?.[1];
}

interface Commit {
  readonly id: string;
  readonly parents: readonly string[];
  /** Who wrote it, when, and its subject: what stays the same when it is rebased or picked. */
  readonly signature: string;
  /** Seconds since 1970. */
  readonly authored: number;
  readonly committed: number;
}

const FIELDS = '--format=%H%x00%P%x00%at%x00%ct%x00%an <%ae> %s';

function commitsIn(output: Buffer): readonly Commit[] {
  const lines = output.toString('utf8').split('\n');
  return lines.flatMap((line) => {
    const [id = '', parents = '', authored = '', committed = '', ...words] = line.split('\0');
    if (id === '') return [];
    return [
      {
        id,
        parents: parents.split(' ').filter((each) => each !== ''),
        signature: `${authored} ${words.join(' ')}`,
        authored: Number(authored),
        committed: Number(committed),
      },
    ];
  });
}

/** Newest first. */
async function describe(git: Git, ids: readonly string[]): Promise<readonly Commit[]> {
  return commitsIn(await git.feed(['log', '--no-walk=sorted', FIELDS, ...ids]));
}

async function mergingAt(
  git: Git,
  commit: Commit,
  paths: readonly string[],
  trials: { left: number },
): Promise<Merging | undefined> {
  const [ours, theirs, third] = commit.parents;
  if (ours === undefined || third !== undefined) return undefined;
  if (theirs !== undefined) return ofBranches(git, ours, theirs);
  if (paths.length === 0) return undefined;
  return (await replayed(git, commit, ours, trials)) ?? squashed(git, commit, ours, paths, trials);
}

/** A commit that was written on another history: it keeps author, date and subject, and is committed later. */
async function replayed(
  git: Git,
  commit: Commit,
  ours: string,
  trials: { left: number },
): Promise<Merging | undefined> {
  if (commit.committed <= commit.authored) return undefined;
  const args = ['log', '--all', '--reflog', '--no-merges', `--max-count=${MAX_HISTORY}`, FIELDS];
  const originals = commitsIn(await git.feed(args)).filter(
    ({ id, signature, committed, parents }) =>
      id !== commit.id && signature === commit.signature && committed < commit.committed && parents.length === 1,
  );
  for (const { id, parents } of originals) {
    const merging = { base: parents[0] ?? '', ours, theirs: id };
    if (merging.base !== ours && (await gives(git, merging, commit, trials))) return merging;
  }
  return undefined;
}

/** A branch whose merge would be this very commit. Its message may name it; of branches, those are tried that can have mixed a file. */
async function squashed(
  git: Git,
  commit: Commit,
  ours: string,
  paths: readonly string[],
  trials: { left: number },
): Promise<Merging | undefined> {
  const named = listedIn((await git.ask(['log', '-1', '--format=%B', commit.id])) ?? '');
  const refs = ['for-each-ref', '--format=%(objectname)', '--sort=-committerdate', `--count=${MAX_BRANCHES}`];
  const branches = (await git.feed([...refs, 'refs/heads', 'refs/remotes'])).toString('utf8').split('\n');
  const tips = [...new Set([...(named === undefined ? [] : [named]), ...branches])].filter((tip) => tip !== '');
  const isThere = await having(git, [ours, ...tips], paths);
  for (const tip of tips) {
    // A file that is one end of a rename was made by one of the two, and the other has none.
    if (!paths.some((path) => isThere(ours, path) !== isThere(tip, path))) continue;
    const merging = (await commitOf(git, tip)) === undefined ? undefined : await ofBranches(git, ours, tip);
    if (merging === undefined || merging.isCrossed || merging.base === tip || merging.base === ours) continue;
    if (await gives(git, merging, commit, trials)) return merging;
  }
  return undefined;
}

/** Whether git makes the tree of this commit of it. */
async function gives(git: Git, merging: Merging, commit: Commit, trials: { left: number }): Promise<boolean> {
  trials.left -= 1;
  if (trials.left < 0) return false;
  const [merge, tree] = [await automaticMerge(git, merging), await git.ask(['rev-parse', `${commit.id}^{tree}`])];
  return merge !== undefined && merge.tree === tree;
}

/** Which of these commits have which of these files. */
async function having(
  git: Git,
  commits: readonly string[],
  paths: readonly string[],
): Promise<(commit: string, path: string) => boolean> {
  const asked = commits.flatMap((commit) => paths.map((path) => `${commit}:${git.prefix}${path}`));
  const answers = (await git.feed(['cat-file', '--batch-check'], { input: `${asked.join('\n')}\n` }))
    .toString('utf8')
    .split('\n');
  const there = new Set(asked.filter((_, at) => / blob \d+$/u.test(answers[at] ?? '')));
  return (commit, path) => there.has(`${commit}:${git.prefix}${path}`);
}
