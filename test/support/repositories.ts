import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import { type Called, type CallOptions, call } from './cli.js';

/** The address that repositories of the tests say they have. */
export const url = 'https://github.com/acme/llm-gitops-config';
export const revision8b = '0e9e39f249a16976918f6564b8830bc894c89659';

/** An empty folder that goes away after the test. */
export function emptyFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gitops-gen-test-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** git with an identity and dates of its own, whatever this machine is configured to. */
export function git(dir: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: dir, env: gitEnvironment, encoding: 'utf8', stdio: 'pipe' }).trim();
}

/** git's exit code and what it said, for commands that may fail. */
export function tryGit(dir: string, ...args: string[]): { readonly code: number; readonly text: string } {
  try {
    return { code: 0, text: git(dir, ...args) };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { code: status, text: `${stdout}${stderr}` };
  }
}

export const gitEnvironment = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
  LC_ALL: 'C',
};

/** Makes a git repository of a folder. */
export function initGit(dir: string): void {
  git(dir, 'init', '-q', '-b', 'main');
  git(dir, 'config', 'user.name', 'Ada');
  git(dir, 'config', 'user.email', 'ada@example.com');
  git(dir, 'config', 'commit.gpgsign', 'false');
}

/** Commits everything; the id of the commit. */
export function commitAll(dir: string, message: string): string {
  git(dir, 'add', '-A');
  git(dir, 'commit', '-q', '--allow-empty', '-m', message);
  return git(dir, 'rev-parse', 'HEAD');
}

export function read(dir: string, path: string): string {
  return readFileSync(join(dir, path), 'utf8');
}

export function put(dir: string, path: string, text: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}

/** Changes a file by hand; fails where the text to be changed is not there. */
export function edit(dir: string, path: string, from: string | RegExp, to: string): void {
  const before = read(dir, path);
  const after = before.replace(from, to);
  if (after === before) throw new Error(`${path} holds no ${String(from)}`);
  put(dir, path, after);
}

/** Every file below a folder but git's own, with its content. */
export function files(dir: string): Map<string, string> {
  const found = readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.startsWith('.git/') && path !== '.git' && statSync(join(dir, path)).isFile())
    .sort();
  return new Map(found.map((path) => [path, readFileSync(join(dir, path), 'utf8')]));
}

/** A command in a repository. */
export function inRepository(dir: string, argv: readonly string[], options: CallOptions = {}): Promise<Called> {
  return call([...argv, '-C', dir], options);
}

/** The same, which has to succeed. */
export async function succeed(dir: string, argv: readonly string[], options: CallOptions = {}): Promise<Called> {
  const done = await inRepository(dir, argv, options);
  if (done.code !== 0) throw new Error(`${argv.join(' ')} ended with ${done.code}:\n${done.both}`);
  return done;
}

const made = new Map<boolean, string>();
let home: string | undefined;

/** A repository with the 8B model in development and production; `git`: committed, too. It is made once and copied. */
export async function fleet(options: { readonly git?: boolean } = {}): Promise<string> {
  const withGit = options.git === true;
  home ??= mkdtempSync(join(tmpdir(), 'gitops-gen-fleet-'));
  const first = made.get(withGit) ?? (await makeFleet(join(home, withGit ? 'git' : 'plain', 'fleet'), withGit));
  made.set(withGit, first);
  const dir = join(emptyFolder(), 'fleet');
  cpSync(first, dir, { recursive: true });
  return dir;
}

afterAll(() => {
  if (home !== undefined) rmSync(home, { recursive: true, force: true });
});

async function makeFleet(dir: string, withGit: boolean): Promise<string> {
  mkdirSync(dir, { recursive: true });
  const init = await call(['init', dir, '--yes', '--repository', url]);
  if (init.code !== 0) throw new Error(init.both);
  if (withGit) initGit(dir);
  await succeed(dir, [
    ...['add-model', 'llama-3.1-8b', '--revision', revision8b, '--env', 'development=1,production=2'],
  ]);
  if (withGit) commitAll(dir, 'start');
  return dir;
}
