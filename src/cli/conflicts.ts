import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileContent } from '../files/file-map.js';
import { applyChangeset } from '../io/apply.js';
import { findGit } from '../io/git.js';
import { GitCommits } from '../io/git-commit.js';
import type { LockOptions } from '../io/lock.js';
import { type Changeset, type ConflictSides, withMarkers } from '../publish/changeset.js';

/** A changeset with its conflicts as markers in the files, and the stages that git is told of. */
export interface MarkedChangeset {
  readonly changeset: Changeset;
  readonly stages: ReadonlyMap<string, ConflictSides>;
}

/** The conflicts as git has them; undefined where something stands in the way that no merge can end (a foreign file, a binary). */
export function conflictsOf(changeset: Changeset): MarkedChangeset | undefined {
  const marked = withMarkers(changeset);
  return marked.changeset.conflicts.length === 0 && marked.changeset.refused.length === 0 ? marked : undefined;
}

/**
 * Writes everything that could be merged, and the conflicts with markers; in a git repository its index is told, so that
 * `git status`, `git diff` and every mergetool know them.
 */
export async function applyConflicts(root: string, marked: MarkedChangeset, lock: LockOptions): Promise<void> {
  await applyChangeset(root, marked.changeset, lock);
  const git = await findGit(root);
  if (git !== undefined) await new GitCommits(git).stageConflicts(marked.stages);
}

/** Where a conflict has no base: why, and what would bring it. */
export async function missingBase(root: string, { conflicts }: Changeset): Promise<string | undefined> {
  if (conflicts.every(({ sides }) => sides?.base !== undefined)) return undefined;
  const git = await findGit(root);
  if (git === undefined)
    return 'without git, only a text that an earlier run kept in .gitops-gen/base/ can be merged with';
  return (await git.isShallow())
    ? 'this clone is shallow: git fetch --unshallow (in a workflow, fetch-depth: 0) brings the history, and a run after it can merge'
    : 'the commit that held it is not in this repository (any more): git fetch --all may bring it';
}

/**
 * Tells git that a merge of branches is resolved: the files that it left in conflict, and what this run wrote and removed
 * because of them, are staged as they stand now.
 */
export async function stageResolved(root: string, changeset: Changeset, paths: readonly string[]): Promise<void> {
  const git = await findGit(root);
  if (git === undefined) return;
  const contents = new Map<string, FileContent | null>();
  for (const path of paths) contents.set(path, changeset.result.get(path) ?? contentAt(root, path));
  for (const { path } of changeset.deletes) contents.set(path, null);
  for (const { path, content } of changeset.writes) contents.set(path, content);
  await new GitCommits(git).stage(contents);
}

/** What a file that this run did not speak for holds: people resolved it. */
function contentAt(root: string, path: string): FileContent | null {
  const absolute = join(root, path);
  return existsSync(absolute) ? readFileSync(absolute) : null;
}
