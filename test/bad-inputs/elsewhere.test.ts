import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Called } from '../support/cli.js';
import { call } from '../support/cli.js';

/**
 * Rows of the catalogue of bad inputs that no parser can decide alone: they are about files on a disk, about what would be
 * removed, or about what is rendered and judged.
 */
let home: string;
let clean: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'gitops-gen-elsewhere-'));
  clean = join(home, 'clean');
  await call(['init', clean, '--yes', '--quiet', '--repository', 'https://github.com/acme/fleet']);
  await call([
    'add-model',
    'llama-3.1-8b',
    '--revision',
    '0e9e39f249a16976918f6564b8830bc894c89659',
    '--env',
    'development=1,production=2',
    '-C',
    clean,
  ]);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

let count = 0;
function copy(): string {
  count += 1;
  const dir = join(home, `copy-${count}`);
  cpSync(clean, dir, { recursive: true });
  return dir;
}

function put(dir: string, path: string, text: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}

function edit(dir: string, path: string, from: string | RegExp, to: string): void {
  const before = readFileSync(join(dir, path), 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(join(dir, path), after);
}

function tree(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(dir, path)).isFile() && statSync(join(dir, path)).size < 1_000_000)
    .map((path) => `${path}\n${readFileSync(join(dir, path), 'utf8')}`)
    .sort();
}

/** Renders, and holds that nothing was written. */
async function refused(dir: string, ...argv: string[]): Promise<Called> {
  const before = tree(dir);
  const called = await call(['render', '-C', dir, ...argv]);
  expect(tree(dir)).toEqual(before);
  return called;
}

const family = 'families/llama-3.1.yaml';

describe('on the disk', () => {
  it('Y52: a spec of 100 MB is refused before it is read', async () => {
    const dir = copy();
    writeFileSync(join(dir, 'families/large.yaml'), '');
    truncateSync(join(dir, 'families/large.yaml'), 100 * 1024 * 1024);
    const { code, stderr } = await call(['render', '-C', dir]);
    expect(stderr).toMatch(/families\/large\.yaml is not a file that is read: .*bytes/);
    expect(code).toBe(2);
  });

  it.runIf(process.platform !== 'win32')(
    'Y61: a folder and a pipe in the place of a spec are errors, and nothing hangs',
    async () => {
      const folder = copy();
      mkdirSync(join(folder, 'families/folder.yaml'));
      writeFileSync(join(folder, 'families/folder.yaml/x'), '');
      const first = await refused(folder);
      expect(first.stderr).toContain('families/folder.yaml is not a file that is read: it is a folder');
      expect(first.code).toBe(2);
      const pipe = copy();
      expect(spawnSync('mkfifo', [join(pipe, 'families/pipe.yaml')]).status).toBe(0);
      const second = await call(['render', '-C', pipe]);
      expect(second.stderr).toContain('families/pipe.yaml is not a file that is read');
      expect(second.code).toBe(2);
    },
  );

  it('Y62: a link out of the repository is an error, not an absent spec', async () => {
    const dir = copy();
    writeFileSync(join(home, 'outside.yaml'), readFileSync(join(dir, family)));
    rmSync(join(dir, family));
    symlinkSync(join(home, 'outside.yaml'), join(dir, family));
    const { code, stderr } = await refused(dir, '--allow-delete', '9');
    expect(stderr).toContain(`${family} is not a file that is read: it is a symbolic link`);
    expect(code).toBe(2);
  });
});

describe('on what would be removed', () => {
  it('Y13: a family that loses its models is refused with the command that would do it', async () => {
    const dir = copy();
    edit(dir, family, / {2}models:[\s\S]*/, '  models: []\n  phases: []\n');
    const { code, stderr } = await refused(dir);
    expect(stderr).toMatch(/2 of 2 Applications would be removed.*\n(.*\n)*.*--allow-delete 2/);
    expect(code).toBe(3);
  });
});

