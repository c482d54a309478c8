import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/cli.js';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'gitops-gen-secrets-'));
  mkdirSync(join(home, '.git'));
  const files = {
    'kustomization.yaml':
      'resources: [secret.yaml]\nsecretGenerator:\n- name: s\n  literals:\n  - user=admin\n  - password=hunter2-literal\n- {name: t, literals: [token=hunter2-flow]}\n',
    'secret.yaml':
      'apiVersion: v1\nkind: Secret\nmetadata: {name: k}\nstringData:\n  user: admin\n  password: hunter2-data\n',
  };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(home, path), text);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

// A log of CI is read by more people than the repository.
describe('a secret that was found', () => {
  it.each(['text', 'html', 'json', 'sarif', 'junit', 'markdown', 'github'])('is not printed as %s', async (format) => {
    const { code, stdout, stderr } = await call(['validate', '.', '--format', format], { cwd: home });
    expect(stdout).toContain('secrets-not-in-git');
    expect(stdout + stderr).not.toContain('hunter2');
    expect(code).toBe(1);
  });

  it('is named with its line', async () => {
    const { stdout } = await call(['validate', '.'], { cwd: home });
    expect(stdout).toContain('  6 |   - [not shown]\n');
    expect(stdout).toContain('  6 |   password: [not shown]\n');
    expect(stdout).toContain('  7 | - [not shown]\n');
  });

  it('is not printed by a build either', async () => {
    const { stderr } = await call(['build', '.'], { cwd: home });
    expect(stderr).toContain('kustomize-plain-secret');
    expect(stderr).not.toContain('hunter2');
  });
});
