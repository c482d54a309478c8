import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallOptions } from '../support/cli.js';
import { call } from '../support/cli.js';

let home: string;

const config = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
const files = {
  'good/a.yaml': config('a'),
  'bad/typo.yaml': `${config('b')}dta: {}\n`,
  'bad/good.yaml': config('c'),
  'custom/thing.yaml': 'apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: t\nspec:\n  size: 3\n',
  'custom/other.yaml': 'apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: u\nspec:\n  size: large\n',
  'crds/thing.yaml':
    'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: things.example.com\nspec:\n  group: example.com\n  names: { kind: Thing, plural: things }\n  scope: Namespaced\n  versions:\n    - name: v1\n      served: true\n      storage: true\n      schema:\n        openAPIV3Schema:\n          type: object\n          properties:\n            spec:\n              type: object\n              properties:\n                size: { type: integer }\n              x-kubernetes-validations:\n                - rule: self.size < 10\n                  message: size stays below 10\n',
  'schemas/thing_v1.json': JSON.stringify({
    type: 'object',
    properties: { spec: { type: 'object', additionalProperties: false, properties: { size: { type: 'integer' } } } },
  }),
  'large.yaml': 'apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: v\nspec:\n  size: 12\n',
  'helm/app.yaml':
    'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: a, namespace: argocd }\nspec:\n  project: default\n  source: { repoURL: "https://charts.example.com", chart: c, targetRevision: 1.0.0 }\n  destination: { server: "https://kubernetes.default.svc", namespace: a }\n',
  'chart/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 0.1.0\n',
  'chart/templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n',
};

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'gitops-gen-validate-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const run = (argv: readonly string[], options: CallOptions = {}) =>
  call(['validate', ...argv], { cwd: home, ...options });

describe('what is judged', () => {
  it('a folder, a file, several of them, and a pipe', async () => {
    expect((await run(['good'])).code).toBe(0);
    expect((await run(['bad'])).stdout).toMatch(/typo\.yaml:5:1 error schema-unknown-field/);
    const file = await run(['bad/typo.yaml']);
    expect(file.stdout).toMatch(/^bad\/typo\.yaml:5:1 error/m);
    expect(file.code).toBe(1);
    const both = await run(['good/a.yaml', 'bad', '-o', 'json']);
    expect(JSON.parse(both.stdout).checked.resources).toBe(3);
    const pipe = await run(['--only', 'schema', '-'], { stdin: files['bad/typo.yaml'] });
    expect(pipe.stdout).toMatch(/^stdin\.yaml:5:1 error/m);
    expect(pipe.code).toBe(1);
  });

  it('nothing checked is never success', async () => {
    mkdirSync(join(home, 'empty'), { recursive: true });
    const { code, stdout } = await run(['empty']);
    expect(stdout).toContain('nothing-checked');
    expect(code).toBe(1);
    const pipe = await run(['--only', 'schema', '-'], { stdin: '' });
    expect(pipe.code).toBe(1);
  });

  it('a Helm chart is said not to be checked, and demanded completeness fails', async () => {
    const { code, stdout } = await run(['helm', '-o', 'json']);
    const report = JSON.parse(stdout);
    expect(report.verdict).toBe('incomplete');
    expect(report.unchecked[0].file).toContain('app.yaml');
    expect(code).toBe(0);
    expect((await run(['helm', '--require-complete'])).code).toBe(1);
    const alone = await run(['chart']);
    expect(alone.stdout).toContain('nothing-checked');
    expect(alone.code).toBe(1);
  });
});

