import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shown } from '../diagnostics/show.js';
import { changeTrailer } from '../publish/change-name.js';
import { IoError, StateError } from '../publish/errors.js';
import { ForgeError } from '../publish/forge.js';
import { isLoopback } from '../publish/forge-address.js';
import { basic, type ForgeToken, withoutSecrets } from './forge-token.js';
import { type Git, GitError, refuseBadRef } from './git.js';
import { type CommitContents, GitCommits } from './git-commit.js';
import { withoutCredentials } from './git-errors.js';
import { hasCommit, tipOf } from './git-refs.js';

/** A commit on a branch, as far as it says whose it is. */
export interface BranchCommit {
  readonly id: string;
  /** `Name <address>`. */
  readonly author: string;
  readonly subject: string;
  /** The change it belongs to; undefined for commits of other people. */
  readonly change: string | undefined;
}

/** Where git transfers to and from. */
export interface Remote {
  /** What git is told: the name of a remote, or an address without user name and password. */
  readonly target: string;
  /** The address, for its scheme and host, and for messages. */
  readonly url: string;
}

export interface PushRequest {
  readonly remote: Remote;
  readonly branch: string;
  readonly commit: string;
  /** The commit the branch was seen at; undefined where it was not there. */
  readonly expected: string | undefined;
  /** Given to this one git process, over HTTP only. */
  readonly token?: ForgeToken;
}

/** Commits, branches and pushes beside the work tree and the index of the user. */
export class GitPublisher {
  private readonly commits: GitCommits;

  /** `stallSeconds`: a transfer over HTTP that stands still that long is given up; over SSH the limit of every git call ends it. */
  constructor(
    private readonly git: Git,
    private readonly stallSeconds = 30,
  ) {
    this.commits = new GitCommits(git);
  }

