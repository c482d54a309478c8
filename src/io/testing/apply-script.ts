import { applyChangeset, recover } from '../apply.js';
import { planFolder } from './plan.js';

/**
 * A run in a process of its own: `node apply-script <folder> [<point to be killed at>]`. Prints the number of points where the
 * disk changes.
 */
const [root = '', killAt = '0'] = process.argv.slice(2);

const desired = {
  'README.md': '# Models\n',
  'applications/llama-3.1-8b/base/deployment.yaml': 'kind: Deployment\n'.repeat(40),
  'applications/llama-3.1-8b/base/İ-i.yaml': 'name: ıi\n',
  'applications/llama-3.1-8b/overlays/production/kustomization.yaml': 'resources: [../../base]\n',
  'argocd/projects/llama.yaml': 'kind: AppProject\n',
};

let points = 0;
const fault = () => {
  points += 1;
  if (points === Number(killAt)) process.kill(process.pid, 'SIGKILL');
};

await recover(root, { fault });
await applyChangeset(root, await planFolder(root, desired), { fault, lockTimeoutMs: 0 });
process.stdout.write(`${points}\n`);
