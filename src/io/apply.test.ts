import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Changeset, FileWrite } from '../publish/changeset.js';
import { applyChangeset, recover } from './apply.js';
import { unlock } from './lock.js';
import { TargetFs } from './target-fs.js';
import { put, snapshot, temporaryFolder } from './testing/folders.js';
import { planFolder } from './testing/plan.js';

/** A changeset that no planner would make: what the writer must stand up to by itself. */
function forged(writes: readonly Partial<FileWrite>[], deletes: readonly string[] = []): Changeset {
  return {
    writes: writes.map((one) => ({ path: 'x', content: 'x', role: 'generated' as const, ...one })),
    deletes: deletes.map((path) => ({ path, previous: 'sentinel', role: 'generated' as const })),
    unchanged: [],
    conflicts: [],
    merged: [],
    kept: [],
    refused: [],
    ownership: new Map(),
    result: new Map(),
  };
}

/** The files of people and renderer, without the books. */
function files(root: string): Record<string, string> {
  return Object.fromEntries(Object.entries(snapshot(root)).filter(([path]) => !path.startsWith('.gitops-gen/')));
}

describe('applying', () => {
  it('writes, replaces and removes, and leaves nothing of its own work behind', async () => {
    const root = temporaryFolder();
    await applyChangeset(root, await planFolder(root, { 'a/b/x': '1', 'a/c/y': '2', z: '3' }));
    expect(files(root)).toEqual({ 'a/b/x': '1', 'a/c/y': '2', z: '3' });
    const result = await applyChangeset(root, await planFolder(root, { 'a/b/x': 'one', new: '4' }));
    expect(result.deleted.filter((path) => !path.startsWith('.'))).toEqual(['a/c/y', 'z']);
    expect(files(root)).toEqual({ 'a/b/x': 'one', new: '4' });
    expect(readdirSync(root).sort()).toEqual(['.gitops-gen', 'a', 'new']);
    expect(readdirSync(join(root, 'a'))).toEqual(['b']);
    expect(readdirSync(join(root, '.gitops-gen'))).toEqual(['owned']);
  });

  it('touches no file that is equal: a second run changes no inode and no time', async () => {
    const root = temporaryFolder();
    await applyChangeset(root, await planFolder(root, { 'a/x': '1', y: '2' }));
    const stats = () =>
      Object.keys(snapshot(root)).map((path) => {
        const { ino, mtimeMs, ctimeMs } = statSync(join(root, path));
        return { path, ino, mtimeMs, ctimeMs };
      });
    const before = stats();
    const changeset = await planFolder(root, { 'a/x': '1', y: '2' });
    expect(await applyChangeset(root, changeset)).toEqual({ written: [], deleted: [] });
    expect(stats()).toEqual(before);
  });

  it('makes the folder where it is missing, and leaves an empty one as it was after a refusal', async () => {
    const root = join(temporaryFolder(), 'new/repository');
    await applyChangeset(root, forged([{ path: 'a', content: '1' }]));
    expect(snapshot(root)).toEqual({ a: '1' });
    expect(readdirSync(root)).toEqual(['a']);
  });

  it('keeps the mode of a file that it replaces', async () => {
    const root = temporaryFolder();
    put(root, { script: 'old' });
    chmodSync(join(root, 'script'), 0o750);
    await applyChangeset(root, forged([{ path: 'script', content: 'new', previous: 'old' }]));
    expect(statSync(join(root, 'script')).mode & 0o777).toBe(0o750);
  });

  it('turns a file into a folder and a folder into a file', async () => {
    const root = temporaryFolder();
    await applyChangeset(root, await planFolder(root, { a: '1', 'b/c': '2' }));
    await applyChangeset(root, await planFolder(root, { 'a/d/e': '1', b: '2' }));
    expect(files(root)).toEqual({ 'a/d/e': '1', b: '2' });
  });

  it('is refused as a whole where one file changed since it was planned', async () => {
    const root = temporaryFolder();
    put(root, { b: 'mine' });
    for (const changeset of [
      forged([{ path: 'a' }, { path: 'b', previous: 'other' }]),
      forged([{ path: 'a' }, { path: 'b' }]),
      forged([{ path: 'a' }, { path: 'c', previous: 'gone' }]),
      forged([{ path: 'a' }], ['b']),
    ])
      await expect(applyChangeset(root, changeset)).rejects.toMatchObject({ name: 'StateError', reason: 'changed' });
    expect(snapshot(root)).toEqual({ b: 'mine' });
    expect(readdirSync(root)).toEqual(['b']);
  });

  it('is refused where what it was planned from changed', async () => {
    const root = temporaryFolder();
    put(root, { 'families/x.yaml': 'new', 'families/y.yaml': 'y' });
    for (const inputs of [{ 'families/x.yaml': 'old' }, { 'families/gone.yaml': 'x' }]) {
      const changeset = { ...forged([{ path: 'a' }]), inputs: new Map(Object.entries(inputs)) };
      await expect(applyChangeset(root, changeset)).rejects.toMatchObject({
        reason: 'changed',
        paths: Object.keys(inputs),
      });
    }
    expect(readdirSync(root)).toEqual(['families']);
    const inputs = new Map([['families/y.yaml', 'y']]);
    expect((await applyChangeset(root, { ...forged([{ path: 'a' }]), inputs })).written).toEqual(['a']);
  });

  it('is refused as a whole where the plan says so', async () => {
    const root = temporaryFolder();
    put(root, { b: 'mine' });
    await expect(applyChangeset(root, await planFolder(root, { a: '1', b: '2' }))).rejects.toMatchObject({
      reason: 'unowned',
    });
    expect(readdirSync(root)).toEqual(['b']);
  });

  it('gives the same bytes under every umask, locale and time zone', () => {
    const script = join(import.meta.dirname, 'testing/apply-script.ts');
    const trees = [
      { umask: '0', LC_ALL: 'C', TZ: 'UTC' },
      { umask: '077', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8', TZ: 'Pacific/Kiritimati' },
      { umask: '027', LC_ALL: 'de_DE.ISO-8859-1', TZ: 'America/St_Johns' },
    ].map(({ umask, ...env }) => {
      const root = temporaryFolder();
      const command = 'umask "$0"; exec "$@"';
      const node = [process.execPath, '--import', 'tsx', script, root];
      execFileSync('sh', ['-c', command, umask, ...node], { env: { PATH: process.env['PATH'], ...env } });
      return snapshot(root);
    });
    expect(Object.keys(trees[0] ?? {}).length).toBeGreaterThan(5);
    expect(trees[1]).toEqual(trees[0]);
    expect(trees[2]).toEqual(trees[0]);
  });
});

describe('nothing is written outside', () => {
  const parts = fc.constantFrom(
    '..',
    '.',
    '',
    'a',
    'link',
    '.git',
    '%2e%2e',
    '..%2f',
    '....',
    '..\\',
    '/',
    '~',
    '\0',
    '.gitops-gen',
  );
  const path = fc.oneof(
    fc.array(parts, { minLength: 1, maxLength: 6 }).map((list) => list.join('/')),
    fc.array(parts, { minLength: 1, maxLength: 4 }).map((list) => `/${list.join('/')}`),
    fc.constantFrom(
      'link/x',
      'file-link',
      'a/../../x',
      '../x',
      '..',
      '/etc/x',
      '.git/hooks/x',
      'deep/link/x',
      'C:\\x',
      '\\\\server\\x',
    ),
  );

  it('whatever path is asked for', async () => {
    const above = temporaryFolder();
    const root = join(above, 'target/root');
    const outside = { 'target/sentinel': 'sentinel', sentinel: 'sentinel', 'other/sentinel': 'sentinel' };
    put(above, outside);
    put(root, { '.git/hooks/sentinel': 'sentinel', 'deep/x': 'x' });
    symlinkSync(join(above, 'other'), join(root, 'link'));
    symlinkSync(join(above, 'other'), join(root, 'deep/link'));
    symlinkSync(join(above, 'sentinel'), join(root, 'file-link'));
    const hooks = () => readdirSync(join(root, '.git'), { recursive: true }).length;
    const before = { files: outsideOf(above), hooks: hooks() };
    await fc.assert(
      fc.asyncProperty(path, fc.boolean(), async (payload, remove) => {
        const changeset = remove ? forged([], [payload]) : forged([{ path: payload, content: 'pwned' }]);
        const outcome = await applyChangeset(root, changeset).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(['StateError', 'IoError']).toContain(outcome.name);
        expect({ files: outsideOf(above), hooks: hooks() }).toEqual(before);
        for (const name of readdirSync(root)) if (!KEPT.has(name)) rmSync(join(root, name), { recursive: true });
      }),
      { seed: 41, numRuns: process.env['GITOPS_GEN_DEEP'] ? 2000 : 150 },
    );
  });

  const KEPT = new Set(['.git', 'deep', 'link', 'file-link']);

  function outsideOf(above: string): Record<string, string> {
    const all = Object.entries(snapshot(above));
    const links = ['link', 'deep/link', 'file-link'].map((name) => `target/root/${name}`);
    return Object.fromEntries(all.filter(([name]) => !name.startsWith('target/root/') || links.includes(name)));
  }

  it.each([
    ['a link in place of the file', (root: string, out: string) => symlinkSync(join(out, 'sentinel'), join(root, 'a'))],
    [
      'a dangling link in place of the file',
      (root: string, out: string) => symlinkSync(join(out, 'new'), join(root, 'a')),
    ],
    ['a folder in place of the file', (root: string) => mkdirSync(join(root, 'a'))],
    ['a link in place of our own folder', (root: string, out: string) => symlinkSync(out, join(root, '.gitops-gen'))],
  ])('%s', async (_name, prepare) => {
    const root = temporaryFolder();
    const out = temporaryFolder();
    put(out, { sentinel: 'sentinel' });
    prepare(root, out);
    const before = readdirSync(root);
    await expect(applyChangeset(root, forged([{ path: 'a', content: 'pwned' }]))).rejects.toMatchObject({
      name: 'StateError',
    });
    expect(snapshot(out)).toEqual({ sentinel: 'sentinel' });
    expect(readdirSync(root)).toEqual(before);
  });

  it('a link that is planted while the run is at work', async () => {
    for (const point of ['fsync .gitops-gen/run/stage', 'link .gitops-gen/run/journal']) {
      const root = temporaryFolder();
      const out = temporaryFolder();
      put(root, { 'a/b/y': 'y' });
      put(out, { 'b/sentinel': 'sentinel' });
      let planted = false;
      const fault = (at: string) => {
        if (planted || !at.startsWith(point)) return;
        planted = true;
        rmSync(join(root, 'a'), { recursive: true });
        symlinkSync(out, join(root, 'a'));
      };
      const outcome = await applyChangeset(root, forged([{ path: 'a/b/x', content: 'pwned' }]), { fault }).catch(
        String,
      );
      expect(planted).toBe(true);
      expect(outcome).toContain('symbolic link');
      expect(snapshot(out)).toEqual({ 'b/sentinel': 'sentinel' });
    }
  });

  it('a repository inside the target', async () => {
    const root = temporaryFolder();
    put(root, { 'sub/.git': 'gitdir: ../.git/modules/sub\n' });
    await expect(applyChangeset(root, forged([{ path: 'sub/a/x' }]))).rejects.toMatchObject({
      reason: 'submodule',
      paths: ['sub'],
    });
    expect(readdirSync(join(root, 'sub'))).toEqual(['.git']);
  });
});

describe('one run at a time', () => {
  const lock = (more: object) =>
    JSON.stringify({
      id: 'i',
      pid: 1,
      host: hostname(),
      started: '',
      boot: '',
      command: 'render',
      since: 's',
      ...more,
    });
  const apply = (root: string) => applyChangeset(root, forged([{ path: 'a' }]), { lockTimeoutMs: 0 });

  it('the second one is refused and told who is at work', async () => {
    const root = temporaryFolder();
    put(root, { '.gitops-gen/run/lock': lock({ pid: process.pid }) });
    await expect(apply(root)).rejects.toMatchObject({
      reason: 'locked',
      message: `another run works here: process ${process.pid} on ${hostname()} ("render"), since s`,
      hint: expect.stringContaining('gitops-gen unlock '),
    });
    expect(snapshot(root)).toEqual({ '.gitops-gen/run/lock': lock({ pid: process.pid }) });
  });

  it.each([
    ['a process that is gone', { pid: 2 ** 22 + 1 }],
    ['a process whose number another one has now', { pid: process.pid, started: '1' }],
    ['an earlier boot', { pid: process.pid, boot: 'earlier' }],
  ])('the lock of %s is taken over', async (_name, holder) => {
    const root = temporaryFolder();
    put(root, { '.gitops-gen/run/lock': lock(holder) });
    expect((await apply(root)).written).toEqual(['a']);
    expect(readdirSync(root)).toEqual(['a']);
  });

  it('the lock of another machine is not judged from here', async () => {
    const root = temporaryFolder();
    put(root, { '.gitops-gen/run/lock': lock({ host: 'elsewhere', pid: 2 ** 22 + 1 }) });
    await expect(apply(root)).rejects.toMatchObject({ reason: 'locked' });
  });

  it('is opened by hand with its id only', async () => {
    const root = temporaryFolder();
    put(root, { '.gitops-gen/run/lock': lock({ host: 'elsewhere' }) });
    expect(() => unlock(root, 'j')).toThrow(/another run works here/);
    unlock(root, 'i');
    expect((await apply(root)).written).toEqual(['a']);
    expect(() => unlock(root, 'i')).toThrow(/no lock/);
  });

  it('a lock that cannot be read is a lock', async () => {
    const root = temporaryFolder();
    put(root, { '.gitops-gen/run/lock': '{' });
    await expect(apply(root)).rejects.toMatchObject({ reason: 'locked', hint: expect.stringContaining('rm ') });
  });

  it('runs side by side: each one wins once, or says why not', async () => {
    const root = temporaryFolder();
    const runs = Array.from({ length: 8 }, (_, index) =>
      applyChangeset(root, forged([{ path: `a${index}`, content: String(index) }]), { lockTimeoutMs: 600_000 }),
    );
    await Promise.all(runs);
    expect(Object.keys(snapshot(root))).toHaveLength(8);
  });
});

describe('a disk that refuses', () => {
  it('a full one: nothing has changed, and the error says so', async ({ skip }) => {
    const root = temporaryFolder();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', root], { stdio: 'ignore' });
    } catch {
      skip('mounting a small file system needs root');
    }
    try {
      put(root, { a: 'old' });
      const large = 'x'.repeat(100_000);
      const changeset = forged([
        { path: 'a', content: 'new', previous: 'old' },
        ...['b', 'c', 'd'].map((path) => ({ path, content: large })),
      ]);
      await expect(applyChangeset(root, changeset)).rejects.toMatchObject({ name: 'IoError', code: 'ENOSPC' });
      expect(snapshot(root)).toEqual({ a: 'old' });
      expect(readdirSync(root)).toEqual(['a']);
    } finally {
      execFileSync('umount', [root]);
    }
  });

  it('a folder without permission is found before anything is written', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root may write everywhere');
    const root = temporaryFolder();
    put(root, { 'closed/x': 'x' });
    chmodSync(join(root, 'closed'), 0o500);
    const changeset = forged([{ path: 'a' }, { path: 'closed/b' }]);
    await expect(applyChangeset(root, changeset)).rejects.toMatchObject({ name: 'IoError', code: 'EACCES' });
    expect(existsSync(join(root, 'a'))).toBe(false);
    chmodSync(join(root, 'closed'), 0o700);
  });

  it('a name that it cannot hold', async () => {
    const root = temporaryFolder();
    await expect(applyChangeset(root, forged([{ path: `${'a'.repeat(256)}/x` }]))).rejects.toMatchObject({
      reason: 'unsafe-path',
    });
    await expect(applyChangeset(join(root, 'x'.repeat(300)), forged([{}]))).rejects.toMatchObject({
      code: 'ENAMETOOLONG',
    });
  });

  it('that fails at any one point leaves the old state or, at the next run, the new one', async () => {
    const desired = { a: 'new', 'd/b': 'new', c: 'new' };
    const points: string[] = [];
    const dry = temporaryFolder();
    put(dry, { a: 'old' });
    await applyChangeset(dry, forgedUpdate(desired), { fault: (point) => points.push(point) });
    for (let failing = 0; failing < points.length; failing += 1) {
      const root = temporaryFolder();
      put(root, { a: 'old' });
      let count = 0;
      const fault = () => {
        count += 1;
        if (count === failing + 1) throw Object.assign(new Error('EIO'), { code: 'EIO' });
      };
      const outcome = await applyChangeset(root, forgedUpdate(desired), { fault }).catch((error: unknown) => error);
      const left = existsSync(join(root, '.gitops-gen/run/journal')) ? await recover(root) : 'none';
      const done = !(outcome instanceof Error) || left === 'finished' || files(root)['c'] !== undefined;
      expect([points[failing], files(root)]).toEqual([points[failing], done ? desired : { a: 'old' }]);
    }
  });

  function forgedUpdate(desired: Record<string, string>): Changeset {
    return forged(
      Object.entries(desired).map(([path, content]) =>
        path === 'a' ? { path, content, previous: 'old' } : { path, content },
      ),
    );
  }
});

