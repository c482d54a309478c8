import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { addModel, removeModel } from '../../src/plan/edit.js';
import {
  commitAll,
  edit,
  emptyFolder,
  files,
  fleet,
  git,
  gitEnvironment,
  initGit,
  inRepository,
  put,
  read,
  succeed,
  tryGit,
} from '../support/repositories.js';

const spec = 'families/llama-3.1.yaml';
const service = 'applications/llama-3.1-8b/base/service.yaml';
const revision = ['--revision', 'a'.repeat(40)];
const small = [
  'add-model',
  'llama-3.2-3b',
  '--family',
  'llama-3.1',
  '--env',
  'development=1,production=1',
  ...revision,
];
const large = ['add-model', 'llama-3.1-70b', '--precision', 'fp8', '--env', 'production=1', ...revision];

/** Two clones of one repository. */
async function clones(): Promise<readonly [string, string]> {
  const one = await fleet({ git: true });
  const two = join(emptyFolder(), 'other');
  cpSync(one, two, { recursive: true });
  initGit(two);
  return [one, two];
}

/** Takes the work of one clone into the other; what git said. */
function mergeInto(dir: string, other: string): { readonly code: number; readonly text: string } {
  git(dir, 'fetch', '-q', other, 'main');
  return tryGit(dir, 'merge', '--no-edit', 'FETCH_HEAD');
}

/** Merges, lets render end it, and commits: what stands there is what a fresh rendering of the merged specs gives. */
async function cometogether(dir: string, other: string): Promise<string> {
  const { code } = mergeInto(dir, other);
  const { stderr } = await succeed(dir, ['render']);
  expect(git(dir, 'diff', '--name-only', '--diff-filter=U')).toBe('');
  if (code === 0) commitAll(dir, 'rendered');
  else {
    git(dir, 'add', '-A');
    git(dir, 'commit', '-q', '--no-edit');
  }
  expect((await inRepository(dir, ['render', '--check'])).code).toBe(0);
  return stderr;
}

/** The models and what each phase holds. */
function facts(dir: string) {
  const { models, phases } = parse(read(dir, spec)).spec;
  return {
    models: models.map((each: { name: string }) => each.name).sort(),
    phases: phases.map((each: { name: string; models: string[] }) => [each.name, [...each.models].sort()]),
  };
}

