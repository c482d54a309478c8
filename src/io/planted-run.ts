import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StateError } from '../publish/errors.js';
import { findGit } from './git.js';
import { RUN_FOLDER } from './read-tree.js';

/**
 * Refuses a repository that tracks files of a run. What an interrupted run leaves ignores itself and is in no commit; a journal
 * that comes with a commit is somebody else's, and to finish it would write over what is to be judged. Case is ignored, as
 * file systems may. Throws StateError `journal`.
 */
export async function refusePlantedRun(root: string): Promise<void> {
  if (!existsSync(join(root, RUN_FOLDER))) return;
  const git = await findGit(root);
  if (git === undefined) return;
  const plain = (path: string) => path.normalize('NFC').toLowerCase();
  const folder = plain(`${git.prefix}${RUN_FOLDER}/`);
  const tracked = (await git.feed(['ls-files', '-z', '--full-name']))
    .toString('utf8')
    .split('\0')
    .filter((path) => plain(path).startsWith(folder));
  if (tracked.length === 0) return;
  throw new StateError(
    'journal',
    `${RUN_FOLDER} is part of a commit: it holds the state of a run, and belongs into none`,
    `Look at who added it, and take it out: git rm -r --cached ${RUN_FOLDER}`,
    tracked.slice(0, 20),
  );
}
