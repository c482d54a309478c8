import { type Git, refuseBadRef } from './git.js';

/** The newest commit that two commits have in common; undefined where there is none. */
export async function mergeBase(git: Git, one: string, other: string): Promise<string | undefined> {
  return git.ask(['merge-base', one, other]);
}

/** The commit a full ref name stands for in this clone; undefined where there is no such ref. */
export async function tipOf(git: Git, ref: string): Promise<string | undefined> {
  refuseBadRef(ref);
  return git.ask(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
}

/** Whether this clone has a commit. */
export async function hasCommit(git: Git, id: string): Promise<boolean> {
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u.test(id)) return false;
  return (await git.ask(['rev-parse', '--verify', '--quiet', '--end-of-options', `${id}^{commit}`])) !== undefined;
}
