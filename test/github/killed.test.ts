import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../src/io/testing/folders.js';
import { sh } from '../../src/io/testing/repository.js';
import { binary } from '../support/cli.js';
import { type Fleet, fleet, untouched } from './fleet.js';

const deep = process.env['GITOPS_GEN_DEEP'] !== undefined;
const BRANCH = 'gitops-gen/update-llama-3-1-8b';

/**
 * A `git` that counts its calls, and kills who called it at the n-th: before git does anything, or when it is done. So every
 * write of a run is met, because all of them are git's.
 */
function killingGit(): string {
  const folder = temporaryFolder();
  const real = sh(folder, 'command -v git').trim();
  mkdirSync(join(folder, 'bin'));
  const file = join(folder, 'bin/git');
  // The environment of a child is an allow-list, so the point to be killed at stands in files beside the script. Calls may
  // come two at a time: each takes the next number that is free (noclobber makes a file only where there is none).
  writeFileSync(
    file,
    `#!/bin/sh
set -C
read -r at < "${folder}/at"; read -r when < "${folder}/when"
n=1
while ! { command : > "${folder}/calls/$n"; } 2>/dev/null; do n=$((n + 1)); done
if [ "$n" = "$at" ] && [ "$when" = before ]; then kill -9 $PPID; exit 1; fi
"${real}" "$@"; code=$?
if [ "$n" = "$at" ]; then kill -9 $PPID; fi
exit $code
`,
  );
  chmodSync(file, 0o755);
  return folder;
}

interface Ended {
  readonly code: number | undefined;
  readonly stderr: string;
  readonly calls: number;
}

/** Runs the built command with that git; `code` is undefined where it was killed. */
function run(
  one: Pick<Fleet, 'root' | 'github'>,
  tools: string,
  at = 0,
  when: 'before' | 'after' = 'before',
): Promise<Ended> {
  rmSync(join(tools, 'calls'), { recursive: true, force: true });
  mkdirSync(join(tools, 'calls'));
  writeFileSync(join(tools, 'at'), `${at}\n`);
  writeFileSync(join(tools, 'when'), `${when}\n`);
  const env = { PATH: `${tools}/bin:${process.env['PATH']}`, HOME: tools, GITHUB_TOKEN: one.github.options.token };
  const child = spawn(process.execPath, [binary, '-C', one.root, 'pr'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  one.github.onRequest = (moment, method, path) => {
    if (killAtRequest(moment, method, path)) child.kill('SIGKILL');
  };
  return new Promise((resolve) =>
    child.on('close', (code, signal) =>
      resolve({
        code: signal === null ? (code ?? undefined) : undefined,
        stderr,
        calls: readdirSync(join(tools, 'calls')).length,
      }),
    ),
  );
}

let killAtRequest: (moment: string, method: string, path: string) => boolean = () => false;

/** Some of the points, spread evenly; all of them where the full numbers are asked for. */
function spread(count: number, some: number): number[] {
  const number = deep ? count : Math.min(count, some);
  // The later half is where things are written: the last point is always among them.
  return [...new Set(Array.from({ length: number }, (_, index) => count - Math.floor((index * count) / number)))];
}

/** A copy of the clone and of everything the local GitHub holds, for the next point. */
function restore(one: Fleet, saved: { clone: string; bare: string }): void {
  sh(one.root, `rm -rf "${one.root}/.git" "${one.github.folder}"/refs "${one.github.folder}"/packed-refs`);
  cpSync(saved.clone, join(one.root, '.git'), { recursive: true });
  cpSync(join(saved.bare, 'refs'), join(one.github.folder, 'refs'), { recursive: true });
  if (existsSync(join(saved.bare, 'packed-refs')))
    cpSync(join(saved.bare, 'packed-refs'), join(one.github.folder, 'packed-refs'));
  one.github.pulls.length = 0;
}

describe('a run of pr that is killed', () => {
  it('anywhere: branch and pull request are not there, or are as they should be, and the next run finishes', {
    timeout: 1_800_000,
  }, async () => {
    const one = await fleet();
    const tools = killingGit();
    one.scale(2);
    const saved = { clone: join(tools, 'clone'), bare: join(tools, 'bare') };
    cpSync(join(one.root, '.git'), saved.clone, { recursive: true });
    cpSync(one.github.folder, saved.bare, { recursive: true });
    const before = untouched(one.root);
    const whole = await run(one, tools);
    expect([whole.code, one.github.pulls.length]).toEqual([0, 1]);
    const tree = one.github.git('rev-parse', `${BRANCH}^{tree}`);
    const body = plain(one.github.pulls[0]?.body ?? '');
    const points = [
      ...spread(whole.calls, 2).map((at) => ({ at, when: 'before' as const })),
      ...spread(whole.calls, 2).map((at) => ({ at, when: 'after' as const })),
    ];
    for (const { at, when } of points) {
      restore(one, saved);
      const killed = await run(one, tools, at, when);
      expect([at, when, killed.code]).toEqual([at, when, undefined]);
      expect(untouched(one.root)).toBe(before);
      expectWhole(one, tree);
      const again = await run(one, tools);
      expect([at, when, again.code, again.stderr]).toEqual([at, when, 0, expect.stringContaining('pull request 1')]);
      expectFinished(one, tree, body);
      expect(untouched(one.root)).toBe(before);
    }
    // The same at every request to the API, before and after it is served.
    const requests = [
      /^GET \/repos\/[^/]+\/[^/]+$/u,
      /^GET .*git\/ref/u,
      /git-receive-pack$/u,
      /^GET .*pulls/u,
      /^POST .*pulls$/u,
      /^POST .*requested_reviewers$/u,
    ];
    for (const pattern of deep ? requests : [requests[2] as RegExp, requests[4] as RegExp])
      for (const moment of deep ? ['before', 'after'] : ['after']) {
        restore(one, saved);
        let met = false;
        killAtRequest = (when, method, path) => {
          const isIt = !met && when === moment && pattern.test(`${method} ${path}`);
          met ||= isIt;
          return isIt;
        };
        const killed = await run(one, tools);
        killAtRequest = () => false;
        expect([String(pattern), moment, killed.code]).toEqual([String(pattern), moment, undefined]);
        expectWhole(one, tree);
        expect((await run(one, tools)).code).toBe(0);
        expectFinished(one, tree, body);
      }
    expect(one.github.violations).toEqual([]);
  });
});

/** Ids of commits change with the second in which they are made. */
function plain(body: string): string {
  return body.replace(/\b[0-9a-f]{12}\b/gu, 'ID');
}

/** Never half: where the branch is, here or there, it holds the whole change. */
function expectWhole({ root, github }: Fleet, tree: string): void {
  const there = github.tip(BRANCH);
  if (there !== undefined) expect(github.git('rev-parse', `${there}^{tree}`)).toBe(tree);
  const here = sh(root, `git rev-parse --verify --quiet refs/heads/${BRANCH} || true`).trim();
  if (here !== '') expect(sh(root, `git rev-parse "${here}^{tree}"`).trim()).toBe(tree);
  expect(sh(root, 'git fsck --strict 2>&1 | grep -v dangling || true')).toBe('');
}

function expectFinished({ github }: Fleet, tree: string, body: string): void {
  expect(github.git('rev-parse', `${BRANCH}^{tree}`)).toBe(tree);
  expect(github.git('rev-list', '--count', `main..${BRANCH}`)).toBe('1');
  expect(github.pulls.map((pull) => [pull.number, pull.head, plain(pull.body), pull.users])).toEqual([
    [1, BRANCH, body, ['octocat']],
  ]);
}
