import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/cli.js';

/** Folders that lie in no repository: what is read of what lies around them. */
const map = (name: string, rest = '') => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n${rest}`;
const files: Readonly<Record<string, string>> = {
  'overlays/prod/kustomization.yaml': 'resources: [../../base]\n',
  'overlays/lost/kustomization.yaml': 'resources: [../../../base]\n',
  'overlays/file/kustomization.yaml': 'resources: [../../one.yaml]\n',
  'base/kustomization.yaml': 'resources: [cm.yaml, ../common]\n',
  'base/cm.yaml': map('a', 'dta: {}\n'),
  'common/kustomization.yaml': 'resources: [cm.yaml]\n',
  'common/cm.yaml': map('b'),
  'one.yaml': map('c', 'dta: {}\n'),
  'other/cm.yaml': map('d', 'dta: {}\n'),
};
let home = '';

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'gitops-gen-folder-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const judged = async (cwd: string, ...argv: readonly string[]) => {
  const { code, stdout } = await call(['validate', '-o', 'json', ...argv], { cwd: join(home, cwd) });
  const report = JSON.parse(stdout);
  return {
    code,
    files: report.checked.files,
    found: report.diagnostics.map((each: { file: string; ruleId: string }) => `${each.file} ${each.ruleId}`),
    diagnostics: report.diagnostics,
  };
};

describe('a folder outside of any repository', () => {
  it('is read with the bases that it names below the folder where the command runs, theirs too, and nothing else', async () => {
    expect(await judged('.', 'overlays/prod')).toMatchObject({
      code: 1,
      files: 5,
      found: ['base/cm.yaml schema-unknown-field'],
    });
    const { files, found } = await judged('overlays', '-C', '..', 'overlays/prod');
    expect([files, found]).toEqual([5, ['base/cm.yaml schema-unknown-field']]);
  });

  it('is not left upwards unasked, and the message says what to run', async () => {
    for (const [cwd, dir] of [
      ['overlays/prod', '.'],
      ['overlays', 'prod'],
      ['.', 'overlays/lost'],
      ['other', '../overlays/prod'],
    ] as const) {
      const { diagnostics, code } = await judged(cwd, dir);
      expect(code).toBe(1);
      expect(diagnostics).toContainEqual(
        expect.objectContaining({
          ruleId: 'kustomize-outside-root',
          message: expect.stringMatching(/base leads out of the folder that is read, which lies in no repository\.$/),
          hint: expect.stringContaining('run this in the folder that holds both'),
        }),
      );
      expect(diagnostics).toContainEqual(
        expect.objectContaining({
          ruleId: 'nothing-checked',
          message: 'Nothing could be checked: no object came of any kustomization here.',
        }),
      );
    }
  });

  it('a file beside it, which Kustomize refuses, is named and not read', async () => {
    const { diagnostics } = await judged('.', 'overlays/file');
    expect(diagnostics).toContainEqual(
      expect.objectContaining({
        ruleId: 'kustomize-unreadable',
        message: '../../one.yaml was not read: it lies beside the folders that are judged.',
      }),
    );
    expect(JSON.stringify(diagnostics)).not.toContain('dta');
  });

  it('that names nothing outside is seen from itself, and several from where the command runs', async () => {
    expect((await judged('.', 'base')).found).toEqual(['base/cm.yaml schema-unknown-field']);
    expect((await judged('.', 'other')).found).toEqual(['cm.yaml schema-unknown-field']);
    expect((await judged('.', 'other', 'common')).found).toEqual(['other/cm.yaml schema-unknown-field']);
  });
});
