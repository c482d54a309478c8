import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { binary, call, start } from '../support/cli.js';

interface Row {
  readonly id: string;
  readonly input: string;
  readonly exit: readonly number[];
  readonly where: string;
}

const rows = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../fixtures/bad-inputs/process.json'), 'utf8'),
) as readonly Row[];
let home: string;
let fleet: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'gitops-gen-process-'));
  fleet = join(home, 'fleet');
  await call(['init', fleet, '--yes', '--quiet', '--repository', 'https://github.com/acme/fleet']);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const family = [
  'apiVersion: gitops-gen.io/v1alpha1',
  'kind: ModelFamily',
  'metadata: { name: llama }',
  'spec:',
  '  models: [{ name: llama-3.1-8b, revision: 0e9e39f249a16976918f6564b8830bc894c89659, replicas: { production: 1 } }]',
  '  phases: [{ name: all, models: [llama-3.1-8b] }]',
  '',
].join('\n');

function row(id: string): Row {
  const found = rows.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no row ${id}`);
  return found;
}

describe('process and platform', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)('X04: %s while it waits for input ends with %i, and nothing is written', async (signal, code) => {
    expect(row('X04').exit).toContain(code);
    const child = spawn(process.execPath, [binary, 'add-model', '-', '-C', fleet, '--verbose'], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    // It reads until the pipe ends: a part of the file is there, the rest never comes.
    await new Promise<void>((done) => child.stdin.write(family.slice(0, 20), () => done()));
    await waitUntilReading(child.pid as number);
    child.kill(signal);
    const ended = await new Promise<number | null>((done) => child.on('exit', (exit) => done(exit)));
    expect(ended).toBe(code);
    expect(existsSync(join(fleet, 'families'))).toBe(false);
  });

  it('X07: a full device and a reader that is gone are errors', () => {
    if (existsSync('/dev/full')) {
      const full = spawnSync(process.execPath, [binary, 'models'], {
        stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
        encoding: 'utf8',
      });
      expect(full.stderr).toContain('cannot write to stdout: ENOSPC');
      expect(row('X07').exit).toContain(full.status);
    }
    const gone = spawnSync(
      'bash',
      [
        '-c',
        `${JSON.stringify(process.execPath)} ${JSON.stringify(binary)} models -o json | head -c 1 >/dev/null; exit "\${PIPESTATUS[0]}"`,
      ],
      { encoding: 'utf8' },
    );
    expect(row('X07').exit).toContain(gone.status);
    expect(gone.stderr).toContain('cannot write to stdout: EPIPE');
  });

  it('X10: - says what is expected and does not hang', () => {
    const { code, stderr } = start(['add-model', '-', '-C', fleet], { stdin: '' });
    expect(stderr).toContain('standard input is empty');
    expect(row('X10').exit).toContain(code);
  });

  it('X11: with a small heap the tree is whole or untouched', () => {
    const target = join(home, 'small');
    const done = spawnSync(
      process.execPath,
      ['--max-old-space-size=256', binary, 'init', target, '--yes', '--repository', 'https://github.com/acme/x'],
      { encoding: 'utf8' },
    );
    expect(row('X11').exit).toContain(done.status);
    expect(start(['render', '--check', '-C', target]).code).toBe(0);
  });

  it('X13: an error that nobody foresaw is one line and a file with the rest', async () => {
    let stderr = '';
    const broken = {
      stdout: () => Promise.reject(new TypeError('x is not a function')),
      stderr: async (text: string) => {
        stderr += text;
      },
      stdin: async () => '',
      env: {},
      cwd: home,
      tty: { stdin: false, stdout: false, stderr: false },
      columns: 80,
      now: () => 0,
      onInterrupt: () => () => {},
    };
    const code = await main(['models'], broken, '0.0.0');
    expect(row('X13').exit).toContain(code);
    expect(stderr.split('\n')[0]).toBe('internal error: x is not a function');
    const file = /Details: (.*)/.exec(stderr)?.[1] ?? '';
    expect(readFileSync(file, 'utf8')).toContain('TypeError');
    rmSync(resolve(file, '..'), { recursive: true });
  });

  it('X18: after -- a name that starts with a dash is a file', async () => {
    writeFileSync(join(fleet, '-family.yaml'), family);
    const { code, stderr } = await call(['add-model', '--dry-run', '-C', fleet, '--', '-family.yaml'], { cwd: fleet });
    expect(stderr).toContain('dry run');
    expect(row('X18').exit).toContain(code);
    rmSync(join(fleet, '-family.yaml'));
  });

  it('X19: what the environment plants is not run', () => {
    const folder = join(home, 'planted');
    mkdirSync(folder);
    const canary = join(home, 'canary');
    for (const name of ['git', 'ssh', 'kubectl']) {
      writeFileSync(join(folder, name), `#!/bin/sh\ntouch '${canary}'\n`);
      chmodSync(join(folder, name), 0o755);
    }
    const env = {
      PATH: `.${delimiter}${process.env['PATH']}`,
      GIT_SSH_COMMAND: `touch ${canary}`,
      GIT_EDITOR: `touch ${canary}`,
      GITHUB_TOKEN: 'secret',
    };
    const done = spawnSync(process.execPath, [binary, 'validate', fleet], { cwd: folder, env, encoding: 'utf8' });
    expect(existsSync(canary)).toBe(false);
    expect(row('X19').exit).toContain(done.status);
    expect(done.stdout + done.stderr).not.toContain('secret');
  });

  it.runIf(process.env['GITOPS_GEN_DEEP'])('X22: 5,000 models are one run', () => {
    const target = join(home, 'large');
    const place = ['--repository', 'https://github.com/acme/x', '--env', 'production', '--inventory', 'h100-80gb'];
    start(['init', target, '--yes', ...place]);
    const config = join(target, 'clusters/production/cluster-config.yaml');
    writeFileSync(config, readFileSync(config, 'utf8').replace(/nodes: \d+/, 'nodes: 2000'));
    mkdirSync(join(target, 'families'));
    // A file of specs holds at most 1 MiB, and Node's heap, unless told otherwise, half of the 10,000 that were asked for:
    // everything is judged before anything is written.
    for (const family of ['a', 'b']) {
      const names = Array.from({ length: 2500 }, (_, i) => `${family}${i}`);
      const entry = 'model: llama-3.1-8b, revision: 0e9e39f249a16976918f6564b8830bc894c89659';
      const lines = [
        'apiVersion: gitops-gen.io/v1alpha1',
        'kind: ModelFamily',
        `metadata: { name: ${family} }`,
        'spec:',
        '  models:',
        ...names.map((name) => `    - { name: ${name}, ${entry}, replicas: { production: 1 } }`),
        '  phases:',
        `    - { name: all, models: [${names.join(', ')}] }`,
      ];
      writeFileSync(join(target, `families/${family}.yaml`), `${lines.join('\n')}\n`);
    }
    const { code, stderr } = start(['render', '-C', target, '--quiet']);
    expect([code, stderr]).toEqual([0, '']);
    expect(readdirSync(join(target, 'applications')).length).toBe(5000);
  });

  it('X23: no dependency runs a script when it is installed but esbuild, which works without', () => {
    const lock = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../package-lock.json'), 'utf8')) as {
      packages: Record<string, { hasInstallScript?: boolean; resolved?: string }>;
    };
    const scripts = Object.entries(lock.packages).filter(
      ([path, { hasInstallScript }]) => hasInstallScript && path !== '',
    );
    for (const [path] of scripts) expect(path).toMatch(/(^|\/)node_modules\/(esbuild|fsevents)$/);
    expect(Object.values(lock.packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  });
});

/** Waits until the process has its signal handlers and reads: it holds no file open but is there and sleeps. */
async function waitUntilReading(pid: number): Promise<void> {
  if (!existsSync('/proc')) return new Promise((done) => setTimeout(done, 2000));
  for (let tries = 0; tries < 600; tries += 1) {
    const status = existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '';
    const caught = BigInt(`0x${/SigCgt:\s*([0-9a-f]+)/.exec(status)?.[1] ?? '0'}`);
    // SIGHUP is signal 1, SIGTERM 15: both caught once the streams are taken over.
    if ((caught & 1n) !== 0n && (caught & (1n << 14n)) !== 0n) return;
    await new Promise((done) => setTimeout(done, 50));
  }
}
