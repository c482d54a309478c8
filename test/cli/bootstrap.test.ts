import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { call } from '../support/cli.js';
import { kubectlKustomize, realKubectl } from '../support/real-kubectl.js';

const kubectl = realKubectl();
let home: string;
let dir: string;
let printed: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'gitops-gen-bootstrap-'));
  dir = join(home, 'fleet');
  printed = (await call(['init', dir, '--yes', '--repository', 'https://github.com/acme/fleet'])).stderr;
  await call([
    'add-model',
    'llama-3.1-8b',
    '--revision',
    '0e9e39f249a16976918f6564b8830bc894c89659',
    '-C',
    dir,
    '--quiet',
  ]);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** The files of the one command that is printed. */
function applied(): string[] {
  const command = /^ {2}(kubectl apply .*)$/m.exec(printed)?.[1] ?? '';
  return [...command.matchAll(/-f (\S+)/g)].map(([, file = '']) => file);
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly project: string; readonly source: { readonly path: string } };
}

describe('what is applied by hand', () => {
  it('is one command, printed by init and written in the README of the repository', () => {
    const commands = [...printed.matchAll(/^ {2}(kubectl apply .*)$/gm)].map(([, command]) => command);
    expect(commands).toHaveLength(1);
    expect(readFileSync(join(dir, 'README.md'), 'utf8')).toContain(commands[0]);
  });

  it('applies the project first, and then the root that is in it', () => {
    const [project, root] = applied().map((file) => parse(readFileSync(join(dir, file), 'utf8')) as Manifest);
    expect(project?.kind).toBe('AppProject');
    expect(root?.kind).toBe('Application');
    expect(root?.spec.project).toBe(project?.metadata.name);
    expect(root?.metadata.namespace).toBe(project?.metadata.namespace);
    expect(existsSync(join(dir, root?.spec.source.path ?? '', 'kustomization.yaml'))).toBe(true);
  });

  it('leads Argo CD to every Application of the repository', async () => {
    const { stdout } = await call(['validate', '-C', dir, '-o', 'json']);
    const { checked, diagnostics } = JSON.parse(stdout);
    // The root, the platform of the one cluster that has a model, the parent and the child of development.
    expect(checked.applications).toBe(4);
    expect(diagnostics).toEqual([]);
  });

  it.skipIf(kubectl.skip)(
    `is accepted by the client of kubectl${kubectl.skip ? ` (skipped: ${kubectl.skip})` : ''}`,
    () => {
      for (const file of applied()) {
        const done = spawnSync(
          kubectl.path ?? '',
          ['label', '--local', '-f', join(dir, file), 'checked=yes', '-o', 'yaml'],
          { encoding: 'utf8' },
        );
        expect(done.stderr).toBe('');
        expect(done.status).toBe(0);
      }
      const root = parse(readFileSync(join(dir, applied()[1] ?? ''), 'utf8')) as Manifest;
      const built = kubectlKustomize(kubectl.path ?? '', join(dir, root.spec.source.path));
      expect(built.ok).toBe(true);
      expect(built.stdout).toContain('kind: AppProject');
    },
  );
});
