import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { commit, git, put } from '../support/git-repository.js';

/** A pull request as it stands at GitHub and as actions/checkout lays it out. */
export interface PullRequest {
  readonly workspace: string;
  readonly event: { readonly name: string; readonly payload: object };
  /** GITHUB_SHA: the commit that merges it. */
  readonly sha: string;
  readonly base: string;
  readonly head: string;
}

export interface Recorded {
  /** The repository that it goes into, with the branch main checked out. */
  readonly into: string;
  /** Where it and its checkout may lie. */
  readonly home: string;
  readonly files?: Readonly<Record<string, string | undefined>>;
  /** Does what files cannot (links, modes, other repositories), in the work tree of the head. */
  readonly prepare?: (dir: string) => void;
  readonly fork?: boolean;
  readonly title?: string;
  readonly branch?: string;
  readonly author?: string;
  /** Of the checkout; 0 fetches everything. */
  readonly depth?: number;
  /** What comes to main after the branch parted. */
  readonly meanwhile?: Readonly<Record<string, string | undefined>>;
  /** Whether the head itself is checked out, and not the commit that merges it. */
  readonly headOnly?: boolean;
}

let count = 0;

/** Builds the branch, merges it as GitHub does for refs/pull/N/merge, and checks it out as actions/checkout does. */
export function record(options: Recorded): PullRequest {
  count += 1;
  const folder = join(options.home, `pr-${count}`);
  const server = join(folder, 'server');
  mkdirSync(folder, { recursive: true });
  git(folder, 'clone', '--quiet', options.into, server);
  git(server, 'switch', '--quiet', '--create', `pull-${count}`);
  put(server, options.files ?? {});
  options.prepare?.(server);
  const head = commit(server, options.title ?? 'Change');
  git(server, 'switch', '--quiet', 'main');
  if (options.meanwhile !== undefined) {
    put(server, options.meanwhile);
    commit(server, 'Meanwhile');
  }
  const base = git(server, 'rev-parse', 'main');
  git(server, 'switch', '--quiet', '--detach');
  git(server, 'merge', '--quiet', '--no-ff', '--message', `Merge ${head} into ${base}`, head);
  const merge = git(server, 'rev-parse', 'HEAD');
  git(server, 'update-ref', `refs/pull/${count}/merge`, merge);
  git(server, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  const sha = options.headOnly === true ? head : merge;
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace);
  git(workspace, 'init', '--quiet', '--initial-branch=main');
  git(workspace, 'remote', 'add', 'origin', 'https://github.com/acme/fleet');
  const { depth = 0 } = options;
  const fetched = depth === 0 ? [] : [`--depth=${depth}`];
  git(
    workspace,
    '-c',
    'protocol.file.allow=always',
    'fetch',
    '--quiet',
    '--no-tags',
    ...fetched,
    `file://${server}`,
    `+${sha}:refs/remotes/pull/${count}/merge`,
    // Without a depth everything is fetched.
    ...(depth === 0 ? ['+refs/heads/*:refs/remotes/origin/*'] : []),
  );
  git(workspace, 'checkout', '--quiet', '--force', `refs/remotes/pull/${count}/merge`);
  const name = options.fork === true ? 'stranger/fleet' : 'acme/fleet';
  return {
    workspace,
    sha: merge,
    base,
    head,
    event: {
      name: 'pull_request',
      payload: {
        action: 'opened',
        number: count,
        pull_request: {
          number: count,
          title: options.title ?? 'Change',
          user: { login: options.author ?? 'author' },
          head: { sha: head, ref: options.branch ?? 'change', repo: { full_name: name, fork: options.fork === true } },
          base: { sha: base, ref: 'main', repo: { full_name: 'acme/fleet', fork: false } },
        },
        repository: { full_name: 'acme/fleet' },
      },
    },
  };
}
