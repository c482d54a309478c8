import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

let folder: string;
let script: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gitops-gen-terminal-'));
  script = join(folder, 'terminal-script.mjs');
  const entry = join(import.meta.dirname, 'testing/terminal-script.ts');
  await build({
    entryPoints: [entry],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shell = (line: string) =>
  spawnSync('sh', ['-c', line.replaceAll('PROGRAM', `"${process.execPath}" "${script}"`)], {
    encoding: 'utf8',
    cwd: folder,
  });

describe('streams', () => {
  it('a pipe gets all of it', () => {
    expect(shell('PROGRAM large | wc -c').stdout.trim()).toBe('1000001');
  });

  it.each([
    ['a device that is full', 'PROGRAM large > /dev/full', 'cannot write to stdout: ENOSPC'],
    ['a closed pipe', '(PROGRAM large; echo "code $?" >&2) | true', 'cannot write to stdout: EPIPE'],
  ])('%s is an error of whoever wrote', (_name, line, message) => {
    const result = shell(line);
    expect(result.stderr).toContain(message);
    expect(result.stderr).not.toContain('at ');
    expect(line.includes('code') ? result.stderr : `code ${result.status}`).toContain('code 3');
  });

  it('stderr as well', () => {
    expect(shell('PROGRAM stderr 2> /dev/full').status).toBe(3);
  });

  it('standard input is read to its end, also where it is closed or empty', () => {
    expect(shell('printf "ü\\nx" | PROGRAM stdin').stdout).toBe('[ü\nx]');
    expect(shell('PROGRAM stdin < /dev/null').stdout).toBe('[]');
    expect(shell('PROGRAM stdin <&-').stdout).toBe('[]');
    expect(shell('PROGRAM stdin < .').stderr).toContain('standard input is a folder');
  });

  it('a folder that went away is an error with words', () => {
    const result = shell('mkdir gone && cd gone && rmdir ../gone && PROGRAM cwd');
    expect([result.status, result.stderr]).toEqual([3, 'the current folder is gone\n']);
  });
});

it('clean-up runs each work once, the last first, whatever one of them does', () => {
  expect(shell('PROGRAM clean').stdout).toBe('first ');
});

describe('signals', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s cleans up, ends the children, and gives %i', async (signal, code) => {
    const child = spawn(process.execPath, [script, 'wait'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (/^\d+\n$/u.test(out)) child.kill(signal);
    });
    const ended = await new Promise((resolve) => child.on('close', resolve));
    expect([ended, out]).toEqual([code, expect.stringMatching(/^\d+\ncleaned\n$/u)]);
    const stat = `/proc/${Number.parseInt(out, 10)}/stat`;
    await vi.waitFor(() => {
      const state = existsSync(stat) ? readFileSync(stat, 'utf8').split(') ')[1]?.[0] : 'gone';
      expect(['gone', 'Z', 'X']).toContain(state);
    });
  });
});
