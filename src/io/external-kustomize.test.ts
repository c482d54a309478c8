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
  runLimited,
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

describe.skipIf(process.platform === 'win32')('an external engine', () => {
  it('gets no token, no proxy and no home', async () => {
    const run = await runLimited(program('env', 'env'), [], environment, defaultExternalLimits);
    expect(run.ok).toBe(true);
    expect(run.output).not.toMatch(/secret|proxy/);
    expect(run.output).toContain('HOME=/nonexistent');
  });

  it('is killed with its children when it takes too long', async () => {
    const path = program('hang', 'sleep 60 & echo $!; wait');
    const run = await runLimited(path, [], environment, { ...defaultExternalLimits, timeout: 300 });
    expect(run).toMatchObject({ ok: false, stopped: 'timeout' });
    const child = Number(run.output.trim());
    expect(child).toBeGreaterThan(0);
    // A killed child is gone, or a zombie that nobody has waited for yet.
    expect(isRunning(child)).toBe(false);
  });

  it('is killed when it prints too much', async () => {
    const run = await runLimited(program('loud', 'yes'), [], environment, {
      ...defaultExternalLimits,
      maxOutput: 100_000,
    });
    expect(run).toMatchObject({ ok: false, stopped: 'output' });
    expect(run.output.length).toBeLessThanOrEqual(100_000);
  });

  it.skipIf(!existsSync('/usr/bin/prlimit'))('ends when it needs too much memory', async () => {
    const run = await runLimited(program('hungry', 'head -c 1000000000 /dev/zero | tail'), [], environment, {
      ...defaultExternalLimits,
      maxMemory: 100 * 1024 * 1024,
    });
    expect(run).toMatchObject({ ok: false, stopped: 'memory' });
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

  it('refuses a folder that could be an option or a remote address', () => {
    const engine: ExternalEngine = { name: 'kustomize', path: join(folder, 'kustomize'), version: 'v5.8.1' };
    expect(() => buildExternally(engine, '--enable-helm', environment)).toThrow(TypeError);
    expect(() => buildExternally(engine, 'github.com/a/b', environment)).toThrow(TypeError);
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
    const engine: ExternalEngine = { name: 'kubectl', path: kubectl.path as string, version: 'v5.8.1' };
    const run = await buildExternally(engine, folder, { PATH: dirname(engine.path) });
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
