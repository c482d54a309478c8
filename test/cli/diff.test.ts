import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { put, snapshot, temporaryFolder } from '../../src/io/testing/folders.js';
import { identify, sh } from '../../src/io/testing/repository.js';
import { call } from '../support/cli.js';

const workload = (image: string, order = 0) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
${[`        - { name: web, image: "${image}" }`, '        - { name: proxy, image: "proxy:1" }'].sort((a, b) => (order ? b.localeCompare(a) : a.localeCompare(b))).join('\n')}
`;

const application = (name: string, path: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: ${name}, namespace: argocd }
spec:
  project: default
  source: { repoURL: https://example.com/team/config, path: ${path}, targetRevision: main }
  destination: { server: https://kubernetes.default.svc, namespace: ${name} }
`;

const secret = (value: string) => `apiVersion: v1
kind: Secret
metadata: { name: key }
stringData: { password: ${value} }
`;

/** A repository that gitops-gen did not write, with two commits on main and a branch. */
function foreign(): string {
  const root = temporaryFolder();
  sh(root, 'git init --quiet --initial-branch=main');
  identify(root);
  put(root, {
    'apps/web.yaml': application('web', 'web'),
    'apps/db.yaml': application('db', 'db'),
    'web/kustomization.yaml': 'resources: [deployment.yaml, secret.yaml]\n',
    'web/deployment.yaml': workload('web:1'),
    'web/secret.yaml': secret('hunter2-old'),
    'db/kustomization.yaml': 'resources: [db.yaml]\n',
    'db/db.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: db }\ndata: { a: "1" }\n',
  });
  sh(root, 'git remote add origin https://example.com/team/config.git; git add -A; git commit -qm one; git tag v1');
  writeFileSync(join(root, 'web/deployment.yaml'), workload('web:2'));
  sh(root, 'git commit -qam two; git tag v2; git switch -qc side v1');
  writeFileSync(join(root, 'db/db.yaml'), readFileSync(join(root, 'db/db.yaml'), 'utf8').replace('"1"', '"2"'));
  sh(root, 'git commit -qam side; git switch -q main');
  return root;
}

const diff = (root: string, ...args: string[]) => call(['-C', root, 'diff', ...args]);

