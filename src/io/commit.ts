import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FileContent, Tree } from '../files/file-map.js';
import type { Changeset } from '../publish/changeset.js';
import { StateError } from '../publish/errors.js';
import { readOwnership } from '../publish/ownership.js';
import { type ApplyOptions, type ApplyResult, applyChangeset, type CommitPoint, recover } from './apply.js';
import { type Git, openGit } from './git.js';
import { GitCommits } from './git-commit.js';
import { type ReadTreeOptions, readTree } from './read-tree.js';

export interface CommitOptions extends Omit<ApplyOptions, 'commit'> {
  readonly message: string;
  /** False: do not sign, even where commit.gpgsign is set. */
  readonly sign?: boolean;
  /** SOURCE_DATE_EPOCH: seconds since 1970 for author and committer. Default: now. */
  readonly epoch?: number;
}

/**
 * Applies a changeset and commits everything it speaks for (also what an earlier run wrote and nobody committed, and the files
 * that the plan was made from) as one commit on the current branch. The move of the branch is the point of no return: before it nothing changed, after it the next run
 * finishes. Everything else in work tree and index stays as it is; no hook of the repository runs.
 * The result has no `commit` where HEAD held all of it already.
 */
export async function commitChangeset(
  root: string,
  changeset: Changeset,
  options: CommitOptions,
): Promise<ApplyResult> {
  const git = await openGit(root, 'Run "git init" there, or leave out --commit.');
  const commits = new GitCommits(git);
  const { message, sign, epoch, ...rest } = options;
  const commit: CommitPoint = {
    prepare: async (scratch) =>
      commits.build({
        contents: await contentsOf(git, root, changeset),
        message,
        scratch,
        ...(sign === undefined ? {} : { sign }),
        ...(epoch === undefined ? {} : { epoch }),
      }),
    move: (move) => git.moveRef(move),
    settle: (move) => commits.settleIndex(move),
  };
  return applyChangeset(root, changeset, { ...rest, commit });
}

/** Everything as it will stand, and the removal of what is gone: now, or in an earlier run that did not commit. */
async function contentsOf(git: Git, root: string, changeset: Changeset): Promise<Map<string, FileContent | null>> {
  // What the plan was made from belongs to what came of it: without it, the commit could not be rendered again.
  const contents = new Map<string, FileContent | null>([...(changeset.inputs ?? []), ...changeset.result]);
  for (const one of changeset.deletes) contents.set(one.path, null);
  const { commit } = await git.head();
  if (commit === undefined) return contents;
  const committed = await git.readTreeAt(commit, { only: '.gitops-gen/owned' });
  const owned = [...readOwnership(committed.files, () => undefined).keys(), ...committed.files.keys()];
  for (const path of owned)
    if (!contents.has(path) && !changeset.ownership.has(path) && !existsSync(join(root, path)))
      contents.set(path, null);
  return contents;
}

export interface PublishOptions extends Omit<CommitOptions, 'message'> {
  /** Commit with this message; without it only files are written. */
  readonly message?: string;
  readonly read?: ReadTreeOptions;
  /** How often to begin again where another run was faster. Default 5. */
  readonly attempts?: number;
}

/**
 * Recovers, reads, plans, applies; and begins again where somebody else moved in between, so that runs side by side lose
 * nothing of each other. `plan` sees the tree as it is and may throw to end the run.
 */
export async function publishTree(
  root: string,
  plan: (tree: Tree) => Changeset | Promise<Changeset>,
  options: PublishOptions = {},
): Promise<ApplyResult & { readonly changeset: Changeset }> {
  const { message, read, attempts = 5, ...rest } = options;
  for (let attempt = 1; ; attempt += 1)
    try {
      await recover(root, rest);
      const changeset = await plan(await readTree(root, read));
      const result =
        message === undefined
          ? await applyChangeset(root, changeset, rest)
          : await commitChangeset(root, changeset, { ...rest, message });
      return { ...result, changeset };
    } catch (error) {
      const again = error instanceof StateError && ['changed', 'diverged', 'journal-waits'].includes(error.reason);
      if (!again || attempt >= attempts) throw error;
    }
}
