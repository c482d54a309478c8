import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import type { Io } from '../../src/cli/io.js';
import { main } from '../../src/cli/main.js';
import { temporaryFolder } from '../../src/io/testing/folders.js';
import { identify, sh } from '../../src/io/testing/repository.js';
import { type Called, call } from '../support/cli.js';
import { LocalGitHub, type LocalOptions } from './local-github.js';

export const revision = '0e9e39f249a16976918f6564b8830bc894c89659';

let template: Promise<string> | undefined;

/** A committed repository with one small model in one environment; made once, copied for each test. */
async function fleetTemplate(): Promise<string> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'gitops-gen-fleet-')));
  sh(root, 'git init --quiet --initial-branch=main');
  identify(root);
  const made = [
    await call([
      '-C',
      root,
      'init',
      '--yes',
      '--env',
      'development',
      '--inventory',
      'a100-80gb',
      '--argocd-owner',
      'kustomize',
      '--owners',
      '@octocat',
      '--repository',
      'https://github.com/acme/llm-gitops-config',
      '--commit',
    ]),
    await call(['-C', root, 'add-model', 'llama-3.1-8b', '--revision', revision, '--env', 'development=1', '--commit']),
  ];
  for (const { code, stderr } of made) if (code !== 0) throw new Error(stderr);
  return root;
}

afterAll(async () => {
  if (template !== undefined) rmSync(await template, { recursive: true, force: true });
});

export interface Fleet {
  readonly github: LocalGitHub;
  /** A clone with the local GitHub as its origin. */
  readonly root: string;
  /** Every wait that was asked for, in milliseconds; none of them takes place. */
  readonly waits: number[];
  run(...args: string[]): Promise<Called>;
  /** The same with other variables. */
  runWith(env: Readonly<Record<string, string | undefined>>, ...args: string[]): Promise<Called>;
  /** Changes the model's replicas in the work tree. */
  scale(replicas: number): void;
}

/** A repository on a GitHub of this machine, and a clone of it. Both go away after the test. */
export async function fleet(options: LocalOptions = {}): Promise<Fleet> {
  template ??= fleetTemplate();
  const root = join(temporaryFolder(), 'clone');
  cpSync(await template, root, { recursive: true });
  const github = await LocalGitHub.start(options);
  onTestFinished(() => github.stop());
  sh(root, `git push --quiet "${github.folder}" main; git remote add origin ${github.remote}`);
  const waits: number[] = [];
  const env = { GITHUB_TOKEN: github.options.token, PATH: process.env['PATH'] };
  const runWith: Fleet['runWith'] = (more, ...args) => callWith(['-C', root, ...args], { ...env, ...more }, waits);
  return {
    github,
    root,
    waits,
    runWith,
    run: (...args) => runWith({}, ...args),
    scale: (replicas) => scale(root, replicas),
  };
}

export function scale(root: string, replicas: number): void {
  const file = join(root, 'families/llama-3.1.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/(development: )\d+/u, `$1${replicas}`));
}

/** Runs a command in this process; it waits for nothing. */
export async function callWith(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  waits: number[] = [],
): Promise<Called> {
  let [stdout, stderr, both] = ['', '', ''];
  let clock = Date.UTC(2026, 10, 21, 12);
  const io: Io = {
    stdout: async (text) => {
      stdout += text;
      both += text;
    },
    stderr: async (text) => {
      stderr += text;
      both += text;
    },
    stdin: async () => '',
    env,
    cwd: process.cwd(),
    tty: { stdin: false, stdout: false, stderr: false },
    columns: 120,
    now: () => clock,
    sleep: async (ms) => {
      waits.push(ms);
      clock += ms;
    },
    onInterrupt: () => () => {},
  };
  const code = await main(argv, io, '0.0.0-test');
  return { code, stdout, stderr, both };
}

/** What must not change in a clone while a pull request is made: files, index, HEAD, branches that are not ours. */
export function untouched(root: string): string {
  return sh(
    root,
    'git status --porcelain; git rev-parse HEAD; git symbolic-ref HEAD; git ls-files -s; git diff; git for-each-ref refs/heads/main refs/tags',
  );
}
