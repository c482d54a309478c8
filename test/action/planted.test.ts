import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeJournal } from '../../src/io/journal.js';
import { git } from '../support/git-repository.js';
import { home, run } from './harness.js';
import { config, fleet, inB, pod } from './small-fleet.js';

/** Links, journals and repositories inside a pull request, and more than a comment holds. */
describe('files that are no files', () => {
  const outside = (dir: string): string => {
    const path = join(dirname(dir), 'outside');
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'kustomization.yaml'), 'resources: [secret.yaml]\n');
    writeFileSync(join(path, 'secret.yaml'), config('canary-of-outside', 'dta: {}\n'));
    return path;
  };

  it('links are not followed: a folder, a file, the policies, the specs', async () => {
    const prepare = (dir: string) => {
      const path = outside(dir);
      for (const each of ['b', 'policies', 'exemptions.yaml', 'families', 'a/own.yaml']) {
        rmSync(join(dir, each), { recursive: true, force: true });
        symlinkSync(each === 'a/own.yaml' ? join(path, 'secret.yaml') : path, join(dir, each));
      }
    };
    const { code, found, log, summary, outputs } = await run({
      files: inB({ 'job.yaml': pod('busybox:latest') }),
      prepare,
    });
    expect(code).not.toBe(0);
    expect(found.some((each) => /kustomize-symbolic-link|spec-unreadable/.test(each))).toBe(true);
    const reports = readFileSync(outputs['report'] as string, 'utf8');
    expect(log + summary + reports).not.toContain('canary-of-outside');
  });

  it('the folder to judge becomes a link: refused', async () => {
    const prepare = (dir: string) => {
      rmSync(join(dir, 'b'), { recursive: true });
      symlinkSync(outside(dir), join(dir, 'b'));
    };
    const { code, commands } = await run({ prepare }, { inputs: { directory: 'b' } });
    expect([code, commands[0]?.data]).toEqual([2, 'b is a symbolic link: links are not followed.']);
  });

  it('a planted journal is not finished: it would make good files of the bad ones that are merged', async () => {
    const bad = `${fleet['a/own.yaml']}dta: {}\n`;
    const good = config('own-a');
    for (const folder of ['.gitops-gen/run', ...(process.platform === 'darwin' ? ['.GitOps-Gen/run'] : [])]) {
      const sum = (text: string) => createHash('sha256').update(text).digest('hex');
      const journal = encodeJournal({
        version: 1,
        id: 'planted',
        entries: [
          { op: 'write', path: 'a/own.yaml', stage: `${folder}/stage.planted/0`, after: sum(good), before: sum(bad) },
        ],
      }).toString('utf8');
      const files = { 'a/own.yaml': bad, [`${folder}/journal`]: journal, [`${folder}/stage.planted/0`]: good };
      const { code, commands, request } = await run({ files });
      expect([code, commands[0]?.name]).toEqual([3, 'error']);
      expect(commands[0]?.data).toContain('.gitops-gen/run is part of a commit');
      expect(readFileSync(join(request.workspace, 'a/own.yaml'), 'utf8')).toBe(bad);
    }
  });

  it('a planted bare repository runs nothing, as the folder to judge too', async () => {
    const canary = join(home, 'planted');
    const prepare = (dir: string) => {
      const bare = join(dir, 'planted');
      git(dir, 'init', '--quiet', '--bare', bare);
      rmSync(join(bare, 'hooks'), { recursive: true });
      mkdirSync(join(bare, 'refs', 'keep'), { recursive: true });
      for (const each of ['objects/keep', 'refs/heads/keep', 'refs/keep/x']) {
        mkdirSync(dirname(join(bare, each)), { recursive: true });
        writeFileSync(join(bare, each), '');
      }
      const command = `touch ${canary}; false`;
      writeFileSync(
        join(bare, 'config'),
        `[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n\tfsmonitor = "${command}"\n\tsshCommand = "${command}"\n\tpager = "${command}"\n[alias]\n\tls-tree = "!${command}"\n`,
      );
      writeFileSync(join(dir, '.gitattributes'), '* filter=evil diff=evil\n');
      writeFileSync(join(bare, 'own.yaml'), config('x', 'dta: {}\n'));
    };
    for (const [directory, expected] of [
      ['.', 1],
      ['planted', 3],
    ] as const) {
      const { request, code } = await run({ prepare }, { inputs: { directory } });
      expect(statSync(join(request.workspace, 'planted', 'HEAD')).isFile()).toBe(true);
      expect([directory, code]).toEqual([directory, expected]);
    }
    expect(existsSync(canary)).toBe(false);
  });
});

it('thousands of findings fill neither comment nor summary, and are counted', async () => {
  const text = '😀'.repeat(40);
  const many = Array.from({ length: 3000 }, (_, index) => config(`c${index}`, `"${text}${index}": {}\n`)).join('---\n');
  const { report, comment, summary, commands, log } = await run({ fork: false, files: inB({ 'many.yaml': many }) });
  expect(report?.summary.errors).toBeGreaterThan(2999);
  expect(comment.length).toBeLessThan(65_536);
  expect(Buffer.byteLength(comment)).toBeLessThan(65_536);
  expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024);
  for (const each of [comment, summary]) expect(each).toMatch(/…and \d+ more findings; the JSON report has them all/);
  expect(commands.filter(({ name }) => name === 'error').length).toBe(10);
  expect(log).toMatch(/\d{4} more of severity error/);
});
