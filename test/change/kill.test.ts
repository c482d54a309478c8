import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { binary } from '../support/cli.js';
import { commitAll, emptyFolder, files, fleet, git, gitEnvironment, succeed } from '../support/repositories.js';

/** All kill points where the full numbers are asked for, else this many of each sort, spread evenly. */
const POINTS = process.env['GITOPS_GEN_DEEP'] ? Number.POSITIVE_INFINITY : 2;
const hooks = resolve(import.meta.dirname, 'kill-hooks.mjs');
const add = [
  'add-model',
  'llama-3.2-1b',
  '--family',
  'llama-3.1',
  '--revision',
  'c'.repeat(40),
  '--env',
  'development=1',
  '--commit',
];

/** A `git` before the real one on PATH that kills whoever called it at the n-th call: before the command runs, or right after. */
const shim = (real: string, count: string, kill: Kill) => `#!/bin/sh
n=$(( $(cat "${count}" 2>/dev/null || echo 0) + 1 ))
echo $n > "${count}"
if [ "$n" = "${kill.git ?? 0}" ] && [ "${kill.when ?? ''}" = before ]; then kill -9 $PPID; exit 1; fi
${real} "$@"
code=$?
if [ "$n" = "${kill.git ?? 0}" ]; then kill -9 $PPID; fi
exit $code
`;

let real: string;
let old: string;
let before: Map<string, string>;
let after: Map<string, string>;

interface Kill {
  readonly write?: number;
  readonly git?: number;
  readonly when?: 'before' | 'after';
}

/** Runs the built command; how many writes and calls of git it came to, undefined where it was killed. */
function run(dir: string, kill: Kill = {}): { readonly writes: number; readonly calls: number } | undefined {
  const scratch = emptyFolder();
  const [writes, calls] = [join(scratch, 'writes'), join(scratch, 'calls')];
  mkdirSync(join(scratch, 'bin'));
  writeFileSync(join(scratch, 'bin/git'), shim(real, calls, kill));
  chmodSync(join(scratch, 'bin/git'), 0o755);
  const env = {
    ...gitEnvironment,
    PATH: `${join(scratch, 'bin')}:${process.env['PATH']}`,
    SOURCE_DATE_EPOCH: '1700000000',
    COUNT_FILE: writes,
    KILL_AT: String(kill.write ?? 0),
  };
  const done = spawnSync(process.execPath, ['--import', hooks, binary, ...add, '-C', dir], { env, encoding: 'utf8' });
  if (done.signal === 'SIGKILL') return undefined;
  if (done.status !== 0) throw new Error(`${done.stdout}${done.stderr}`);
  return { writes: Number(readFileSync(writes, 'utf8')), calls: Number(readFileSync(calls, 'utf8')) };
}

function copy(): string {
  const dir = join(emptyFolder(), 'fleet');
  cpSync(old, dir, { recursive: true });
  return dir;
}

/** Evenly spread, the first and the last among them. */
function spread(count: number): number[] {
  const points = Math.min(count, POINTS);
  return [
    ...new Set(Array.from({ length: points }, (_, index) => 1 + Math.floor((index * (count - 1)) / (points - 1)))),
  ];
}

beforeAll(() => {
  real = spawnSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).stdout.trim();
});

describe('add-model --commit that is killed', () => {
  it('at any write, and before or after any call of git: the next run finds the old state, or finishes the new one', async () => {
    old = await fleet({ git: true });
    await succeed(old, ['render']);
    commitAll(old, 'old');
    before = files(old);
    const whole = copy();
    const total = run(whole);
    if (total === undefined) throw new Error('it was not to be killed');
    after = files(whole);
    const tree = git(whole, 'rev-parse', 'HEAD^{tree}');
    expect(total.writes).toBeGreaterThan(50);
    expect(total.calls).toBeGreaterThan(5);
    const kills: Kill[] = [
      ...spread(total.writes).map((write) => ({ write })),
      ...spread(total.calls).flatMap((call) => [
        { git: call, when: 'before' as const },
        { git: call, when: 'after' as const },
      ]),
    ];
    const seen = { old: 0, new: 0 };
    for (const kill of kills) {
      const dir = copy();
      // Calls of git may run side by side, so that the last number is not always reached.
      const survived = run(dir, kill) !== undefined;
      if (kill.write !== undefined) expect([kill, survived]).toEqual([kill, false]);
      // Any command that opens the repository finishes what was begun, or takes it back; `recover` does only that.
      await succeed(dir, [kill.git === undefined ? 'recover' : 'list']);
      const moved = git(dir, 'rev-list', '--count', 'HEAD') === git(whole, 'rev-list', '--count', 'HEAD');
      seen[moved ? 'new' : 'old'] += 1;
      expect([kill, files(dir)]).toEqual([kill, moved ? after : before]);
      expect([kill, git(dir, 'status', '--porcelain')]).toEqual([kill, '']);
      expect(existsSync(join(dir, '.gitops-gen/run'))).toBe(false);
      if (!moved) run(dir);
      expect([kill, git(dir, 'rev-parse', 'HEAD^{tree}')]).toEqual([kill, tree]);
      expect(git(dir, 'fsck', '--strict', '--no-dangling')).toBe('');
    }
    expect(seen.old).toBeGreaterThan(0);
    expect(seen.new).toBeGreaterThan(0);
  }, 3600_000);
});
