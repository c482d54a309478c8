import type { Git } from './git.js';

/**
 * The names of all tags, in the order of git; undefined where this clone is shallow, which mostly lacks tags and cannot tell whether it
 * does.
 */
export async function tagsOf(git: Git): Promise<readonly string[] | undefined> {
  if (await git.isShallow()) return undefined;
  const text = await git.git(['for-each-ref', '--format=%(refname:strip=2)', 'refs/tags']);
  return text.split('\n').filter((name) => name !== '');
}
