import { publishTree } from '../commit.js';
import { planOf } from './plan.js';

/**
 * Adds one model beside those that are there, with a commit, in a process of its own: `publish-script <folder> <name> [<killed at>]`.
 */
const [root = '', name = '', killAt = '0'] = process.argv.slice(2);

let points = 0;
const fault = () => {
  points += 1;
  if (points === Number(killAt)) process.kill(process.pid, 'SIGKILL');
};

await publishTree(
  root,
  (tree) => {
    const models = [...tree.files].filter(([path]) => path.startsWith('applications/'));
    return planOf({ ...(Object.fromEntries(models) as Record<string, string>), [`applications/${name}/x.yaml`]: name })(
      tree,
    );
  },
  { message: name, attempts: 100, lockTimeoutMs: 600_000, fault },
);
