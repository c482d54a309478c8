import type { Git } from './git.js';

/** A file that git could not merge: its text in the index, at stage 1 (before), 2 (ours) and 3 (theirs). */
export interface Unmerged {
  readonly base?: string;
  readonly ours?: string;
  readonly theirs?: string;
}

/** Every file below our folder that is in conflict in git's index, by path. A stage that is not text counts as absent. */
export async function readUnmerged(git: Git): Promise<ReadonlyMap<string, Unmerged>> {
  const where = git.prefix === '' ? [] : ['--', git.prefix];
  const lines = (await git.feed(['ls-files', '--unmerged', '-z', '--full-name', ...where]))
    .toString('utf8')
    .split('\0');
  const entries = lines.flatMap((line) => {
    const match = /^\d+ ([0-9a-f]+) ([123])\t(.+)$/su.exec(line);
    const [, id = '', stage = '', path = ''] = match ?? [];
    return match === null ? [] : [{ id, stage, path: path.slice(git.prefix.length) }];
  });
  if (entries.length === 0) return new Map();
  const texts = await git.blobs(entries.map(({ id }) => id));
  const found = new Map<string, Unmerged>();
  const names: Readonly<Record<string, keyof Unmerged>> = { 1: 'base', 2: 'ours', 3: 'theirs' };
  for (const { id, stage, path } of entries) {
    const text = texts.get(id);
    const name = names[stage];
    if (name === undefined) continue;
    found.set(path, { ...found.get(path), ...(typeof text === 'string' ? { [name]: text } : {}) });
  }
  return found;
}