  /** Writes the tree of `start` with these contents, and hands it on; the private index goes away afterwards. */
  async treeOn(start: string, contents: CommitContents): Promise<string> {
    const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'gitops-gen-index-')));
    try {
      return await this.commits.treeOn(start, contents, scratch);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }

  commit(
    tree: string,
    parents: readonly string[],
    request: Parameters<GitCommits['commitBeside']>[2],
  ): Promise<string> {
    return this.commits.commitBeside(tree, parents, request);
  }

  async treeOf(commit: string): Promise<string> {
    return (await this.git.feed(['rev-parse', '--verify', '--end-of-options', `${commit}^{tree}`]))
      .toString('utf8')
      .trim();
  }

  async isAncestor(ancestor: string, commit: string): Promise<boolean> {
    return (await this.git.ask(['merge-base', '--is-ancestor', ancestor, commit])) !== undefined;
  }

  /** Commits that `tip` has and none of the others, newest first. */
  async commitsBeside(tip: string, others: readonly string[]): Promise<readonly BranchCommit[]> {
    const format = `--format=%H%x00%an <%ae>%x00%s%x00%(trailers:key=${changeTrailer},valueonly,separator=%x20)`;
    const out = await this.git.feed(['log', '-z', format, tip, ...others.map((each) => `^${each}`)]);
    const fields = out.toString('utf8').split('\0');
    const found: BranchCommit[] = [];
    for (let at = 0; at + 3 < fields.length; at += 4) {
      const [id = '', author = '', subject = '', change = ''] = fields.slice(at, at + 4);
      found.push({ id, author, subject, change: change.trim() === '' ? undefined : change.trim() });
    }
    return found;
  }

  /** Whether a branch is checked out somewhere: moving it would change what `git status` says there. */
  async isCheckedOut(branch: string): Promise<boolean> {
    const out = (await this.git.feed(['worktree', 'list', '--porcelain', '-z'])).toString('utf8');
    return out.split('\0').includes(`branch refs/heads/${branch}`);
  }

  localTip(branch: string): Promise<string | undefined> {
    return tipOf(this.git, `refs/heads/${branch}`);
  }

  /** Moves or makes the local branch; throws StateError `diverged` where somebody else did in the meantime. */
  moveLocal(branch: string, to: string, from: string | undefined): Promise<void> {
    return this.git.moveRef({ ref: `refs/heads/${branch}`, to, paths: [], ...(from === undefined ? {} : { from }) });
  }

  /** The commit a branch of the remote stands at, by git's own credentials; undefined where there is none. */
  async remoteTip(remote: Remote, branch: string): Promise<string | undefined> {
    refuseBadRef(`refs/heads/${branch}`);
    const out = await this.transfer(remote, 'look at the remote', [
      'ls-remote',
      '--refs',
      '--end-of-options',
      remote.target,
      `refs/heads/${branch}`,
    ]);
    return out
      .split('\n')
      .map((line) => line.split('\t'))
      .find(([, ref]) => ref === `refs/heads/${branch}`)?.[0];
  }

  /**
   * Brings a branch of the remote into a ref of our own, by git's own credentials. Undefined where it could not be had: the
   * token is never given to a git that does not push.
   */
  async fetch(remote: Remote, branch: string): Promise<string | undefined> {
    refuseBadRef(`refs/heads/${branch}`);
    const own = `refs/gitops-gen/remote/${branch}`;
    const flags = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--no-auto-maintenance'];
    try {
      await this.transfer(remote, 'fetch', [
        'fetch',
        ...flags,
        '--end-of-options',
        remote.target,
        `+refs/heads/${branch}:${own}`,
      ]);
      return await tipOf(this.git, own);
    } catch (error) {
      if (error instanceof ForgeError || error instanceof IoError) return undefined;
      throw error;
    }
  }

  /** Makes sure that a commit of the remote is here. */
  async ensure(remote: Remote, branch: string, commit: string): Promise<void> {
    if (await hasCommit(this.git, commit)) return;
    await this.fetch(remote, branch);
    if (await hasCommit(this.git, commit)) return;
    throw new StateError(
      'diverged',
      `branch ${branch} stands at ${commit.slice(0, 12)} on the remote, a commit that is not here`,
      `Fetch it and run this again: git fetch ${shown(withoutCredentials(remote.target), 200)} ${branch}`,
    );
  }

  /** Pushes one commit to one branch, if that still stands where it was seen. Throws StateError `diverged` where it does not. */
  async push({ remote, branch, commit, expected, token }: PushRequest): Promise<void> {
    const ref = `refs/heads/${branch}`;
    refuseBadRef(ref);
    const flags = ['--quiet', '--no-verify', '--no-follow-tags', '--no-signed', '--recurse-submodules=no'];
    const lease = `--force-with-lease=${ref}:${expected ?? ''}`;
    const args = ['push', ...flags, lease, '--end-of-options', remote.target, `${commit}:${ref}`];
    await this.transfer(remote, `push ${branch}`, args, token);
  }

  /** A git command that speaks to a remote: never asks anybody, never follows to another address, never stands still. */
  private async transfer(remote: Remote, what: string, args: readonly string[], token?: ForgeToken): Promise<string> {
    const { protocol, host } = addressOf(remote.url);
    const settings = [
      `http.lowSpeedLimit=1`,
      `http.lowSpeedTime=${this.stallSeconds}`,
      'core.askPass=',
      ...(protocol === 'http:' && isLoopback(host) ? ['protocol.http.allow=always'] : []),
      ...(token === undefined ? [] : ['http.followRedirects=false', 'credential.helper=']),
    ].flatMap((setting) => ['-c', setting]);
    try {
      const env = token === undefined ? {} : tokenVariables(`${protocol}//${host}/`, token.token);
      return (await this.git.feed([...settings, ...args], { env })).toString('utf8');
    } catch (error) {
      if (error instanceof GitError) throw transferError(error.stderr, what, host, token);
      throw error;
    }
  }

  /** What `git am` takes: these commits as mails, oldest first. */
  async patch(from: string, to: string): Promise<string> {
    const flags = ['--stdout', '--binary', '--no-signature', '--full-index', '--no-stat'];
    return (await this.git.feed(['format-patch', ...flags, '--end-of-options', `${from}..${to}`])).toString('utf8');
  }
}

