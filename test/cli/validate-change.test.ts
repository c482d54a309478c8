import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import reportSchema from '../../schemas/report.schema.json' with { type: 'json' };
import type { Report } from '../../src/check/report.js';
import { call } from '../support/cli.js';
import { commit, git, put, repository } from '../support/git-repository.js';

/**
 * A repository of three Applications over one shared base. `old` has a mistake that nobody mended; `shared` is what two of
 * them include.
 */
const application = (name: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: ${name}, namespace: argocd }
spec:
  project: default
  source: { repoURL: https://github.com/acme/fleet, path: ${name}, targetRevision: main }
  destination: { server: https://kubernetes.default.svc, namespace: ${name} }
`;
const config = (name: string, more = '') => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}`;
const start = {
  'argocd/a.yaml': application('a'),
  'argocd/b.yaml': application('b'),
  'argocd/old.yaml': application('old'),
  'a/kustomization.yaml': 'resources: [../common, own.yaml]\n',
  'a/own.yaml': config('own-a'),
  'b/kustomization.yaml': 'resources: [../common]\n',
  'common/kustomization.yaml': 'resources: [config.yaml]\n',
  'common/config.yaml': config('shared', 'data: { size: small }\n'),
  'old/kustomization.yaml': 'resources: [config.yaml]\n',
  'old/config.yaml': config('old', 'dta: { size: small }\n'),
  'README.md': 'A fleet.\n',
};

let home: string;
let count = 0;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'gitops-gen-change-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A branch with one commit that changes these files, in a repository that starts as above. */
function branch(
  files: Readonly<Record<string, string | undefined>>,
  before: Readonly<Record<string, string>> = {},
): string {
  count += 1;
  const dir = join(home, String(count));
  repository(dir, { ...start, ...before });
  git(dir, 'switch', '--quiet', '--create', 'change');
  put(dir, files);
  commit(dir, 'Change');
  return dir;
}

async function judged(dir: string, ...flags: readonly string[]) {
  const { code, stdout, stderr } = await call(['validate', '-C', dir, '-o', 'json', ...flags]);
  if (stdout === '') throw new Error(stderr);
  const report = JSON.parse(stdout) as Report;
  return { code, report, found: report.diagnostics.map(({ file, ruleId }) => `${file} ${ruleId}`) };
}

describe('--changed-since: what changed, and what that affects', () => {
  it('leaves out findings that the change neither brings nor touches, and counts them', async () => {
    const dir = branch({ 'README.md': 'The fleet.\n' });
    expect((await judged(dir)).code).toBe(1);
    const { code, report, found } = await judged(dir, '--changed-since', 'main');
    expect([code, found]).toEqual([0, []]);
    expect(report.change).toEqual({
      since: git(dir, 'rev-parse', 'main'),
      files: 1,
      applications: [],
      elsewhere: 1,
    });
    expect(report.verdict).toBe('pass');
  });

  it('a file that is touched has all its findings told, the old ones too', async () => {
    const dir = branch({ 'old/config.yaml': config('old', 'dta: { size: large }\n') });
    const { code, found, report } = await judged(dir, '--changed-since', 'main');
    expect([code, found]).toEqual([1, ['old/config.yaml schema-unknown-field']]);
    expect(report.change?.applications).toEqual(['old']);
  });

  it('a shared base affects every Application that includes it; a comment in it affects none', async () => {
    const dir = branch({ 'common/config.yaml': config('shared', 'data: { size: large }\n') });
    expect((await judged(dir, '--changed-since', 'main')).report.change?.applications).toEqual(['a', 'b']);
    const comment = branch({ 'common/config.yaml': `# why\n${start['common/config.yaml']}` });
    expect((await judged(comment, '--changed-since', 'main')).report.change).toMatchObject({
      files: 1,
      applications: [],
    });
  });

  it('a finding far from the change belongs to it when it was not there before', async () => {
    // The base goes: what breaks is the kustomization that includes it, which nobody touched.
    const dir = branch({ 'common/config.yaml': undefined });
    const { code, found } = await judged(dir, '--changed-since', 'main');
    expect(found).toContain('common/kustomization.yaml kustomize-missing-file');
    expect(code).toBe(1);
  });

  it('Applications that come and go are changed', async () => {
    const dir = branch({
      'argocd/b.yaml': undefined,
      'argocd/c.yaml': application('c'),
      'c/kustomization.yaml': 'resources: [../common]\n',
    });
    expect((await judged(dir, '--changed-since', 'main')).report.change?.applications).toEqual(['b', 'c']);
  });

  it('starts where the branch parted, not at the tip of the target', async () => {
    const dir = branch({ 'README.md': 'The fleet.\n' });
    const parted = git(dir, 'rev-parse', 'main');
    git(dir, 'switch', '--quiet', 'main');
    put(dir, { 'a/own.yaml': config('own-a', 'data: { moved: "on" }\n') });
    commit(dir, 'Main moves on');
    git(dir, 'switch', '--quiet', 'change');
    expect((await judged(dir, '--changed-since', 'main')).report.change).toMatchObject({ since: parted, files: 1 });
  });

  it('what is not committed yet counts', async () => {
    const dir = branch({});
    put(dir, { 'a/own.yaml': config('own-a', 'dta: {}\n') });
    expect((await judged(dir, '--changed-since', 'main')).found).toEqual(['a/own.yaml schema-unknown-field']);
  });

  it('a repository without history, and a revision that it does not have, are said', async () => {
    const bare = join(home, 'no-history');
    put(bare, start);
    const without = await call(['validate', '-C', bare, '--changed-since', 'main']);
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('no history to compare with')]);
    const unknown = await call(['validate', '-C', branch({}), '--changed-since', 'nowhere']);
    expect([unknown.code, unknown.stderr]).toEqual([3, expect.stringContaining('"nowhere" is not in this repository')]);
    const option = await call(['validate', '-C', branch({}), '--changed-since', '--output=x']);
    expect(option.code).not.toBe(0);
  });
});

