import { spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../src/io/testing/folders.js';
import { sh } from '../../src/io/testing/repository.js';
import { binary } from '../support/cli.js';
import { type Fleet, fleet, revision, scale, untouched } from './fleet.js';

const deep = process.env['GITOPS_GEN_DEEP'] !== undefined;

/** The built command as a process of its own; what it said on standard error, after its exit code. */
function start(one: Fleet, root: string, args: readonly string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: root, GITHUB_TOKEN: one.github.options.token };
  const child = spawn(process.execPath, [binary, '-C', root, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  return new Promise((resolve) =>
    child.on('close', (code, signal) => resolve(`${signal ?? code} ${code === 0 ? '' : said}`.trim())),
  );
}

/** So many at a time as the machine bears; all of them are on their way before the first is through. */
const COUNT = deep ? 32 : 4;

describe('processes side by side', () => {
  it('each with a model of its own, in one clone: every one of them has its pull request', {
    timeout: 900_000,
  }, async () => {
    const one = await fleet();
    const names = Array.from({ length: COUNT }, (_, index) => `m${String(index).padStart(2, '0')}`);
    const before = untouched(one.root);
    const add = (name: string) => [
      'add-model',
      'llama-3.1-8b',
      '--name',
      name,
      '--revision',
      revision,
      '--env',
      'development=1',
      '--pr',
      '--fail-on',
      'never',
    ];
    expect(await Promise.all(names.map((name) => start(one, one.root, add(name))))).toEqual(names.map(() => '0'));
    expect(one.github.pulls.map(({ head }) => head).sort()).toEqual(names.map((name) => `gitops-gen/add-${name}`));
    for (const name of names)
      expect(one.github.git('show', `gitops-gen/add-${name}:families/llama-3.1.yaml`)).toContain(`name: ${name}\n`);
    expect(untouched(one.root)).toBe(before);
    expect(sh(one.root, 'git fsck --strict 2>&1 | grep -v dangling || true')).toBe('');
    expect(one.github.violations).toEqual([]);
  });

  it('all with the same change, from several clones: one branch, one pull request, nothing lost', {
    timeout: 900_000,
  }, async () => {
    const one = await fleet();
    const folder = temporaryFolder();
    const clones = Array.from({ length: 3 }, (_, index) => join(folder, `clone-${index}`));
    for (const [index, clone] of clones.entries()) {
      cpSync(one.root, clone, { recursive: true });
      // Two of them agree, and one wants something else of the same model.
      scale(clone, index === 2 ? 3 : 2);
    }
    const runs = Array.from({ length: COUNT }, (_, index) => start(one, clones[index % 3] as string, ['pr']));
    const ends = await Promise.all(runs);
    expect(ends.every((end) => end === '0' || /somebody else pushed|could not be fetched|moved on/u.test(end))).toBe(
      true,
    );
    expect(ends).toContain('0');
    expect(one.github.pulls).toHaveLength(1);
    const branch = 'gitops-gen/update-llama-3-1-8b';
    // Every state that a run published is in the history of the branch: nobody's commit was overwritten.
    const states = one.github
      .git('log', '--format=%H', `main..${branch}`)
      .split('\n')
      .map((commit) => /development: (\d)/u.exec(one.github.git('show', `${commit}:families/llama-3.1.yaml`))?.[1]);
    expect(new Set(states)).toEqual(new Set(['2', '3']));
    expect(one.github.git('fsck', '--strict')).toBe('');
    expect(one.github.violations).toEqual([]);
  });
});
