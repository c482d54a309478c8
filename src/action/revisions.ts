import type { Git } from '../io/git.js';
import type { Change } from './event.js';

/** The commit that a change is compared with and whose policies are trusted, or why there is none. */
export type BaseResult = { readonly base: string } | { readonly refused: string };

const fetchMore =
  'Give actions/checkout the input fetch-depth: 0 (2 is enough for what it checks out by itself), and leave out ref.';

/**
 * Finds the base in the clone. What is checked out has to be the change: its head, or a commit that merges it. GitHub's own
 * merge commit (GITHUB_SHA) has the tip of the target as its first parent, which is newer than the event may be.
 */
export async function baseOf(
  change: Change,
  git: Git | undefined,
  workflowCommit: string | undefined,
): Promise<BaseResult> {
  if (git === undefined) return { refused: `The workspace is no git repository. ${fetchMore}` };
  const { commit: head } = await git.head();
  if (head === undefined) return { refused: `The workspace has no commit. ${fetchMore}` };
  const parents = await parentsOf(head, git);
  const [first, second] = parents;
  const merges = parents.length === 2 && second === change.head;
  if (head !== change.head && !parents.includes(change.head) && !(await git.isAncestor(change.head, head))) {
    return {
      refused: `What is checked out (${head.slice(0, 12)}) is not this pull request (${change.head.slice(0, 12)}): nothing of it would be judged. ${fetchMore}`,
    };
  }
  const base = merges && head === workflowCommit ? (first as string) : change.base;
  const isHere = await git.commitId(base).then(
    () => true,
    () => false,
  );
  return isHere
    ? { base }
    : { refused: `The commit that this goes into (${base.slice(0, 12)}) is not in this clone. ${fetchMore}` };
}

/** From the commit itself: a shallow clone hides parents that it does not have. */
async function parentsOf(commit: string, git: Git): Promise<readonly string[]> {
  const text = (await git.feed(['cat-file', 'commit', commit])).toString('utf8');
  const header = text.slice(0, text.indexOf('\n\n'));
  return [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, id]) => id as string);
}
