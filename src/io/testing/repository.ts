import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach } from 'vitest';
import { commitChangeset } from '../commit.js';
import { initGit } from '../git.js';
import { temporaryFolder } from './folders.js';
import { planFolder } from './plan.js';

/** Runs a line of shell in a folder, with the user's own git and no configuration of this machine. */
export function sh(folder: string, line: string): string {
  const env = { PATH: process.env['PATH'], HOME: folder, GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' };
  return execFileSync('sh', ['-c', line], { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A new repository with an identity of its own; it goes away after the test. */
export async function repository(): Promise<string> {
  const root = temporaryFolder();
  await initGit(root, 'main');
  identify(root);
  return root;
}

/** Gives a repository a name and address for its commits. */
export function identify(root: string): void {
  sh(root, 'git config user.name Test; git config user.email test@example.com; git config commit.gpgsign false');
}

/** A commit of what the plan of these files would write; undefined where nothing changes. */
export async function commit(root: string, desired: Record<string, string>, more = {}): Promise<string | undefined> {
  return (await commitChangeset(root, await planFolder(root, desired), { message: 'render', ...more })).commit;
}

/** Mode and path of what a revision holds, without the books. */
export function treeOf(root: string, revision = 'HEAD'): string[] {
  return sh(root, `git ls-tree -r --format="%(objectmode) %(path)" ${revision}`)
    .split('\n')
    .filter((line) => line !== '' && !line.includes('.gitops-gen/'));
}

/** Configuration of this machine must not decide a test: each has a home of its own. */
export function withOwnHome(): void {
  const saved = { ...process.env };
  beforeEach(() => {
    process.env['HOME'] = temporaryFolder();
  });
  afterEach(() => {
    process.env = { ...saved };
  });
}
