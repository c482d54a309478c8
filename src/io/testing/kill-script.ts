import { applyChangeset, recover } from '../apply.js';
import { commitChangeset } from '../commit.js';
import { planFolder } from './plan.js';

/**
 * One run in a process of its own that is killed before the n-th change of the disk: `node kill-script <what> <folder> <n>`.
 * Prints the number of changes where it comes to its end.
 */
const [what = 'apply', root = '', killAt = '0'] = process.argv.slice(2);

/** Old state: `kept`, `edited: old`, `removed/file`. New state: see here. */
const desired = { kept: 'kept\n', edited: 'new\n', 'added/one/file': '1\n', 'added/two': '2\n' };

let points = 0;
const fault = () => {
  points += 1;
  if (points === Number(killAt)) process.kill(process.pid, 'SIGKILL');
};

await recover(root, { fault, lockTimeoutMs: 0 });
if (what !== 'recover') {
  const changeset = await planFolder(root, desired);
  if (what === 'commit') await commitChangeset(root, changeset, { message: 'new', fault, lockTimeoutMs: 0 });
  else await applyChangeset(root, changeset, { fault, lockTimeoutMs: 0 });
}
process.stdout.write(`${points}\n`);
