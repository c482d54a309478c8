import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyChangeset, recover } from './apply.js';
import { commitChangeset } from './commit.js';
import { openGit } from './git.js';
import { snapshot, temporaryFolder } from './testing/folders.js';
import { planFolder } from './testing/plan.js';
import { repository, sh } from './testing/repository.js';
import { bundledScript } from './testing/script.js';

/** All kill points where the full numbers are asked for, else this many, spread evenly. */
const POINTS = process.env['GITOPS_GEN_DEEP'] ? Number.POSITIVE_INFINITY : 12;
const OLD = { kept: 'kept\n', edited: 'old\n', 'removed/file': 'x\n' };
const NEW = { kept: 'kept\n', edited: 'new\n', 'added/one/file': '1\n', 'added/two': '2\n' };

const script = bundledScript('kill-script');

/** Runs the script; the number of points where it came to its end, undefined where it was killed. */
function run(what: 'apply' | 'commit' | 'recover', root: string, killAt = 0): number | undefined {
  const result = spawnSync(process.execPath, [script(), what, root, String(killAt)], { encoding: 'utf8' });
  if (result.signal === 'SIGKILL') return undefined;
  expect([result.stderr, result.status]).toEqual(['', 0]);
  return Number(result.stdout);
}

function spread(count: number, points = POINTS): number[] {
  const step = Math.max(1, count / points);
  return [...new Set(Array.from({ length: Math.min(count, points) }, (_, index) => 1 + Math.floor(index * step)))];
}

function own(root: string): Record<string, string> {
  return Object.fromEntries(Object.entries(snapshot(root)).filter(([path]) => !path.startsWith('.gitops-gen/')));
}

function copyOf(root: string): string {
  const copy = temporaryFolder();
  cpSync(root, copy, { recursive: true });
  return copy;
}

describe('a run into a folder that is killed', () => {
  it('anywhere: the next run finds the old state or finishes the new one', async () => {
    const old = temporaryFolder();
    await applyChangeset(old, await planFolder(old, OLD));
    const finished = copyOf(old);
    const count = run('apply', finished);
    const complete = snapshot(finished);
    expect(own(finished)).toEqual(NEW);
    const seen = new Set<string>();
    for (const point of spread(count ?? 0)) {
      const root = copyOf(old);
      expect(run('apply', root, point)).toBeUndefined();
      const recovery = await recover(root);
      seen.add(recovery);
      expect([point, snapshot(root)]).toEqual([
        point,
        recovery === 'finished' || own(root)['edited'] === 'new\n' ? complete : snapshot(old),
      ]);
      expect(existsSync(join(root, '.gitops-gen/run'))).toBe(false);
      run('apply', root);
      expect(snapshot(root)).toEqual(complete);
    }
    expect(seen).toContain('finished');
    expect(seen).toContain('undone');
  });

  it('and whose recovery is killed as well', async () => {
    const old = temporaryFolder();
    await applyChangeset(old, await planFolder(old, OLD));
    const finished = copyOf(old);
    const count = run('apply', finished) ?? 0;
    const complete = snapshot(finished);
    // After the journal is there and before the last file is: where a recovery has most to do.
    const interrupted = copyOf(old);
    expect(run('apply', interrupted, Math.floor(count * 0.7))).toBeUndefined();
    expect(existsSync(join(interrupted, '.gitops-gen/run/journal'))).toBe(true);
    const steps = run('recover', copyOf(interrupted)) ?? 0;
    for (const point of spread(steps, POINTS / 2)) {
      const root = copyOf(interrupted);
      expect(run('recover', root, point)).toBeUndefined();
      await recover(root);
      expect([point, snapshot(root)]).toEqual([point, complete]);
    }
  });
});

describe('a run with a commit that is killed', () => {
  it('anywhere: branch and files are old, or become new together', async () => {
    const old = await repository();
    await commitChangeset(old, await planFolder(old, OLD), { message: 'old' });
    const before = { files: snapshot(old), head: (await (await openGit(old)).head()).commit };
    const finished = copyOf(old);
    const count = run('commit', finished) ?? 0;
    const complete = snapshot(finished);
    expect(sh(finished, 'git status --porcelain')).toBe('');
    const seen = new Set<string>();
    for (const point of spread(count, POINTS / 3)) {
      const root = copyOf(old);
      expect(run('commit', root, point)).toBeUndefined();
      seen.add(await recover(root));
      const head = (await (await openGit(root)).head()).commit;
      const moved = head !== before.head;
      expect([point, snapshot(root)]).toEqual([point, moved ? complete : before.files]);
      expect(sh(root, 'git status --porcelain')).toBe('');
      run('commit', root);
      expect(sh(root, 'git log --format=%s; git status --porcelain')).toBe('new\nold\n');
      expect(sh(root, 'git fsck --strict 2>&1 | grep -v dangling || true')).toBe('');
    }
    expect(seen).toContain('finished');
    expect(seen).toContain('undone');
  });
});
