import { describe, expect, it } from 'vitest';
import { commitAll, edit, files, fleet, git, inRepository, put, read, succeed } from '../support/repositories.js';

/** What a promotion does that has nothing to bring, and the reasons for which a pin moves all the same. */

const promote = ['promote', 'llama-3.1', '--to', 'production'];
const parent = 'argocd/families/llama-3.1/production/parent.yaml';
const pinIn = (dir: string) => /targetRevision: (\S+)/.exec(read(dir, parent))?.[1];

async function promoted(): Promise<string> {
  const dir = await fleet({ git: true });
  await succeed(dir, [...promote, '--commit']);
  return dir;
}

describe('a promotion of what is pinned already', () => {
  it('says so and does nothing, however it is to be written', async () => {
    const dir = await promoted();
    const pin = pinIn(dir);
    put(dir, 'NOTES.md', 'of no family\n');
    const head = commitAll(dir, 'Notes');
    const before = files(dir);
    for (const more of [
      [],
      ['--commit', '-m', 'x'],
      ['--dry-run'],
      ['--patch', '-'],
      ['--pr'],
      ['--from', 'development'],
    ]) {
      const { code, stdout, stderr } = await inRepository(dir, [...promote, ...more]);
      expect(stderr, more.join(' ')).toMatch(
        new RegExp(
          `^nothing to promote: llama-3\\.1 in production is pinned to ${pin?.slice(0, 12)} \\S+ start, and ${head.slice(0, 12)} has nothing else for it\n$`,
        ),
      );
      expect(stdout).toBe('');
      expect(code).toBe(0);
    }
    expect((await succeed(dir, [...promote, '--quiet'])).both).toBe('');
    expect((await succeed(dir, [...promote, '--revision', String(pin)])).stderr).toMatch(/ start\n$/);
    expect(git(dir, 'rev-parse', 'HEAD')).toBe(head);
    expect(git(dir, 'branch', '--format=%(refname)')).toBe('refs/heads/main');
    expect(files(dir)).toEqual(before);
    expect((await succeed(dir, ['status'])).stdout).toMatch(/production .* nothing$/m);
  });

  const reasons: readonly (readonly [why: string, argv: readonly string[], prepare: (dir: string) => Promise<void>])[] =
    [
      ['a person names the commit', ['--revision', 'HEAD'], async () => {}],
      [
        'the history has the pinned commit no more',
        [],
        async (dir) => {
          git(dir, 'checkout', '-q', '--orphan', 'anew');
          commitAll(dir, 'All of it');
        },
      ],
    ];
  for (const [why, argv, prepare] of reasons)
    it(`moves the pin where ${why}`, async () => {
      const dir = await promoted();
      await prepare(dir);
      const pin = pinIn(dir);
      await succeed(dir, [...promote, ...argv]);
      expect(pinIn(dir)).not.toBe(pin);
      expect(git(dir, 'diff', '--numstat', '--', parent)).toMatch(/^1\t1\t/);
    });

  const toStaging = ['promote', 'llama-3.1', '--to', 'staging', '--commit'];
  async function withStaging(): Promise<string> {
    const dir = await fleet({ git: true });
    edit(dir, 'families/llama-3.1.yaml', /^( +)production: 2$/m, '$1staging: 1\n$1production: 2');
    await succeed(dir, ['render', '--commit']);
    await succeed(dir, toStaging);
    return dir;
  }

  it('moves the pin of an environment that a later one waits for, and only then', async () => {
    const dir = await withStaging();
    expect((await succeed(dir, toStaging)).stderr).toMatch(/^nothing to promote: llama-3\.1 in staging /);
    edit(dir, 'families/llama-3.1.yaml', 'production: 2', 'production: 3');
    await succeed(dir, ['render', '--commit']);
    const scaled = git(dir, 'rev-parse', 'HEAD');
    expect((await succeed(dir, toStaging)).stderr).toContain(`staging is pinned to ${scaled}`);
    await succeed(dir, [...promote, '--commit']);
    expect(pinIn(dir)).toBe(scaled);
  });

  it('moves a pin that only this clone has to a commit that the remote has', async () => {
    const dir = await withStaging();
    git(dir, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
    put(dir, 'NOTES.md', 'of no family\n');
    const here = commitAll(dir, 'Notes');
    await succeed(dir, [...promote, '--revision', here, '--skip-order', 'a test', '--commit']);
    expect(pinIn(dir)).toBe(here);
    await succeed(dir, promote);
    expect(read(dir, 'argocd/families/llama-3.1/staging/parent.yaml')).toContain(`targetRevision: ${pinIn(dir)}`);
  });

  it('moves a pin that is not committed yet into the commit that is asked for', async () => {
    const dir = await promoted();
    edit(dir, 'families/llama-3.1.yaml', 'production: 2', 'production: 3');
    await succeed(dir, ['render', '--commit']);
    const scaled = git(dir, 'rev-parse', 'HEAD');
    await succeed(dir, promote);
    const { stdout } = await succeed(dir, [...promote, '--patch', '-']);
    expect(stdout).toContain(`+    targetRevision: ${scaled}`);
  });
});

describe('a release in a script', () => {
  it('prints no difference with --quiet, but in a dry run, which is asked for it', async () => {
    const dir = await fleet({ git: true });
    expect((await succeed(dir, [...promote, '--quiet', '--dry-run'])).stdout).toMatch(/^llama-3\.1 in production on/);
    expect((await succeed(dir, [...promote, '--quiet', '--commit'])).both).toBe('');
    expect(pinIn(dir)).toBe(git(dir, 'rev-parse', 'HEAD~1'));
    edit(dir, 'families/llama-3.1.yaml', 'production: 2', 'production: 3');
    await succeed(dir, ['render', '--commit', '--quiet']);
    await succeed(dir, [...promote, '--quiet', '--commit']);
    expect((await succeed(dir, ['rollback', 'llama-3.1', '--env', 'production', '--quiet'])).both).toBe('');
  });

  it('is a mail that git takes, where it goes to standard output', async () => {
    const dir = await fleet({ git: true });
    const { stdout, stderr } = await succeed(dir, [...promote, '--patch', '-']);
    expect(stderr).toMatch(/^llama-3\.1 in production on/m);
    put(dir, '../promote.patch', stdout);
    git(dir, 'am', '-q', '../promote.patch');
    expect(git(dir, 'log', '-1', '--format=%s')).toMatch(/^Promote llama-3\.1 to production at /);
  });
});

describe('a dry run of a pull request', () => {
  it('says the title that it was given', async () => {
    const dir = await fleet({ git: true });
    const { stderr } = await succeed(dir, [...promote, '--pr', '--dry-run', '--title', 'My title']);
    expect(stderr).toMatch(/^"My title" from gitops-gen\/\S+ into main; nothing was published/m);
  });
});

describe('status', () => {
  it('says of a release whose phase was disabled that nothing runs, and why', async () => {
    const dir = await promoted();
    await succeed(dir, ['phase', 'disable', 'foundation', '--env', 'production', '--commit']);
    expect((await succeed(dir, ['status'])).stdout).toMatch(
      /^llama-3\.1 +production +nothing: phase foundation is not enabled +- +- +-$/m,
    );
    const { releases } = JSON.parse((await succeed(dir, ['status', '-o', 'json', '--env', 'production'])).stdout);
    expect(releases).toEqual([
      {
        family: 'llama-3.1',
        environment: 'production',
        cluster: 'production',
        disabled: ['foundation'],
        state: 'disabled',
      },
    ]);
  });

  it('names the phases that a release is without', async () => {
    const dir = await promoted();
    await succeed(dir, ['add-model', 'qwen2.5-0.5b', '--phase', 'next', '--env', 'production=1']);
    await succeed(dir, ['phase', 'disable', 'next', '--env', 'production', '--commit']);
    const { stdout, stderr } = await succeed(dir, ['status']);
    expect(stdout).toMatch(/^llama-3\.1 +production +[0-9a-f]{12} \S+ start \(without phase next: not enabled\) /m);
    expect(stderr).toBe('');
    expect((await succeed(dir, ['status', '--env', 'staging'])).stderr).toBe(
      'nothing is released: no model of any family has replicas in staging\n',
    );
  });
});