describe('as kubeconform', () => {
  it('a kind without a schema is a finding with what to do, and not counted as valid', async () => {
    const { stdout, stderr } = await run(['custom', '--only', 'schema', '--summary']);
    expect(stdout).toMatch(/warning schema-not-available\n.*no schema is known for Thing of example\.com\/v1/);
    expect(stdout).toContain('--crd PATH');
    expect(stderr).toContain('Summary: 2 resources found - Valid: 0, Invalid: 0, Errors: 2, Skipped: 0');
    expect((await run(['custom', '--only', 'schema'])).code).toBe(1);
    expect((await run(['custom/thing.yaml', 'good/a.yaml', '--only', 'schema'])).code).toBe(0);
  });

  it('--ignore-missing-schemas', async () => {
    const { stdout, stderr } = await run(['custom', '--ignore-missing-schemas', '--summary']);
    expect(stdout).not.toContain('warning schema-not-available');
    expect(stderr).toContain('Skipped: 2');
  });

  it('--crd, a file or a folder, with its CEL rules', async () => {
    for (const crd of ['crds', 'crds/thing.yaml']) {
      const { stdout, code } = await run(['custom', 'large.yaml', '--only', 'schema', '--crd', crd]);
      expect(stdout).toMatch(/custom\/other\.yaml:6:9 error schema-wrong-type/);
      expect(stdout).not.toContain('custom/thing.yaml:');
      expect(stdout).toMatch(/large\.yaml:\d+:\d+ error schema-cel-rule\n.*size stays below 10/);
      expect(code).toBe(1);
    }
    expect((await run(['custom', '--crd', 'good'])).stderr).toContain('good holds no CustomResourceDefinition');
  });

  it('--schema-location, local files only', async () => {
    const template = 'schemas/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json';
    const { stdout } = await run(['custom', '--only', 'schema', '--schema-location', template]);
    expect(stdout).toMatch(/other\.yaml:6:9 error schema-wrong-type/);
    const address = await run(['custom', '--schema-location', 'https://example.com/{{ .ResourceKind }}.json']);
    expect(address.code).toBe(2);
    expect(address.stderr).toContain('is an address');
  });

  it('--skip-kind and --reject-kind, by kind or with the version', async () => {
    const skipped = await run(['bad', '--skip-kind', 'ConfigMap', '--only', 'schema', '--summary']);
    expect(skipped.stderr).toContain('Skipped: 2');
    expect(skipped.stderr).toContain('nothing was checked');
    expect(skipped.code).toBe(1);
    for (const kind of ['ConfigMap', 'v1/ConfigMap']) {
      const rejected = await run(['good', '--reject-kind', kind]);
      expect(rejected.stdout).toMatch(/a\.yaml:2:7 error schema-rejected-kind/);
      expect(rejected.code).toBe(1);
    }
  });

  it('--exit-on-error stops at the first', async () => {
    writeFileSync(join(home, 'bad/typo-too.yaml'), files['bad/typo.yaml'].replace('name: b', 'name: d'));
    const all = await run(['bad', '-o', 'json']);
    expect(JSON.parse(all.stdout).summary.errors).toBe(2);
    const first = await run(['bad', '-o', 'json', '--exit-on-error']);
    expect(JSON.parse(first.stdout).summary.errors).toBe(1);
    expect(first.code).toBe(1);
  });

  it('--kubernetes-version, and a range that says what differs', async () => {
    const hpa = 'apiVersion: resource.k8s.io/v1\nkind: DeviceClass\nmetadata:\n  name: gpu\nspec: {}\n';
    expect((await run(['--only', 'schema', '--kubernetes-version', '1.36', '-'], { stdin: hpa })).code).toBe(0);
    const range = await run(['--only', 'schema', '--kubernetes-version', '1.33-1.36', '-'], { stdin: hpa });
    expect(range.stdout).toMatch(/Only in Kubernetes 1\.33/);
    const same = await run(['--only', 'schema', '--kubernetes-version', '1.33-1.36', '-'], {
      stdin: files['bad/typo.yaml'],
    });
    expect(same.stdout.match(/schema-unknown-field/g)).toHaveLength(1);
    expect(same.stdout).not.toContain('Only in Kubernetes');
    const wrong = await run(['good', '--kubernetes-version', 'latest']);
    expect(wrong.code).toBe(2);
    const old = await run(['good', '--kubernetes-version', '1.20']);
    expect(old.stdout).toContain('schema-version-not-bundled');
  });
});

describe('reports', () => {
  it.each(['text', 'json', 'sarif', 'junit', 'tap', 'github', 'markdown', 'html'])(
    '%s names the finding',
    async (format) => {
      const { stdout, code } = await run(['bad/typo.yaml', '-o', format]);
      expect(stdout).toContain('dta');
      expect(code).toBe(1);
    },
  );

  it('json is what its schema says', async () => {
    const schema = JSON.parse((await call(['schema', 'report'])).stdout);
    const report = JSON.parse((await run(['bad', '-o', 'json'])).stdout);
    const ajv = new Ajv({ strict: false });
    expect(ajv.validate(schema, report), JSON.stringify(ajv.errors)).toBe(true);
  });

  it('several at once, into files', async () => {
    const { stdout } = await run(['bad', '--output-file', 'json=r.json', '--output-file', 'sarif=r.sarif']);
    expect(stdout).toContain('schema-unknown-field');
    expect(JSON.parse(readFileSync(join(home, 'r.json'), 'utf8')).verdict).toBe('fail');
    expect(JSON.parse(readFileSync(join(home, 'r.sarif'), 'utf8')).version).toBe('2.1.0');
    expect((await run(['bad', '--output-file', 'json'])).stderr).toContain("'json' is not format=path");
    const nowhere = await run(['bad', '--output-file', 'json=no/such/folder/r.json']);
    expect(nowhere.code).toBe(3);
  });

  it('--fail-on decides the exit code, --only and --skip what runs', async () => {
    expect((await run(['custom', '--fail-on', 'warning'])).code).toBe(1);
    expect((await run(['custom'])).code).toBe(0);
    expect((await run(['bad', '--fail-on', 'never'])).code).toBe(0);
    expect((await run(['bad', '--skip', 'schema-unknown-field'])).code).toBe(0);
    expect((await run(['bad', '--only', 'argocd'])).stdout).not.toContain('schema-unknown-field');
  });

  it('colour is for terminals, or where it is asked for; NO_COLOR wins over a terminal', async () => {
    expect((await run(['bad'])).stdout).not.toContain('\u001b[');
    expect((await run(['bad', '--color', 'always'])).stdout).toContain('\u001b[31m');
    expect((await run(['bad'], { env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b[');
    expect((await run(['bad'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain('\u001b[');
  });
});