describe('left-overs', () => {
  it('of a run that never got far are swept', async () => {
    const root = temporaryFolder();
    put(root, {
      a: '1',
      '.gitops-gen/run/stage.x/0': 'torn',
      '.gitops-gen/run/lock.x': '{',
      '.gitops-gen/run/.gitignore': '*\n',
    });
    expect(await recover(root)).toBe('undone');
    expect(snapshot(root)).toEqual({ a: '1' });
    expect(await recover(root)).toBe('none');
  });

  it('of no run at all cost nothing, also where there is no folder', async () => {
    const root = temporaryFolder();
    expect(await recover(join(root, 'missing'))).toBe('none');
    expect(await recover(root)).toBe('none');
    expect(readdirSync(root)).toEqual([]);
  });

  it.each([
    ['damaged', '{"version":1}\nabc\n', 'is damaged'],
    ['newer', null, 'newer gitops-gen'],
  ])('a journal that is %s is refused and kept', async (_name, text, message) => {
    const root = temporaryFolder();
    const { createHash } = await import('node:crypto');
    const newer = '{"version":2}';
    put(root, { '.gitops-gen/run/journal': text ?? `${newer}\n${createHash('sha256').update(newer).digest('hex')}\n` });
    await expect(recover(root)).rejects.toMatchObject({ reason: 'journal', message: expect.stringContaining(message) });
    expect(existsSync(join(root, '.gitops-gen/run/journal'))).toBe(true);
    await expect(applyChangeset(root, forged([{}]))).rejects.toMatchObject({ reason: 'journal' });
  });

  it('never replace what somebody wrote after the run was interrupted', async () => {
    const root = temporaryFolder();
    put(root, { a: 'old' });
    const fault = (point: string) => {
      if (point === 'rename a') throw Object.assign(new Error('stop'), { code: 'EIO' });
    };
    await expect(
      applyChangeset(root, forged([{ path: 'a', content: 'new', previous: 'old' }]), { fault }),
    ).rejects.toThrow();
    writeFileSync(join(root, 'a'), 'mine');
    await expect(recover(root)).rejects.toMatchObject({ reason: 'journal', paths: ['a'] });
    expect(files(root)).toEqual({ a: 'mine' });
    writeFileSync(join(root, 'a'), 'old');
    expect(await recover(root)).toBe('finished');
    expect(snapshot(root)).toEqual({ a: 'new' });
  });
});

it('a target is a folder', () => {
  const root = temporaryFolder();
  put(root, { file: 'x' });
  expect(() => new TargetFs(join(root, 'file'))).toThrow(/not a folder/);
  expect(() => new TargetFs(join(root, 'missing'))).toThrow(/ENOENT/);
});