/**
 * The token as a header of this process alone, for this host alone. The first, empty one takes away what configuration (as
 * actions/checkout leaves it) says: GitHub refuses two of them.
 */
function tokenVariables(origin: string, token: string): Record<string, string> {
  const key = `http.${origin}.extraHeader`;
  return {
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: key,
    GIT_CONFIG_VALUE_0: '',
    GIT_CONFIG_KEY_1: key,
    GIT_CONFIG_VALUE_1: `Authorization: Basic ${basic(token)}`,
  };
}

/** Host and scheme of an address; scp-like ones are SSH. */
function addressOf(url: string): { readonly protocol: string; readonly host: string } {
  try {
    const { protocol, host } = new URL(url);
    return { protocol, host };
  } catch {
    return { protocol: 'ssh:', host: /^(?:[^@/]*@)?([^:/]+)/u.exec(url)?.[1] ?? '' };
  }
}

/** What git said of a transfer that failed, as an error of ours. */
export function transferError(
  stderr: string,
  what: string,
  host: string,
  token: ForgeToken | undefined,
): ForgeError | StateError {
  const said = withoutCredentials(withoutSecrets(stderr, token === undefined ? [] : [token.token]));
  const lines = said.split('\n').map((line) => line.trim());
  const remote = lines.flatMap((line) => /^remote:\s*(?:error:\s*)?(\S.*)$/u.exec(line)?.[1] ?? []);
  const told = shown(
    [...remote, lines.find((line) => /^(?:fatal|error):/u.test(line)) ?? lines[0] ?? ''].slice(0, 6).join('; '),
    400,
  );
  const intro = `could not ${what} at ${shown(host)}`;
  const error = (fault: ForgeError['fault'], text: string, hint: string) =>
    new ForgeError(fault, `${intro}: ${text}`, hint);
  if (
    /\(stale info\)|\(fetch first\)|\(non-fast-forward\)|cannot lock ref|\(failed to update ref\)|reference already exists/u.test(
      said,
    )
  )
    return new StateError('diverged', `${intro}: somebody else pushed to the branch in the meantime`, 'Run it again.');
  if (/without `?workflows?`? (?:permission|scope)/u.test(said))
    return error('permission', told, 'The token needs workflows: write to change files below .github/workflows.');
  if (/GH006|GH013|protected branch|repository rule violations|pre-receive hook declined|hook declined/u.test(said))
    return error(
      'protected',
      told,
      'The local branch is kept. Change the rule for branches that start with gitops-gen/, or push by hand.',
    );
  const from = token === undefined ? 'the credentials that git has' : `the token from ${token.from}`;
  if (
    /Authentication failed|could not read (?:Username|Password)|returned error: 401|terminal prompts disabled|Permission denied \(publickey|Host key verification failed/u.test(
      said,
    )
  )
    return error(
      'credentials',
      `${from} are not accepted (${told})`.replace(/token from (\S+) are/u, 'token from $1 is'),
      'Set GITHUB_TOKEN or GH_TOKEN, or make "git push" work in this terminal without a question.',
    );
  if (/returned error: 403|Write access to repository not granted|Permission to .* denied/u.test(said))
    return error(
      'permission',
      told,
      'The token needs contents: write for this repository (classic tokens: the scope repo).',
    );
  if (/[Rr]epository .*not found|returned error: 404|does not appear to be a git repository/u.test(said))
    return error(
      'not-found',
      `the repository is not found, or ${from} have no access to it`.replace(
        /token from (\S+) have/u,
        'token from $1 has',
      ),
      'Check the address of the remote: git remote -v',
    );
  if (/transport '[^']*' not allowed/u.test(said))
    return new StateError(
      'not-found',
      `${intro}: only https and ssh remotes are used`,
      'Name another remote with --remote.',
    );
  return error('unavailable', told, 'Run it again: it goes on where it stopped.');
}