describe('two pull requests', () => {
  it('add neighbouring models to one family: git stops at the spec, render ends it', async () => {
    const [one, two] = await clones();
    await succeed(one, [...large, '--commit']);
    await succeed(two, [...small, '--commit']);
    const said = await cometogether(two, one);
    expect(said).toContain(`${spec} brought together`);
    expect(facts(two)).toEqual({
      models: ['llama-3.1-70b', 'llama-3.1-8b', 'llama-3.2-3b'],
      phases: [['foundation', ['llama-3.1-70b', 'llama-3.1-8b', 'llama-3.2-3b']]],
    });
    expect((await succeed(two, ['validate'])).stdout).toContain('0 errors');
  });

  it('add families: whatever git cannot merge is generated', async () => {
    const [one, two] = await clones();
    await succeed(one, [
      'add-model',
      'qwen3-32b',
      '--family',
      'qwen3',
      '--env',
      'production=1',
      ...revision,
      '--commit',
    ]);
    await succeed(two, [
      'add-model',
      'qwen3-8b',
      '--family',
      'qwen3-small',
      '--env',
      'development=1,production=1',
      ...revision,
      '--commit',
    ]);
    await cometogether(two, one);
    expect(read(two, 'README.md')).toMatch(/qwen3-32b[\s\S]*qwen3-8b|qwen3-8b[\s\S]*qwen3-32b/);
    for (const family of ['qwen3', 'qwen3-small'])
      expect(read(two, 'argocd/projects/argocd/kustomization.yaml')).toContain(`${family}-production.yaml`);
  });

  it('one adds where the other removes', async () => {
    const [one, two] = await clones();
    await succeed(one, ['remove-model', 'llama-3.1-8b', '--at-once', '--commit']);
    await succeed(two, [...large, '--commit']);
    await cometogether(two, one);
    expect(facts(two)).toEqual({ models: ['llama-3.1-70b'], phases: [['foundation', ['llama-3.1-70b']]] });
    expect(
      [...files(two).keys()].filter((path) => path.includes('llama-3.1-8b') && !path.startsWith('versions/')),
    ).toEqual([]);
  });

  it('a promotion beside a change of the spec', async () => {
    const [one, two] = await clones();
    const start = git(one, 'rev-parse', 'HEAD');
    await succeed(one, ['promote', 'llama-3.1', '--to', 'production', '--commit']);
    await succeed(two, [...large, '--commit']);
    await cometogether(two, one);
    expect(read(two, 'argocd/families/llama-3.1/production/parent.yaml')).toContain(`targetRevision: ${start}`);
    expect(facts(two).models).toContain('llama-3.1-70b');
  });

  it('each with edits by hand: both stay', async () => {
    const [one, two] = await clones();
    edit(one, service, /^spec:/m, '# of one\nspec:');
    await succeed(one, [...large, '--commit']);
    put(two, service, `${read(two, service)}# of the other\n`);
    edit(two, spec, '      replicas:', '      tier: premium\n      replicas:');
    await succeed(two, [...small, '--commit']);
    await cometogether(two, one);
    for (const words of ['# of one', '# of the other', 'premium']) expect(read(two, service)).toContain(words);
  });

  it('that contradict each other: said where, nothing is written, and a resolved file goes on', async () => {
    const [one, two] = await clones();
    edit(one, spec, 'production: 2', 'production: 3');
    await succeed(one, ['render', '--commit']);
    edit(two, spec, 'production: 2', 'production: 4');
    await succeed(two, ['render', '--commit']);
    expect(mergeInto(two, one).code).toBe(1);
    const before = files(two);
    // Only render goes on with it.
    for (const argv of [small, ['remove-model', 'llama-3.1-8b'], ['promote', 'llama-3.1', '--to', 'production']]) {
      const other = await inRepository(two, argv);
      expect(other.stderr).toMatch(
        /is in conflict: git waits for a merge to be finished[\s\S]*gitops-gen render goes on/,
      );
      expect(other.code).toBe(3);
    }
    const asked = await inRepository(two, ['render']);
    expect(asked.code).toBe(3);
    expect(asked.stderr).toContain(
      `${spec} is in conflict: both branches changed spec.models.llama-3.1-8b.replicas.production`,
    );
    expect(files(two)).toEqual(before);
    git(two, 'checkout', '-q', '--ours', '--', spec);
    await succeed(two, ['render']);
    expect(git(two, 'diff', '--name-only', '--diff-filter=U')).toBe('');
    expect((await inRepository(two, ['list'])).stdout).toMatch(/llama-3.1-8b .* 4/);
  });

  it('that promote to different commits are asked which', async () => {
    const [one, two] = await clones();
    await succeed(one, ['promote', 'llama-3.1', '--to', 'production', '--commit']);
    await succeed(two, [...large, '--commit']);
    await succeed(two, ['promote', 'llama-3.1', '--to', 'production', '--commit']);
    expect(mergeInto(two, one).code).toBe(1);
    const { code, stderr } = await inRepository(two, ['render']);
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /parent\.yaml is in conflict: one branch promotes to [0-9a-f]{40}, the other to [0-9a-f]{40}/,
    );
    git(two, 'checkout', '-q', '--theirs', '--', 'argocd/families/llama-3.1/production/parent.yaml');
    await succeed(two, ['render']);
    git(two, 'commit', '-qam', 'merged');
    expect((await inRepository(two, ['render', '--check'])).code).toBe(0);
  });

  it('a file that somebody began to resolve is not resolved over', async () => {
    const [one, two] = await clones();
    await succeed(one, [...large, '--commit']);
    await succeed(two, [...small, '--commit']);
    mergeInto(two, one);
    edit(two, spec, 'llama-3.2-3b', 'llama-3.2-3b-renamed');
    const { code, stderr } = await inRepository(two, ['render']);
    expect(code).toBe(3);
    expect(stderr).toContain(`${spec} is in conflict, and half resolved`);
    expect(read(two, spec)).toContain('llama-3.2-3b-renamed');
    git(two, 'checkout', '-q', '-m', '--', spec);
    await succeed(two, ['render']);
    expect((await inRepository(two, ['render', '--commit'])).stderr).toContain('a merge is not finished');
  });

  it('a rebase and a stash stop and go on in the same way', async () => {
    const [one, two] = await clones();
    await succeed(one, [...large, '--commit']);
    await succeed(two, [...small, '--commit']);
    git(two, 'fetch', '-q', one, 'main');
    expect(tryGit(two, 'rebase', 'FETCH_HEAD').code).toBe(1);
    await succeed(two, ['render']);
    git(two, 'add', '-A');
    git(two, '-c', 'core.editor=true', 'rebase', '--continue');
    expect((await inRepository(two, ['render', '--check'])).code).toBe(0);
    expect(facts(two).models).toHaveLength(3);
  });
});

