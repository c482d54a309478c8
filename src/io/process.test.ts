import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { childEnvironment, run } from './process.js';
import { temporaryFolder } from './testing/folders.js';

const node = (code: string, options = {}) => run(process.execPath, ['-e', code], [], options);

describe('a child', () => {
  it('gets an environment of known names only', () => {
    const env = childEnvironment({
      PATH: `.:/usr/bin:relative/bin::/bin`,
      HOME: '/home/x',
      NODE_OPTIONS: '--require ./evil.js',
      LD_PRELOAD: './evil.so',
      GIT_SSH_COMMAND: 'evil',
      GIT_DIR: '/elsewhere',
      GITHUB_TOKEN: 'ghs_secret',
      LANG: 'tr_TR.UTF-8',
      TZ: 'Asia/Tokyo',
      BASH_ENV: 'evil',
    });
    expect(env).toEqual({ PATH: '/usr/bin:/bin', HOME: '/home/x', LC_ALL: 'C', TZ: 'UTC' });
  });

  it('gets its input and gives its output and code', async () => {
    const result = await node('process.stdin.pipe(process.stdout); process.stderr.write("e"); process.exitCode = 7', {
      input: 'ü\0x',
    });
    expect([result.code, result.stdout.toString(), result.stderr]).toEqual([7, 'ü\0x', 'e']);
  });

  it('gets values as they are: no shell looks at them', async () => {
    const values = ['$(touch pwned)', '`id`', '; rm -rf /', "'", '%PATH%', '*'];
    const result = await run(process.execPath, ['-p', 'JSON.stringify(process.argv.slice(1))', '--'], values);
    expect(JSON.parse(result.stdout.toString())).toEqual(values);
  });

  it('never gets a value where an option stands', async () => {
    expect(() => run('git', ['log'], ['--output=pwned'])).toThrow(/for an option/);
    expect(() => run('git', ['log', '--'], ['a\0b'])).toThrow(/NUL/);
  });

  it('that is not installed is an error with a name', async () => {
    await expect(run('kustomize-that-nobody-has' as 'kustomize', [])).rejects.toMatchObject({
      name: 'IoError',
      code: 'ENOENT',
    });
  });

  it('that says too much is stopped', async () => {
    const endless = 'const w = () => process.stdout.write("x".repeat(65536), w); w()';
    await expect(node(endless, { maxOutputBytes: 1_000_000 })).rejects.toMatchObject({ code: 'EFBIG' });
  });

  it('that ends by a signal has the code of a shell', async () => {
    expect((await node('process.kill(process.pid, "SIGTERM"); setInterval(() => 0, 1000)')).code).toBe(143);
  });

  it('that does not end is stopped, with the children it has', async ({ skip }) => {
    if (process.platform === 'win32') skip('no process groups');
    const file = join(temporaryFolder(), 'pid');
    const grandchild = `require("child_process").spawn(process.execPath, ["-e", "setInterval(() => 0, 1000)"], {stdio: "inherit"}).pid`;
    const code = `require("fs").writeFileSync(${JSON.stringify(file)}, String(${grandchild})); setInterval(() => 0, 1000)`;
    const controller = new AbortController();
    const running = node(code, { signal: controller.signal });
    const seen = setInterval(() => {
      if (existsSync(file) && readFileSync(file, 'utf8') !== '') controller.abort();
    }, 5);
    await expect(running).rejects.toMatchObject({ code: 'ABORT_ERR' });
    clearInterval(seen);
    const stat = `/proc/${readFileSync(file, 'utf8')}/stat`;
    await vi.waitFor(() => {
      const state = existsSync(stat) ? readFileSync(stat, 'utf8').split(') ')[1]?.[0] : 'gone';
      expect(['gone', 'Z', 'X']).toContain(state);
    });
    await expect(node('setInterval(() => 0, 1000)', { timeoutMs: 1 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  });
});
