import { execFileSync } from 'node:child_process';
import { initGit } from '../git.js';
import { temporaryFolder } from './folders.js';

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