describe('on what is judged', () => {
  const judged: [id: string, path: string, from: string | RegExp, to: string, finding: RegExp][] = [
    [
      'N14',
      family,
      'replicas:',
      'namespace: kube-system\n      replicas:',
      new RegExp(`^${family}:\\d+:\\d+ error reserved-namespace$`, 'm'),
    ],
    [
      'N15',
      'argocd/families/llama-3.1/development/children/llama-3.1-8b.yaml',
      /project: .*/,
      'project: default',
      /children\/llama-3\.1-8b\.yaml:\d+:\d+ error application-in-default-project/,
    ],
    [
      'N33',
      'versions/development/kustomization.yaml',
      /newTag: .*/,
      'newTag: latest',
      /^versions\/development\/kustomization\.yaml:\d+:\d+ (error|warning) floating-image-tags/m,
    ],
    [
      'Q22',
      'applications/llama-3.1-8b/base/deployment.yaml',
      /medium: Memory\n( +)sizeLimit: .*/,
      'medium: Memory\n$1sizeLimit: 900Gi',
      /applications\/llama-3\.1-8b\/base\/deployment\.yaml:\d+:\d+ (error|warning)/,
    ],
  ];
  it.each(judged)('%s: %s', async (id, path, from, to, finding) => {
    const dir = copy();
    edit(dir, path, from, to);
    const { code, stdout } = await call(['validate', '-C', dir, '--fail-on', 'warning']);
    expect(stdout).toMatch(finding);
    expect(code, id).toBe(1);
  });

  it('P12: waves across children of an Argo CD that nobody told to report their health', async () => {
    const dir = join(home, 'waves');
    const application = (name: string, path: string, wave = '') =>
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: ${name}\n  namespace: argocd\n  annotations:\n    argocd.argoproj.io/sync-wave: "${wave}"\nspec:\n  project: default\n  source: { repoURL: 'https://github.com/acme/x', path: ${path}, targetRevision: main }\n  destination: { server: 'https://kubernetes.default.svc', namespace: argocd }\n  syncPolicy: { automated: {} }\n`;
    put(dir, 'root.yaml', application('root', 'apps', '0'));
    put(dir, 'apps/a.yaml', application('a', 'm', '1'));
    put(dir, 'apps/b.yaml', application('b', 'm', '2'));
    put(dir, 'm/c.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\n');
    put(
      dir,
      'argocd-cm.yaml',
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: argocd-cm\n  namespace: argocd\n  labels: { app.kubernetes.io/part-of: argocd }\ndata: { timeout.reconciliation: 180s }\n',
    );
    const { code, stdout } = await call(['validate', dir, '--fail-on', 'warning']);
    expect(stdout).toContain('app-of-apps-waves-need-health');
    expect(stdout).toContain('resource.customizations.health.argoproj.io_Application');
    expect(code).toBe(1);
  });

  it('P11: a wave that is a number, where no Kustomize makes a text of it', async () => {
    const dir = join(home, 'number');
    put(
      dir,
      'a.yaml',
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  annotations:\n    argocd.argoproj.io/sync-wave: 10\n',
    );
    const { code, stdout } = await call(['validate', dir]);
    expect(stdout).toMatch(/a\.yaml:6:35 error/);
    expect(code).toBe(1);
  });

  it('P18: a deny window that never ends means that nothing is synced', async () => {
    const dir = join(home, 'windows');
    put(
      dir,
      'project.yaml',
      'apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: { name: p, namespace: argocd }\nspec:\n  sourceRepos: ["https://github.com/acme/x"]\n  destinations: [{ server: "https://kubernetes.default.svc", namespace: a }]\n  syncWindows:\n    - { kind: allow, schedule: "0 8 * * *", duration: 1h, applications: ["*"] }\n    - { kind: deny, schedule: "0 0 * * *", duration: 24h, applications: ["*"] }\n',
    );
    const { code, stdout } = await call(['validate', dir, '--fail-on', 'warning']);
    expect(stdout).toMatch(/project\.yaml:\d+:\d+ (error|warning) sync-window/);
    expect(code).toBe(1);
  });
});

describe('on what is rendered', () => {
  it('P07: a negative wave is written as a text', async () => {
    const dir = copy();
    edit(dir, family, /- name: foundation\n/, '- name: foundation\n      wave: -5\n');
    expect((await call(['render', '-C', dir])).code).toBe(0);
    expect(
      readFileSync(join(dir, 'argocd/families/llama-3.1/production/children/llama-3.1-8b.yaml'), 'utf8'),
    ).toContain('argocd.argoproj.io/sync-wave: "-5"');
  });

  it('P19: every hook says when it is deleted', () => {
    const hooks = tree(clean).filter((text) => /^ +argocd\.argoproj\.io\/hook: /m.test(text));
    expect(hooks.length).toBeGreaterThan(0);
    for (const hook of hooks) expect(hook).toMatch(/argocd\.argoproj\.io\/hook-delete-policy: \w+/);
  });
});

describe('moot here', () => {
  const moot: [id: string, reason: string][] = [
    [
      'N09',
      'no blueprint that ships renders a StatefulSet or CronJob; the rule name-length judges them in any repository',
    ],
    ['P13', 'phases of a family stand under one parent, so that a spec cannot express a dependency across roots'],
  ];
  it.each(moot)('%s: %s', (id) => {
    const rows = ['names', 'phases'].flatMap(
      (group) =>
        (
          JSON.parse(readFileSync(resolve(import.meta.dirname, `../../fixtures/bad-inputs/${group}.json`), 'utf8')) as {
            rows: { id: string; reason?: string }[];
          }
        ).rows,
    );
    expect(rows.find((row) => row.id === id)?.reason).toBeTruthy();
  });
});