describe('--baseline: fail only on what is added', () => {
  it('a revision: what it has is told and fails nothing, what is new fails', async () => {
    const same = await judged(branch({ 'README.md': 'x\n' }), '--baseline', 'main');
    expect([same.code, same.report.verdict, same.report.summary.errors]).toEqual([0, 'pass', 0]);
    expect(same.report.diagnostics).toMatchObject([{ file: 'old/config.yaml', known: true }]);
    expect(same.report.baseline).toMatchObject({ known: 1, gone: 0 });
    const added = await judged(branch({ 'a/own.yaml': config('own-a', 'dta: {}\n') }), '--baseline', 'main');
    expect([added.code, added.report.summary.errors, added.report.baseline?.known]).toEqual([1, 1, 1]);
  });

  it('lines that shift make nothing new, and what was mended is counted', async () => {
    const shifted = await judged(
      branch({ 'old/config.yaml': `# why\n\n${start['old/config.yaml']}` }),
      '--baseline',
      'main',
    );
    expect([shifted.code, shifted.report.baseline?.known]).toEqual([0, 1]);
    const mended = await judged(branch({ 'old/config.yaml': config('old') }), '--baseline', 'main');
    expect(mended.report.baseline).toMatchObject({ known: 0, gone: 1 });
  });

  it('a report as a file does the same; another file is refused', async () => {
    const dir = branch({ 'a/own.yaml': config('own-a', 'dta: {}\n') });
    const before = join(home, 'before.json');
    git(dir, 'switch', '--quiet', 'main');
    await call(['validate', '-C', dir, '--output-file', `json=${before}`]);
    git(dir, 'switch', '--quiet', 'change');
    const { code, report } = await judged(dir, '--baseline', before);
    expect([code, report.summary.errors, report.baseline?.known]).toEqual([1, 1, 1]);
    writeFileSync(before, '{"diagnostics": [1]}');
    const wrong = await call(['validate', '-C', dir, '--baseline', before]);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('is not a report of this version')]);
  });
});

const policies = (severity: string) => `apiVersion: gitops-gen.io/v1alpha1
kind: Policies
metadata: { name: own }
spec:
  policies:
    - id: floating-image-tags
      severity: ${severity}
`;
const exemptions = `apiVersion: gitops-gen.io/v1alpha1
kind: Exemptions
metadata: { name: own }
spec:
  exemptions:
    - rule: floating-image-tags
      match: { file: b/job.yaml }
      reason: it is fine
`;
const project = `apiVersion: gitops-gen.io/v1alpha1
kind: Project
metadata: { name: fleet }
spec:
  repository: { url: https://github.com/acme/fleet }
  environments: [{ name: production, clusters: [production] }]
`;
const cluster = `apiVersion: gitops-gen.io/v1alpha1
kind: ClusterConfig
metadata: { name: production }
spec: { destination: { server: https://kubernetes.default.svc }, nodePools: [] }
`;
const governed = {
  'gitops-gen.yaml': project,
  'clusters/production/cluster-config.yaml': cluster,
  'policies/own.yaml': policies('error'),
  'policies/other.yaml': policies('info')
    .replace('name: own', 'name: other')
    .replace('floating-image-tags', 'inventory-age'),
};
const job = (comment = '') => `apiVersion: v1
kind: Pod
metadata: { name: job }
spec:
  containers:
    - name: job
      image: busybox:latest${comment}
`;
const offence = { 'b/kustomization.yaml': 'resources: [../common, job.yaml]\n', 'b/job.yaml': job() };

