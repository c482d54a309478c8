import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const manifest = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
  readonly license: string;
  readonly bin: Record<string, string>;
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
};

describe('the package', () => {
  it('is fit for publishing', async () => {
    const { messages, pkg } = await publint({ pkgDir: root, level: 'suggestion' });
    expect(messages.map((message) => formatMessage(message, pkg as never))).toEqual([]);
  });

  it('holds what the command needs at run time, and no sources or tests', () => {
    const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [packed] = JSON.parse(listed) as [{ files: readonly { path: string }[] }];
    const paths = packed.files.map(({ path }) => path);
    for (const path of Object.values(manifest.bin)) expect(paths).toContain(path);
    for (const path of [
      'data/defaults.json',
      'schemas/project.schema.json',
      'schemas/kubernetes/index.json',
      'blueprints/vllm/blueprint.yaml',
      'policies/capacity.yaml',
      'action.yml',
      'LICENSE',
      'README.md',
      'dist/types/index.d.ts',
      'dist/rules/sync-wave.md',
    ]) {
      expect(paths).toContain(path);
    }
    expect(paths.filter((path) => /^(src|test|fixtures|bench|scripts)\//.test(path))).toEqual([]);
  });

  it('pins every version exactly', () => {
    for (const version of Object.values({ ...manifest.dependencies, ...manifest.devDependencies }))
      expect(version).toMatch(/^\d+\.\d+\.\d+(-[0-9a-z.]+)?$/);
    expect(manifest.license).toBe('Apache-2.0');
  });

  it('has a document for every rule with a folder', () => {
    for (const id of readdirSync(resolve(root, 'src/check/rules')))
      expect(existsSync(resolve(root, `dist/rules/${id}.md`)), id).toBe(true);
  });
});