describe('a model that goes and one like it that comes, which git takes for a rename', () => {
  const gone = 'applications/m-one/base/service.yaml';
  const come = 'applications/m-two/base/service.yaml';
  const model = (name: string) => ({ name, model: 'llama-3.2-1b', replicas: { development: 1, production: 1 } });
  const add = (dir: string, name: string) =>
    put(dir, spec, addModel(read(dir, spec), { family: 'llama-3.1', model: model(name), phase: 'foundation' }));

  const merges = {
    merge: (dir: string) => tryGit(dir, 'merge', '--no-edit', '-q', 'FETCH_HEAD'),
    rebase: (dir: string) => tryGit(dir, 'rebase', '-q', 'FETCH_HEAD'),
    squash: (dir: string) => {
      git(dir, 'branch', 'work');
      git(dir, 'reset', '-q', '--hard', 'FETCH_HEAD');
      git(dir, 'merge', '-q', '--squash', 'work');
      return tryGit(dir, 'commit', '-qm', 'One change (#7)');
    },
  };

  /** The model that goes is edited by hand on the other branch, and git put that into the one that comes. */
  async function renamed(how: keyof typeof merges = 'merge'): Promise<string> {
    const one = await fleet({ git: true });
    add(one, 'm-one');
    await succeed(one, ['render', '--commit']);
    const two = join(emptyFolder(), 'other');
    cpSync(one, two, { recursive: true });
    put(one, spec, removeModel(read(one, spec), 'm-one'));
    add(one, 'm-two');
    await succeed(one, ['render', '--commit', '--allow-delete', '2']);
    edit(two, gone, /^spec:/m, '# by hand\nspec:');
    await succeed(two, ['render']);
    git(two, 'add', '-A');
    // A commit keeps this date when it is replayed, and is committed later.
    execFileSync('git', ['commit', '-qm', 'By hand'], {
      cwd: two,
      env: { ...gitEnvironment, GIT_AUTHOR_DATE: '@1700000000 +0000', GIT_COMMITTER_DATE: '@1700000000 +0000' },
    });
    git(two, 'fetch', '-q', one, 'main');
    expect(merges[how](two).code).toBe(0);
    expect(read(two, come)).toContain('# by hand');
    return two;
  }

  /** Every line is in the file that it was written into. */
  function expectApart(dir: string): void {
    expect(read(dir, come)).not.toContain('# by hand');
    expect(read(dir, gone)).toContain('# by hand');
  }

  it('keeps each line in the file that it was written into', async () => {
    const dir = await renamed();
    const { stderr } = await succeed(dir, ['render']);
    expect(stderr).toContain(`unmixed  ${come} (git took it for another file that was renamed)`);
    expect(stderr).toContain(`kept     ${gone} (generated no more, edited by hand: it is yours now)`);
    expectApart(dir);
    expect([...files(dir).keys()].filter((path) => path.includes('m-one') && !path.startsWith('versions/'))).toEqual([
      gone,
    ]);
    commitAll(dir, 'rendered');
    expect((await inRepository(dir, ['render', '--check'])).code).toBe(0);
  });

  it.each(['rebase', 'squash'] as const)('after a %s too, where this clone has what it was made of', async (how) => {
    const dir = await renamed(how);
    const { stderr } = await succeed(dir, ['render']);
    expect(stderr).toContain(`unmixed  ${come}`);
    expectApart(dir);
    commitAll(dir, 'rendered');
    expect((await inRepository(dir, ['render', '--check'])).code).toBe(0);
  });

  it('whatever command writes next, and also when the merge is not the newest commit any more', async () => {
    const dir = await renamed();
    const promoted = await succeed(dir, ['promote', 'llama-3.1', '--to', 'production', '--commit']);
    expect(promoted.stderr).toMatch(/note: git carried lines between generated files .*: applications\/m-\w+\/base/);
    expect(git(dir, 'show', '--format=', '--name-only', 'HEAD')).not.toContain('applications/m-');
    const { stderr } = await succeed(dir, [...small, '--commit']);
    expect(stderr).toContain(`unmixed  ${come}`);
    expectApart(dir);
    expect((await inRepository(dir, ['render', '--check'])).code).toBe(0);
    expect((await succeed(dir, ['promote', 'llama-3.1', '--to', 'production'])).stderr).not.toContain('carried');
  });

  it.each([
    ['remove-model', ['remove-model', 'llama-3.1-8b', '--at-once']],
    ['phase', ['phase', 'disable', 'foundation', '--env', 'production']],
  ])('also when that is %s', async (_, command) => {
    const dir = await renamed();
    const { stderr } = await succeed(dir, [...command, '--commit']);
    expect(stderr).toContain(`unmixed  ${come}`);
    expectApart(dir);
    expect((await inRepository(dir, ['render', '--check'])).code).toBe(0);
  });

  it('leaves a file that somebody wrote after the merge as it is', async () => {
    const dir = await renamed();
    put(dir, come, `${read(dir, come)}# after the merge\n`);
    await succeed(dir, ['render']);
    expect(read(dir, come)).toContain('# by hand');
    expect(read(dir, come)).toContain('# after the merge');
  });

  it('is said before it is done, and stale until then', async () => {
    const dir = await renamed();
    const before = files(dir);
    expect((await inRepository(dir, ['render', '--check'])).code).toBe(1);
    const { stdout } = await succeed(dir, ['render', '--dry-run']);
    expect(stdout).toContain('-# by hand');
    expect(files(dir)).toEqual(before);
  });

  it('keeps what was edited of a model that both took away', async () => {
    const one = await fleet({ git: true });
    add(one, 'm-one');
    await succeed(one, ['render', '--commit']);
    const two = join(emptyFolder(), 'other');
    cpSync(one, two, { recursive: true });
    const remove = (dir: string) => put(dir, spec, removeModel(read(dir, spec), 'm-one'));
    remove(one);
    add(one, 'm-two');
    await succeed(one, ['render', '--commit', '--allow-delete', '2']);
    edit(two, gone, /^spec:/m, '# by hand\nspec:');
    remove(two);
    await succeed(two, ['render', '--allow-delete', '2']);
    commitAll(two, 'removed');
    await cometogether(two, one);
    expect(read(two, gone)).toContain('# by hand');
    expect(read(two, come)).not.toContain('# by hand');
  });
});