describe('--trust: the rules of the target decide', () => {
  const only = (found: readonly string[]) => found.filter((each) => /floating-image-tags|policy-loosened/.test(each));

  it.each([
    [
      'lowers a severity',
      { 'policies/own.yaml': policies('off') },
      'policies/own.yaml',
      /lowers floating-image-tags from error to off/,
    ],
    [
      'takes a policy away',
      { 'policies/own.yaml': undefined },
      'policies/own.yaml',
      /lowers floating-image-tags from error to/,
    ],
    [
      'accepts the finding in a list',
      { 'exemptions.yaml': exemptions },
      'exemptions.yaml',
      /accepts findings of floating-image-tags/,
    ],
    [
      'accepts it by a comment',
      { 'b/job.yaml': job(' # gitops-gen-ignore floating-image-tags: fine') },
      'b/job.yaml',
      /by a comment: fine/,
    ],
    [
      'names other policies',
      { 'gitops-gen.yaml': project.replace('spec:\n', 'spec:\n  policies: [other]\n') },
      'policies/own.yaml',
      /lowers floating-image-tags/,
    ],
    [
      'stops to be a repository of ours',
      { 'gitops-gen.yaml': undefined },
      'policies/own.yaml',
      /lowers floating-image-tags/,
    ],
  ])('a change that %s is judged as before, and says so', async (_, files, where, message) => {
    const dir = branch({ ...offence, ...files }, governed);
    const { code, report, found } = await judged(dir, '--trust', 'main');
    expect(code).toBe(1);
    expect(only(found).sort()).toEqual(['b/job.yaml floating-image-tags', `${where} policy-loosened`].sort());
    expect(report.diagnostics.find(({ ruleId }) => ruleId === 'floating-image-tags')).toMatchObject({
      severity: 'error',
    });
    const said = report.diagnostics.find(({ ruleId }) => ruleId === 'policy-loosened');
    expect(said).toMatchObject({ severity: 'warning', message: expect.stringMatching(message) });
    expect(said?.hint).toContain('no effect here');
    expect(report.trusted).toBe(git(dir, 'rev-parse', 'main'));
  });

  it('without it the change judges itself, and still says what it loosens', async () => {
    const dir = branch({ ...offence, 'exemptions.yaml': exemptions }, governed);
    const { report, found } = await judged(dir, '--changed-since', 'main');
    expect(found).toContain('exemptions.yaml policy-loosened');
    expect(report.diagnostics.find(({ ruleId }) => ruleId === 'policy-loosened')).toMatchObject({ severity: 'info' });
    expect(report.diagnostics.find(({ ruleId }) => ruleId === 'floating-image-tags')?.suppressed).toBeDefined();
  });

  it('what was accepted before stays accepted, also by a comment', async () => {
    const commented = { ...offence, 'b/job.yaml': job(' # gitops-gen-ignore floating-image-tags: fine') };
    const dir = branch({ 'b/job.yaml': `# moved\n${commented['b/job.yaml']}` }, { ...governed, ...commented });
    const { found, report } = await judged(dir, '--trust', 'main');
    expect(only(found)).toEqual(['b/job.yaml floating-image-tags']);
    expect(report.diagnostics.find(({ ruleId }) => ruleId === 'floating-image-tags')?.suppressed).toMatchObject({
      inSource: true,
    });
  });

  it('an exemption that goes together with its finding is not reported as unused', async () => {
    const dir = branch(
      { 'b/job.yaml': job().replace('latest', '1.37.0'), 'exemptions.yaml': undefined },
      { ...governed, ...offence, 'exemptions.yaml': exemptions },
    );
    expect((await judged(dir, '--trust', 'main')).found.filter((each) => each.includes('exemption'))).toEqual([]);
  });

  it('a stricter policy of the change is no loosening', async () => {
    const dir = branch(
      { 'policies/own.yaml': policies('error') },
      { ...governed, 'policies/own.yaml': policies('info') },
    );
    expect((await judged(dir, '--trust', 'main')).found.filter((each) => each.includes('policy-loosened'))).toEqual([]);
  });
});

it('the report with all of it is what its schema says', async () => {
  const dir = branch({ ...offence, 'exemptions.yaml': exemptions }, governed);
  const flags = ['--changed-since', 'main', '--baseline', 'main', '--trust', 'main'];
  const { report } = await judged(dir, ...flags);
  const validate = new Ajv({ strict: false, allErrors: true }).compile(reportSchema);
  expect(validate(report) ? [] : validate.errors).toEqual([]);
});
