import { existsSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';
import type { SimpleGitOptions } from 'simple-git';
import type { FileContent, Tree } from '../files/file-map.js';
import { IoError, StateError } from '../publish/errors.js';
import { type GitFault, gitFault, withoutCredentials } from './git-errors.js';
import type { RefMove } from './journal.js';
import { childEnvironment, type RunResult, run } from './process.js';
import { decode } from './read-tree.js';

/**
 * Given on every command line, where it wins over the configuration of the repository: nothing that a repository configures is
 * run (hooks, file system monitor, background maintenance), an embedded bare repository is not taken for one, and only https
 * and ssh reach out. Sources: git-config(1); CVE-2022-24765 and the bare repository attack (safe.bareRepository).
 */
const HARDENING: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.quotePath=false',
  'safe.bareRepository=explicit',
  'protocol.allow=never',
  'protocol.https.allow=always',
  'protocol.ssh.allow=always',
  'gc.auto=0',
  'maintenance.auto=false',
  'i18n.commitEncoding=UTF-8',
];

/** What git may read from our environment beside the allow-list of every child: who commits, and where signing keys are. */
const IDENTITY_VARIABLES: readonly string[] = [
  'GIT_AUTHOR_NAME',
  'GIT_AUTHOR_EMAIL',
  'GIT_COMMITTER_NAME',
  'GIT_COMMITTER_EMAIL',
  'GNUPGHOME',
  'GPG_TTY',
  'SSH_AUTH_SOCK',
];

/** Variables that this file sets itself. simple-git refuses every GIT_ variable that is not named. */
const OWN_VARIABLES: readonly string[] = [
  ...IDENTITY_VARIABLES,
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_TERMINAL_PROMPT',
  'GIT_LITERAL_PATHSPECS',
  'GIT_AUTHOR_DATE',
  'GIT_COMMITTER_DATE',
];

/** simple-git takes the settings above for attacks by default; here they are the defence, and fixed in this file. */
const OPTIONS: Partial<SimpleGitOptions> = {
  binary: 'git',
  config: [...HARDENING],
  unsafe: { allowUnsafeHooksPath: true, allowUnsafeFsMonitor: true, allowUnsafeProtocolOverride: true },
  allowEnvironment: OWN_VARIABLES,
  completion: { onClose: true, onExit: false },
  timeout: { block: 120_000 },
  maxConcurrentProcesses: 2,
  // The code goes first: without this, a command that fails without a word counts as success.
  errors: (_error, result) =>
    result.exitCode === 0 ? undefined : Buffer.concat([Buffer.from(`${result.exitCode}\n`), ...result.stdErr]),
};

export interface GitHead {
  /** Full name of the branch; undefined where HEAD is detached. */
  readonly ref?: string;
  /** The commit; undefined where the branch has none yet. */
  readonly commit?: string;
}

