import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { project, readOutputs } from './runner.js';

/** The first step: an npm of the test stands in for the real one and writes down how it was called. */
let home: string;
beforeAll(() => {
  // The folder for temporary files is a link on macOS, and npm speaks of where it leads.
  home = realpathSync(mkdtempSync(join(tmpdir(), 'gitops-gen-install-')));
  mkdirSync(join(home, 'bin'));
  const npm = join(home, 'bin', 'npm');
  writeFileSync(
    npm,
    `#!/bin/sh\npwd > "${home}/cwd"\nfor each in "$@"; do echo "$each"; done > "${home}/args"\nexit "\${NPM_STATUS:-0}"\n`,
  );
  chmodSync(npm, 0o755);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function install(version: string, more: Record<string, string> = {}) {
  const output = join(home, 'output');
  writeFileSync(output, '');
  const done = spawnSync(process.execPath, [join(project, 'scripts/action-install.mjs')], {
    cwd: home,
    encoding: 'utf8',
    env: {
      PATH: [join(home, 'bin'), process.env['PATH']].join(delimiter),
      RUNNER_TEMP: home,
      GITHUB_OUTPUT: output,
      GITOPS_GEN_VERSION: version,
      ...more,
    },
  });
  return { code: done.status, log: done.stdout, entry: readOutputs(readFileSync(output, 'utf8'))['entry'] };
}

describe('the step that installs', () => {
  it('without a version: this commit, which is built already here', () => {
    expect(install('')).toMatchObject({ code: 0, entry: join(project, 'dist', 'action.js') });
  });

  it('with one: that version as it was published, without install scripts, away from the workspace', () => {
    const { code, entry } = install('1.2.3');
    const args = readFileSync(join(home, 'args'), 'utf8').trim().split('\n');
    const folder = readFileSync(join(home, 'cwd'), 'utf8').trim();
    expect(code).toBe(0);
    expect(args).toContain('--ignore-scripts');
    expect(args.at(-1)).toBe('gitops-gen@1.2.3');
    expect(args).toEqual(expect.arrayContaining(['--prefix', folder]));
    expect(entry).toBe(join(folder, 'node_modules', 'gitops-gen', 'dist', 'action.js'));
  });

  it.each([
    'latest',
    '^1.2.3',
    '1.2',
    '1.2.3 --registry=x',
    'npm:other@1.2.3',
    'https://x/y.tgz',
    '1.2.3\n--x',
    '--version',
  ])('refuses %j, which is no exact version', (version) => {
    rmSync(join(home, 'args'), { force: true });
    const { code, log, entry } = install(version);
    expect([code, entry]).toEqual([2, undefined]);
    expect(log).toMatch(/^::error title=gitops-gen::The input version is no exact version/);
    expect(() => readFileSync(join(home, 'args'))).toThrow();
  });

  it('says so where npm fails', () => {
    const { code, log } = install('1.2.3', { NPM_STATUS: '1' });
    expect([code, log]).toEqual([2, '::error title=gitops-gen::npm install failed.\n']);
  });
});
