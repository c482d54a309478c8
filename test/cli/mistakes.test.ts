import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/cli.js';

/** Calls that are wrong: what is said names the mistake, the flag or file, and what to do; nothing is left behind. */

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'gitops-gen-mistakes-'));
  const files = {
    'a.txt': 'text\n',
    'broken.json': '{',
    'base/deployment.yaml':
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  replicas: 1\n  paused: true\n',
    'base/kustomization.yaml': 'resources: [deployment.yaml]\n',
  };
  mkdirSync(join(home, 'base'));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(home, path), text);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const run = (argv: readonly string[]) => call(argv, { cwd: home });

describe('a mistake in a call', () => {
  const cases: readonly (readonly [argv: string, says: RegExp])[] = [
    [
      'validate base --only project-permit',
      /^error: --only: there is no rule and no group 'project-permit'\n {2}Did you mean "project-permits"\?/,
    ],
    [
      'validate base --only argocd,xyzzy',
      /^error: --only: there is no rule and no group 'xyzzy'\n {2}gitops-gen rules lists them/,
    ],
    ['validate base --only ,', /^error: --only names no rule and no group/],
    ['validate base --skip serving,wave-ordr', /^error: --skip: .*'wave-ordr'\n {2}Did you mean "wave-order"\?/],
    ['rules --only nothing', /^error: --only: there is no rule and no group 'nothing'/],
    ['fit llama-3.1-8b --gpu l4 --tensor 0', /^error: --tensor: '0' is not a whole number of at least 1/],
    ['fit llama-3.1-8b --gpu l4 --engine-version new', /^error: --engine-version: 'new' is no release of vLLM/],
    ['fit ./nowhere.json --gpu l4', /^error: there is no file \.\/nowhere\.json\n$/],
    ['inventory import nowhere.json', /^error: there is no file nowhere\.json\n$/],
    ['capacity --nodes nowhere.json --pods a.txt', /^error: there is no file nowhere\.json\n$/],
    ['capacity --nodes broken.json --pods a.txt', /^broken\.json:1:1 error yaml-syntax/],
    ['-C nowhere plan', /^error: there is no folder .*nowhere\n$/],
    ['plan -C a.txt', /^error: .*a\.txt is no folder\n$/],
    ['build nowhere', /^error: there is no folder nowhere\n$/],
    [
      'build base/kustomization.yaml',
      /^error: base\/kustomization\.yaml is a file\n {2}Name its folder: gitops-gen build base\n$/,
    ],
    [
      'build base --field Deployment/web:/spec/replcas',
      /^error: Deployment\/web has no field \/spec\/replcas\n {2}\/spec has replicas, paused\.\n$/,
    ],
    [
      'build base --field Deployment/web:/spec/replicas/0',
      /^error: Deployment\/web has no field .*\n {2}\/spec\/replicas holds no fields\.\n$/,
    ],
    ['validate base --argocd-version next', /^error: --argocd-version: 'next' is no version of Argo CD/],
    [
      'inventory import a.txt --name Prod',
      /^error: --name: The name "Prod" holds upper-case letters\.\n {2}Write "prod"/,
    ],
    ['init a.txt --yes', /error: a\.txt is no folder\n$/],
  ];
  for (const [argv, says] of cases)
    it(argv, async () => {
      const { code, stdout, stderr } = await run(argv.split(' '));
      expect(stderr).toMatch(says);
      expect(stdout).toBe('');
      expect(code).toBe(2);
    });
});

describe('init in a folder that is not there yet', () => {
  it('shows what it would write and makes nothing, also in a git repository', async () => {
    execFileSync('git', ['init', '-q'], { cwd: home });
    const { code, stdout } = await run(['init', 'new/fleet', '--yes', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toContain('+    path: "new/fleet"');
    expect(existsSync(join(home, 'new'))).toBe(false);
    rmSync(join(home, '.git'), { recursive: true });
  });

  it('leaves no empty folder where it fails', async () => {
    const { code, stderr } = await run(['init', 'new/fleet', '--yes', '--commit']);
    expect(stderr).toMatch(/is in no git repository\n {2}Run "git init" there, or leave out --commit\.\n$/);
    expect(code).toBe(3);
    expect(existsSync(join(home, 'new'))).toBe(false);
  });
});

describe('schemas', () => {
  it('are known by the kind that a file names, too', async () => {
    expect((await run(['schema', 'ClusterConfig'])).stdout).toBe((await run(['schema', 'cluster-config'])).stdout);
  });
});

describe('commands that need a repository of git', () => {
  it('do not speak of flags that they do not have', async () => {
    const { code, stderr } = await run(['diff']);
    expect(stderr).toMatch(/is in no git repository\n {2}Run "git init" there, and commit\.\n$/);
    expect(code).toBe(3);
    expect(readFileSync(join(home, 'a.txt'), 'utf8')).toBe('text\n');
  });
});