describe('gitops-gen diff', () => {
  it.each([
    [['v1', 'v2'], ['Deployment'], ['ConfigMap']],
    [['v1..v2'], ['Deployment'], ['ConfigMap']],
    [['v2..'], [], ['Deployment', 'ConfigMap']],
    [['main..side'], ['Deployment', 'ConfigMap'], []],
    [['main...side'], ['ConfigMap'], ['Deployment']],
    [['v1'], ['Deployment'], ['ConfigMap']],
    [['side'], ['Deployment', 'ConfigMap'], []],
    [[], [], ['Deployment', 'ConfigMap']],
  ])('%j compares those states', async (args, shown, absent) => {
    const { code, stdout, stderr } = await diff(foreign(), ...args);
    expect([code, stderr]).toEqual([0, '']);
    for (const kind of shown) expect(stdout).toContain(`~ ${kind} `);
    for (const kind of absent) expect(stdout).not.toContain(kind);
  });

  it('the work tree, with what is in no commit yet, and without touching it or the index', async () => {
    const root = foreign();
    writeFileSync(join(root, 'web/deployment.yaml'), workload('web:3'));
    put(root, { 'apps/new.yaml': application('new', 'web') });
    sh(root, 'git add apps/new.yaml');
    const before = [snapshot(root), sh(root, 'git status --porcelain; git for-each-ref; git rev-parse HEAD')];
    const { stdout } = await diff(root);
    expect(stdout).toContain('spec.template.spec.containers[web].image: "web:2" → "web:3"');
    expect(stdout).toContain('restarts 2 Pods');
    expect(stdout).toContain('Application new on https://kubernetes.default.svc (added)');
    expect([snapshot(root), sh(root, 'git status --porcelain; git for-each-ref; git rev-parse HEAD')]).toEqual(before);
  });

  it('neither order nor format is a difference', async () => {
    const root = foreign();
    writeFileSync(join(root, 'web/deployment.yaml'), `# said\n${workload('web:2', 1)}`);
    const { code, stdout } = await diff(root, '--exit-code');
    expect([code, stdout]).toEqual([0, 'no difference in what 3 Applications and folders render to\n']);
  });

  it.each(['text', 'markdown', 'json', 'html'])('values of Secrets are in no output: %s', async (format) => {
    const root = foreign();
    writeFileSync(join(root, 'web/secret.yaml'), secret('hunter2-new'));
    const { stdout } = await diff(root, '-o', format);
    expect(stdout).toContain('password');
    expect(stdout).not.toContain('hunter2');
  });

  it('--exit-code is 1 where there is a difference', async () => {
    expect((await diff(foreign(), 'v1', 'v2', '--exit-code')).code).toBe(1);
    expect((await diff(foreign(), 'v2', 'v2', '--exit-code')).code).toBe(0);
  });

  it('builds only what changed, and everything when told', async () => {
    const root = foreign();
    const built = async (...args: string[]) =>
      /(\d+) kustomizations? built/u.exec((await diff(root, 'v1', 'v2', '--verbose', ...args)).stderr)?.[1];
    expect(await built()).toBe('2');
    expect(await built('--build-all')).toBe('3');
  });

  it('the JSON is as its schema says', async () => {
    const validate = new Ajv({ strict: false }).compile(
      JSON.parse(readFileSync(resolve('schemas/diff-report.schema.json'), 'utf8')),
    );
    const { stdout } = await diff(foreign(), 'main', 'side', '-o', 'json');
    const report = JSON.parse(stdout);
    expect([validate(report), validate.errors]).toEqual([true, null]);
    expect(report.summary).toEqual({
      applications: { compared: 3, different: 2 },
      objects: { added: 0, changed: 2, removed: 0 },
      restarts: { workloads: 1, gpus: 0 },
      gpus: { before: 0, after: 0 },
    });
  });

  it('text is coloured where colour is wanted', async () => {
    expect((await diff(foreign(), 'v1', 'v2', '--color', 'always')).stdout).toContain('\u001b[33m');
    expect((await diff(foreign(), 'v1', 'v2')).stdout).not.toContain('\u001b[');
  });

  it('a page holds everything and nothing active', async () => {
    const root = foreign();
    writeFileSync(
      join(root, 'db/db.yaml'),
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: db }\ndata: { a: "<script>alert(1)</script>" }\n',
    );
    const { stdout } = await diff(root, '-o', 'html');
    expect(stdout).toContain('&lt;script&gt;');
    expect(stdout).not.toMatch(/<script|src=|https?:\/\/(?!kubernetes)/u);
  });

  it.each([
    [['nowhere'], 3, 'revision "nowhere" is not in this repository'],
    [['--output=/tmp/x'], 2, "unknown option '--output=/tmp/x'"],
    [['--', '--output=/tmp/x'], 3, 'is not in this repository'],
    [['v1..v2', 'v1'], 2, 'names two states already'],
  ])('%j ends with %i', async (args, code, words) => {
    const called = await diff(foreign(), ...args);
    expect(called.code).toBe(code);
    expect(called.stderr).toContain(words);
  });
});

describe('sources that name a tag', () => {
  /** Tags v1.0.0 and v1.1.0 have other images of web; `before` and `after` are what the Application follows in two commits. */
  function tagged(before: string, after: string): string {
    const root = temporaryFolder();
    sh(root, 'git init --quiet --initial-branch=main');
    identify(root);
    const follows = (revision: string) => ({
      'apps/web.yaml': application('web', 'web').replace('targetRevision: main', `targetRevision: ${revision}`),
    });
    const files = { 'web/kustomization.yaml': 'resources: [deployment.yaml]\n' };
    put(root, { ...files, ...follows(before), 'web/deployment.yaml': workload('web:1') });
    sh(
      root,
      'git remote add origin https://example.com/team/config.git; git add -A; git commit -qm one; git tag v1.0.0',
    );
    writeFileSync(join(root, 'web/deployment.yaml'), workload('web:2'));
    sh(root, 'git commit -qam two; git tag v1.1.0');
    writeFileSync(join(root, 'web/deployment.yaml'), workload('web:3'));
    put(root, follows(after));
    sh(root, 'git commit -qam three');
    return root;
  }

  it.each([
    ['v1.0.0', 'v1.1.0'],
    ["'1.0.*'", "'1.*'"],
    ['v1.0.0', "'>=1.0.0 <2'"],
  ])('deploy what it has: from %s to %s', async (before, after) => {
    const { stdout } = await diff(tagged(before, after), 'HEAD~1', 'HEAD');
    const [deployed, inTree] = stdout.split('Folder web\n');
    expect(deployed).toContain('"web:1" → "web:2"');
    expect(deployed).not.toContain('web:3');
    expect(inTree).toContain('takes effect when it is promoted');
  });

  it('deploy the same as long as the tag is the same', async () => {
    const { stdout } = await diff(tagged("'~1.1'", "'~1.1'"), 'HEAD~1', 'HEAD');
    expect(stdout.split('Folder web\n')[0]).toBe('');
  });
});