interface Call {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/** The repository that holds a folder. Throws StateError `no-repository` where there is none. */
export async function openGit(root: string, hint = 'Run "git init" there, and commit.'): Promise<Git> {
  const git = await findGit(root);
  if (git !== undefined) return git;
  throw new StateError('no-repository', `${root} is in no git repository`, hint);
}

/** The repository that holds a folder, or that would hold it where it is not there yet; or undefined. */
export async function findGit(folder: string): Promise<Git | undefined> {
  let root = folder;
  while (!existsSync(root) && dirname(root) !== root) root = dirname(root);
  try {
    const flags = ['--show-toplevel', '--absolute-git-dir', '--show-object-format', '--show-prefix'];
    const lines = (await call(root, ['rev-parse', ...flags])).split('\n');
    const [top = '', gitDir = '', format = '', prefix = ''] = lines;
    const missing = root === folder ? '' : `${relative(root, folder).split(sep).join('/')}/`;
    return new Git(top, gitDir, `${prefix}${missing}`, format === 'sha256' ? 'sha256' : 'sha1');
  } catch (error) {
    if (error instanceof GitError && /not a git repository|must be run in a work tree/u.test(error.stderr))
      return undefined;
    throw error;
  }
}

/** Makes a repository in a folder that exists. */
export async function initGit(root: string, branch: string): Promise<Git> {
  refuseBadRef(`refs/heads/${branch}`);
  await call(root, ['init', '--quiet', `--initial-branch=${branch}`]);
  return openGit(root);
}

/** git's complaint as an error: exits with 3, keeps what git said. */
export class GitError extends IoError {
  constructor(
    readonly exitCode: number,
    readonly stderr: string,
    fault: GitFault,
  ) {
    super(fault.message, fault.hint, 'GIT');
  }
}

/** Starts one git command with fixed options. Values from outside stand behind `--` or `--end-of-options` in `args`, or in stdin. */
async function call(cwd: string, args: readonly string[], options: Call = {}): Promise<string> {
  // Imported when first needed: it costs 30 ms that most commands do not have to pay.
  const { simpleGit } = await import('simple-git');
  const git = simpleGit({ ...OPTIONS, baseDir: cwd, input: () => Buffer.from(options.input ?? '') });
  try {
    return await git.env(environment(options.env)).raw([...args]);
  } catch (error) {
    throw asGitError(args[0] ?? '', error);
  }
}

function environment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  return childEnvironment(process.env, { ...gitVariables(), ...extra });
}

/** Who commits, as the environment says it, and: never ask anybody, never take a path for a pattern. */
function gitVariables(): Record<string, string> {
  const identity = IDENTITY_VARIABLES.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(identity), GIT_TERMINAL_PROMPT: '0', GIT_LITERAL_PATHSPECS: '1' };
}

function asGitError(command: string, error: unknown): Error {
  const text = error instanceof Error ? error.message : String(error);
  const match = /^(\d+)\n([\s\S]*)$/u.exec(text);
  const stderr = match?.[2] ?? text;
  return new GitError(Number(match?.[1] ?? -1), stderr, gitFault(command, stderr));
}

/** One repository, seen from one folder in it. All paths are relative to that folder. */
export class Git {
  constructor(
    /** The work tree. */
    readonly top: string,
    private readonly gitDir: string,
    /** The folder inside the work tree, with a slash at its end; '' at the top. */
    readonly prefix: string,
    readonly format: 'sha1' | 'sha256',
  ) {}

  /** One git command with fixed options. For the rooms of this adapter only. */
  git(args: readonly string[], options: Call = {}): Promise<string> {
    const env = { GIT_DIR: this.gitDir, GIT_WORK_TREE: this.top, ...options.env };
    return call(this.top, args, { ...options, env });
  }

