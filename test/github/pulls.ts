import { execFileSync } from 'node:child_process';

/** A pull request as the local GitHub keeps it; commits are looked up in the bare repository. */
export interface Pull {
  readonly number: number;
  title: string;
  body: string;
  readonly head: string;
  base: string;
  draft: boolean;
  state: 'open' | 'closed';
  readonly author: string;
  labels: string[];
  users: string[];
  teams: string[];
  autoMerge: string | undefined;
  /** `owner/name` that the branch is in; another one is a fork. */
  readonly from: string;
}

/** git in a bare repository, with no configuration of this machine. */
export function bareGit(folder: string, ...args: string[]): string {
  const env = { PATH: process.env['PATH'], HOME: folder, GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' };
  return execFileSync('git', ['--git-dir', folder, ...args], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

/** The commit of a branch in a bare repository. */
export function bareTip(folder: string, branch: string): string | undefined {
  try {
    return bareGit(folder, 'rev-parse', '--verify', '--quiet', `refs/heads/${branch}`);
  } catch {
    return undefined;
  }
}
