import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realKubectl } from '../../test/support/real-kubectl.js';
import {
  buildExternally,
  causeOf,
  defaultExternalLimits,
  type ExternalEngine,
  findEngine,
} from './external-kustomize.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gitops-gen-engine-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

const environment = { PATH: process.env['PATH'], GITHUB_TOKEN: 'secret', HTTPS_PROXY: 'http://proxy' };

const engine = (script: string): ExternalEngine => ({
  name: 'kustomize',
  path: program('kustomize', script),
  version: 'v5.8.1',
});

describe.skipIf(process.platform === 'win32')('an external engine', () => {
  it('gets no token, no proxy and no home', async () => {
    const run = await buildExternally(engine('env'), folder, environment);
    expect(run.ok).toBe(true);
    expect(run.output).not.toMatch(/secret|proxy/);
    expect(run.output).toContain('HOME=/nonexistent');
    expect(run.output).toContain('KUBECONFIG=/dev/null');
  });

  it('is killed with its children when it takes too long', async () => {
    const file = join(folder, 'child');
    const limits = { ...defaultExternalLimits, timeoutMs: 500 };
    await expect(
      buildExternally(engine(`sleep 60 & echo $! > '${file}'; wait`), folder, environment, limits),
    ).rejects.toMatchObject({
      code: 'ETIMEDOUT',
      message: 'kustomize did not end within 0.5 s and was stopped',
      hint: expect.stringContaining('--engine-timeout') as unknown,
    });
    const child = Number(readFileSync(file, 'utf8'));
    expect(child).toBeGreaterThan(0);
    // A killed child is gone, or a zombie that nobody has waited for yet.
    expect(isRunning(child)).toBe(false);
  });

  it('is killed when it prints too much', async () => {
    const limits = { ...defaultExternalLimits, maxOutputBytes: 1024 * 1024 };
    await expect(buildExternally(engine('yes'), folder, environment, limits)).rejects.toMatchObject({
      code: 'EFBIG',
      message: 'kustomize wrote more than 1 MiB and was stopped',
      hint: expect.stringContaining('--engine-output') as unknown,
    });
  });

  it.skipIf(!existsSync('/usr/bin/prlimit'))('ends when it needs too much memory', async () => {
    const limits = { ...defaultExternalLimits, maxMemoryBytes: 100 * 1024 * 1024 };
    await expect(
      buildExternally(engine('head -c 1000000000 /dev/zero | tail'), folder, environment, limits),
    ).rejects.toMatchObject({
      code: 'ENOMEM',
      message: 'kustomize wanted more than the 100 MiB of memory that it may have and ended',
      hint: expect.stringContaining('--engine-memory') as unknown,
    });
  });

  it('must be of version 5 or later', async () => {
    program('kustomize', 'echo v4.5.7');
    expect(await findEngine('kustomize', { PATH: folder })).toEqual({
      problem: expect.stringContaining('v4.5.7') as unknown,
    });
    program('kustomize', 'echo v5.8.1');
    expect(await findEngine('kustomize', { PATH: `relative:${folder}` })).toMatchObject({
      name: 'kustomize',
      version: 'v5.8.1',
    });
    expect(await findEngine('kubectl', { PATH: folder })).toEqual({ problem: 'There is no kubectl on PATH.' });
  });

  it('refuses a folder that could be an option or a remote address', async () => {
    for (const odd of ['--enable-helm', 'github.com/a/b'])
      await expect(buildExternally(engine('echo'), odd, environment)).rejects.toThrow(TypeError);
  });

  it('shows the cause of a panic in one line', () => {
    expect(causeOf('# Warning: old\npanic: runtime error: index out of range\n\ngoroutine 1 [running]:\n')).toBe(
      'panic: runtime error: index out of range',
    );
    expect(causeOf('error: no resource matches\n')).toBe('error: no resource matches');
  });

  const kubectl = realKubectl();
  it.skipIf(kubectl.skip !== undefined)('builds with the real kubectl', async () => {
    writeFileSync(join(folder, 'kustomization.yaml'), 'resources: [a.yaml]\n');
    writeFileSync(join(folder, 'a.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n');
    const real: ExternalEngine = { name: 'kubectl', path: kubectl.path as string, version: 'v5.8.1' };
    const run = await buildExternally(real, folder, { PATH: dirname(real.path) });
    expect(run).toEqual({ ok: true, output: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n', errors: '' });
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const state = /^\d+ \(.*\) (\S)/.exec(readStat(pid))?.[1];
  return state !== undefined && state !== 'Z' && state !== 'X';
}

function readStat(pid: number): string {
  try {
    return process.platform === 'linux' ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
  } catch {
    return '';
  }
}