  async head(): Promise<GitHead> {
    const [ref, commit] = await Promise.all([
      this.ask(['symbolic-ref', '--quiet', 'HEAD']),
      this.ask(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']),
    ]);
    return { ...(ref === undefined ? {} : { ref }), ...(commit === undefined ? {} : { commit }) };
  }

  /** Short name of the current branch; undefined where HEAD is detached. */
  async branch(): Promise<string | undefined> {
    return (await this.head()).ref?.replace(/^refs\/heads\//u, '');
  }

  /** Address of a remote without user name and password; undefined where there is no such remote. */
  async remoteUrl(name = 'origin'): Promise<string | undefined> {
    if (!/^[A-Za-z0-9][\w./-]*$/u.test(name)) return undefined;
    const url = await this.ask(['config', '--get', `remote.${name}.url`]);
    return url === undefined ? undefined : withoutCredentials(url);
  }

  async remotes(): Promise<readonly string[]> {
    return (await this.feed(['remote']))
      .toString('utf8')
      .split('\n')
      .filter((name) => name !== '');
  }

  /** The full id of the commit a revision names. Throws StateError `not-found`. */
  async commitId(revision: string): Promise<string> {
    const id = await this.ask(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
    if (id !== undefined) return id;
    const hint = (await this.isShallow())
      ? 'This clone is shallow: fetch more history (git fetch --unshallow; in a workflow, fetch-depth: 0).'
      : 'Name a branch, tag or commit that this repository has (git fetch brings what the remote has).';
    throw new StateError('not-found', `revision ${JSON.stringify(revision)} is not in this repository`, hint);
  }

  /** The newest commit that two commits have in common; undefined where the history at hand holds none. */
  async mergeBase(a: string, b: string): Promise<string | undefined> {
    return this.ask(['merge-base', '--end-of-options', a, b]);
  }

  /** Whether this clone holds only the newest commits. */
  async isShallow(): Promise<boolean> {
    return (await this.git(['rev-parse', '--is-shallow-repository'])).trim() === 'true';
  }

  /** Whether a commit is in the history of another; false too where one is not in this clone. */
  async isAncestor(ancestor: string, commit: string): Promise<boolean> {
    try {
      return (await this.ask(['merge-base', '--is-ancestor', '--end-of-options', ancestor, commit])) !== undefined;
    } catch (error) {
      if (error instanceof GitError) return false;
      throw error;
    }
  }

  /** The bytes of a blob, or undefined where this repository does not have it. */
  async blob(id: string): Promise<FileContent | undefined> {
    return (await this.blobs([id])).get(id);
  }

  /** Many blobs at once: the text of those that this repository has and that are text, by id. */
  async blobs(ids: readonly string[]): Promise<ReadonlyMap<string, FileContent>> {
    const wanted = ids.filter((id) => /^[0-9a-f]{40,64}$/u.test(id));
    const found = await this.objects(wanted);
    return new Map(wanted.flatMap((id, at) => (found[at] === undefined ? [] : [[id, decode(found[at])] as const])));
  }

  /** The folder as it is in a commit. Submodules and files over `maxFileBytes` (default 16 MiB) are in `unread`. */
  async readTreeAt(
    revision: string,
    options: { readonly maxFileBytes?: number; readonly only?: string } = {},
  ): Promise<Tree> {
    const commit = await this.commitId(revision);
    const tree = {
      files: new Map<string, FileContent>(),
      links: new Map<string, string>(),
      unread: new Map<string, string>(),
    };
    const entries = await this.listTree(commit, options.only);
    const limit = options.maxFileBytes ?? 16 * 1024 * 1024;
    const wanted = entries.filter((one) => {
      if (one.type !== 'blob') tree.unread.set(one.path, 'a submodule');
      else if (one.size > limit) tree.unread.set(one.path, `larger than ${limit} bytes`);
      else return true;
      return false;
    });
    const contents = await this.objects(wanted.map((one) => one.id));
    wanted.forEach((one, index) => {
      const bytes = contents[index];
      if (bytes === undefined) tree.unread.set(one.path, 'not in this clone');
      else if (one.mode === '120000') tree.links.set(one.path, bytes.toString('utf8'));
      else tree.files.set(one.path, decode(bytes));
    });
    return tree;
  }

  /** Every file below our folder in a commit, or below the folder `only` in it. */
  async listTree(commit: string, only = ''): Promise<TreeEntry[]> {
    const under = `${this.prefix}${only}`.replace(/\/$/u, '');
    const where = under === '' ? [] : ['--', under];
    const stdout = await this.feed(['ls-tree', '-r', '-z', '-l', '--full-tree', commit, ...where]);
    return stdout
      .toString('utf8')
      .split('\0')
      .filter((line) => line !== '')
      .map((line) => {
        const [head = '', path = ''] = splitOnce(line, '\t');
        const [mode = '', type = '', id = '', size = '0'] = head.split(/ +/u);
        return { mode, type, id, size: Number(size) || 0, path: path.slice(this.prefix.length) };
      });
  }

  /** The bytes of many objects, in order; undefined for those that are missing. */
  private async objects(ids: readonly string[]): Promise<(Buffer | undefined)[]> {
    if (ids.length === 0) return [];
    const stdout = await this.feed(['cat-file', '--batch'], { input: `${ids.join('\n')}\n` });
    let at = 0;
    return ids.map(() => {
      const end = stdout.indexOf(10, at);
      const size = Number(stdout.toString('latin1', at, end).split(' ')[2]);
      at = end + 1;
      if (Number.isNaN(size)) return undefined;
      const bytes = stdout.subarray(at, at + size);
      at += size + 1;
      return bytes;
    });
  }

  /**
   * One git command that takes much, gives bytes, or may say nothing. It goes through our own starter, with the same settings:
   * simple-git hands output out as one decoded string, and waits 50 ms for the output of a command that has none
   * (its completion plugin), which would be the larger half of a commit.
   */
  async feed(args: readonly string[], { input = '', env }: Call = {}): Promise<Buffer> {
    const result = await this.start(args, { input, ...(env === undefined ? {} : { env }) });
    if (result.code !== 0) throw new GitError(result.code, result.stderr, gitFault(args[0] ?? '', result.stderr));
    return result.stdout;
  }

  /** The answer of a question that has none by exit code 1. */
  async ask(args: readonly string[]): Promise<string | undefined> {
    const result = await this.start(args, {});
    if (result.code === 0) return result.stdout.toString('utf8').trim();
    if (result.code === 1 || /^fatal: Needed a single revision/u.test(result.stderr)) return undefined;
    throw new GitError(result.code, result.stderr, gitFault(args[0] ?? '', result.stderr));
  }

  /**
   * What git would make of a merge of two commits, without touching work tree, index or refs (git-merge-tree(1), git 2.38): the id
   * of its tree, then each path in conflict, all ended by NUL. Exit code 1 says that there are conflicts.
   */
  async mergeTree(ours: string, theirs: string): Promise<string> {
    const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ours, theirs];
    const { code, stdout, stderr } = await this.start(args, {});
    if (code !== 0 && code !== 1) throw new GitError(code, stderr, gitFault('merge-tree', stderr));
    return stdout.toString('utf8');
  }

  private start(args: readonly string[], { input = '', env }: Call): Promise<RunResult> {
    const settings = HARDENING.flatMap((one) => ['-c', one]);
    const where = { GIT_DIR: this.gitDir, GIT_WORK_TREE: this.top };
    return run('git', [...settings, ...args], [], {
      cwd: this.top,
      env: { ...gitVariables(), ...where, ...env },
      input,
      maxOutputBytes: 1024 * 1024 * 1024,
      timeoutMs: 120_000,
    });
  }

  /** Moves the branch, if it still is where the commit was built on. Throws StateError `diverged` otherwise. */
  async moveRef(move: RefMove): Promise<void> {
    refuseBadRef(move.ref);
    const from = move.from ?? '0'.repeat(move.to.length);
    try {
      await this.feed(['update-ref', '-m', 'gitops-gen: commit', move.ref, move.to, from]);
    } catch (error) {
      if (!(error instanceof GitError) || !/cannot lock ref|reference already exists/u.test(error.stderr)) throw error;
      const name = move.ref.replace(/^refs\/heads\//u, '');
      throw new StateError(
        'diverged',
        `branch ${name} moved on while the commit was built`,
        'Run again: nothing was written.',
      );
    }
  }

  /** Whether a move took place, however far the branch went on since. */
  async reached(move: RefMove): Promise<boolean> {
    const tip = await this.ask(['rev-parse', '--verify', '--quiet', '--end-of-options', `${move.ref}^{commit}`]);
    if (tip === undefined) return false;
    return (await this.ask(['merge-base', '--is-ancestor', move.to, tip])) !== undefined;
  }
}

/** A file in a commit. */
export interface TreeEntry {
  readonly mode: string;
  readonly type: string;
  readonly id: string;
  readonly size: number;
  readonly path: string;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** The rules of git-check-ref-format(1) that matter for what we pass on; a ref never starts with a dash. */
export function refuseBadRef(ref: string): void {
  const bad = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|\/$|\.$|\.lock(?:\/|$)|(?:^|\/)[.-]|\/$/u;
  if (!ref.startsWith('refs/') || ref.length > 250 || bad.test(ref))
    throw new StateError(
      'not-found',
      `${JSON.stringify(ref)} is no name for a branch`,
      'Use letters, digits, dots, dashes, slashes.',
    );
}
