import type { Git } from './git.js';

/** A commit, as far as a person is told of it. */
export interface CommitLine {
  readonly id: string;
  /** Committer date, `YYYY-MM-DD`. */
  readonly date: string;
  readonly subject: string;
}

/** A state of one file in the history: `text` is undefined where the commit removed it, or where this clone lacks it. */
export interface FileVersion {
  readonly commit: string;
  readonly text: string | undefined;
}

const FIELDS = '--format=%H%x00%cs%x00%s';

/** Whether one commit is the other or one of its ancestors. Both must be in this clone. */
export async function isAncestor(git: Git, ancestor: string, commit: string): Promise<boolean> {
  return (await git.ask(['merge-base', '--is-ancestor', ancestor, commit])) !== undefined;
}

/** What is said of one commit; undefined where this clone does not have it. */
export async function commitLine(git: Git, commit: string): Promise<CommitLine | undefined> {
  const known = await git.ask(['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{commit}`]);
  if (known === undefined) return undefined;
  return lines(await git.feed(['log', '-1', FIELDS, known]))[0];
}

/**
 * Commits that are in the second and not in the first, newest first; with `paths` (relative to our folder) only those that
 * change something there. Merges are followed, and no commit of another branch is left out for being the same.
 */
export async function commitsBetween(
  git: Git,
  from: string,
  to: string,
  paths: readonly string[] = [],
): Promise<readonly CommitLine[]> {
  const where = paths.map((path) => `${git.prefix}${path}`);
  return lines(await git.feed(['log', FIELDS, `${from}..${to}`, ...(where.length === 0 ? [] : ['--', ...where])]));
}

/** Every state of a file on the way to a commit, oldest first, by the commits that changed it. */
export async function fileHistory(git: Git, path: string, commit: string): Promise<readonly FileVersion[]> {
  const args = ['log', '--reverse', '--format=%x00%H', '--raw', '--no-abbrev', '--no-renames', '-m', '--first-parent'];
  const out = (await git.feed([...args, commit, '--', `${git.prefix}${path}`])).toString('utf8');
  const found = out.split('\0').flatMap((block) => {
    const [id = '', ...rest] = block.split('\n');
    const blob = /^:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) [AMDT]/mu.exec(rest.join('\n'))?.[1];
    return id === '' || blob === undefined ? [] : [{ commit: id, blob }];
  });
  const texts = await git.blobs(found.map(({ blob }) => blob).filter((blob) => !/^0+$/u.test(blob)));
  return found.map(({ commit: id, blob }) => {
    const text = texts.get(blob);
    return { commit: id, text: typeof text === 'string' ? text : undefined };
  });
}

/** Whether history was cut off here (a shallow clone). */
export async function isShallow(git: Git): Promise<boolean> {
  return (await git.feed(['rev-parse', '--is-shallow-repository'])).toString('utf8').trim() === 'true';
}

function lines(output: Buffer): CommitLine[] {
  return output
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', date = '', ...subject] = line.split('\0');
      return { id, date, subject: subject.join(' ') };
    });
}
