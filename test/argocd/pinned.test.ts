import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { call } from '../support/cli.js';
import { commit, git, put, repository } from '../support/git-repository.js';

const url = 'https://github.com/acme/fleet';
const project = `apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: models, namespace: argocd}
spec:
  sourceRepos: [${url}]
  destinations:
  - {server: https://kubernetes.default.svc, namespace: serving}
`;
const application = (revision: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: llama-production, namespace: argocd}
spec:
  project: models
  source: {repoURL: ${url}, path: k, targetRevision: ${revision}}
  destination: {server: https://kubernetes.default.svc, namespace: serving}
`;
const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n';
const role = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: reader}\nrules: []\n';
const misspelt = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndate: {a: b}\n';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A repository whose first commit holds `then`, and whose Application pins it; the tree holds `now`. */
function pinned(then: string, now: string, name?: (dir: string, commit: string) => string): string {
  const dir = mkdtempSync(join(tmpdir(), 'gitops-gen-pinned-'));
  folders.push(dir);
  const files = { 'k/kustomization.yaml': 'resources: [object.yaml]\n', 'k/object.yaml': then };
  const first = repository(dir, { ...files, 'argocd/project.yaml': project });
  git(dir, 'remote', 'add', 'origin', url);
  const revision = name?.(dir, first) ?? first;
  put(dir, { 'argocd/application.yaml': application(revision), 'k/object.yaml': now });
  commit(dir, 'Pin');
  return dir;
}

interface Found {
  readonly ruleId: string;
  readonly file: string;
  readonly message: string;
  readonly hint?: string;
  readonly object?: { readonly application?: string };
}

async function findings(dir: string): Promise<{ found: Found[]; verdict: string; unchecked: { reason: string }[] }> {
  const { stdout } = await call(['-C', dir, 'validate', '-o', 'json', '--only', 'project-permits,schema']);
  const report = JSON.parse(stdout) as { diagnostics: Found[]; verdict: string; unchecked: { reason: string }[] };
  return { found: report.diagnostics, verdict: report.verdict, unchecked: report.unchecked };
}

const short = (found: readonly Found[]) =>
  found.map(({ ruleId, file, hint }) => `${ruleId} ${file}${/next promotion/.test(hint ?? '') ? ' next' : ''}`);

describe('an Application that pins a commit', () => {
  test('what it has is judged, at the line that asks for it', async () => {
    const { found } = await findings(pinned(role, configMap));
    expect(short(found)).toEqual(['project-permits argocd/application.yaml']);
  });

  test('what the next promotion brings is judged as well, in its own file', async () => {
    expect(short((await findings(pinned(configMap, role))).found)).toEqual(['project-permits k/object.yaml next']);
    expect(short((await findings(pinned(configMap, misspelt))).found)).toEqual(['schema-unknown-field k/object.yaml']);
  });

  test('a fault of both is said once, where it can be mended', async () => {
    expect(short((await findings(pinned(role, role))).found)).toEqual(['project-permits k/object.yaml']);
    expect(short((await findings(pinned(configMap, configMap))).found)).toEqual([]);
  });

  test('a commit that this clone lacks is said, and the tree is judged all the same', async () => {
    const absent = 'f'.repeat(40);
    const { found, unchecked } = await findings(pinned(configMap, role, () => absent));
    expect(short(found)).toEqual(['project-permits k/object.yaml next']);
    expect(unchecked.map((each) => each.reason)).toEqual([
      `revision ${absent} is not in this clone; fetch more history to have it checked`,
    ]);
  });
});

describe('other names of revisions', () => {
  test('a tag is what it points to', async () => {
    const dir = pinned(role, configMap, (at, first) => {
      git(at, 'tag', 'v1.0.0', first);
      return 'v1.0.0';
    });
    expect(short((await findings(dir)).found)).toEqual(['project-permits argocd/application.yaml']);
  });

  test('another branch is judged as it is, and not as if it were this one', async () => {
    const dir = pinned(configMap, role, (at, first) => {
      git(at, 'branch', 'stable', first);
      return 'stable';
    });
    put(dir, { 'argocd/other.yaml': application('main').replace('llama-production', 'llama-staging') });
    const { found, unchecked } = await findings(dir);
    expect(unchecked).toEqual([]);
    // The one that follows main has the fault, the one that follows the other branch does not.
    expect(found.map(({ ruleId, object }) => `${ruleId} ${object?.application}`)).toEqual([
      'project-permits llama-staging',
    ]);
  });
});

describe('a constraint over versions', () => {
  const released = (constraint: string) =>
    pinned(role, configMap, (at, first) => {
      git(at, 'tag', 'v1.0.0', first);
      git(at, 'tag', '-a', '-m', 'Two', 'v1.2.0', first);
      put(at, { 'k/object.yaml': configMap });
      git(at, 'tag', 'v2.0.0-rc.1', commit(at, 'Next'));
      return constraint;
    });

  test.each(["'>=1.0.0 <2'", 'v1.*', '^1.2'])('%s is the highest tag that satisfies it', async (constraint) => {
    const { found, unchecked } = await findings(released(constraint));
    expect(short(found)).toEqual(['project-permits argocd/application.yaml']);
    expect(unchecked).toEqual([]);
  });

  test('is a pre-release where it names one', async () => {
    const { found, unchecked } = await findings(released("'>=1.0.0-0'"));
    expect([short(found), unchecked]).toEqual([[], []]);
  });

  test.each([
    ['no tag satisfies it', false],
    ['the clone is shallow and may lack tags', true],
  ])('is said to be unchecked where %s', async (_, isShallow) => {
    const dir = released(isShallow ? '^1.2' : '^3');
    if (isShallow) writeFileSync(join(dir, '.git/shallow'), git(dir, 'rev-parse', 'HEAD~1'));
    const { found, unchecked } = await findings(dir);
    expect(short(found)).toEqual([]);
    expect(unchecked.map((each) => each.reason)).toEqual([
      `the tags of this clone do not say which version ${isShallow ? '^1.2' : '^3'} is; fetch the whole history with all tags to have it checked`,
    ]);
  });
});

describe('a git generator', () => {
  const set = (revision: string) => `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: models, namespace: argocd}
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators:
  - git: {repoURL: ${url}, revision: ${revision}, directories: [{path: models/*}]}
  template:
    metadata: {name: '{{ .path.basename }}'}
    spec:
      project: models
      source: {repoURL: ${url}, path: '{{ .path.path }}', targetRevision: ${revision}}
      destination: {server: https://kubernetes.default.svc, namespace: serving}
`;

  /** v1.0.0 and v1.2.0 have the model `old`, with a role that its project forbids; the tree has `new` in its place. */
  function released(revision: string): string {
    const dir = mkdtempSync(join(tmpdir(), 'gitops-gen-generator-'));
    folders.push(dir);
    repository(dir, { 'models/old/role.yaml': role, 'argocd/project.yaml': project });
    git(dir, 'remote', 'add', 'origin', url);
    git(dir, 'tag', 'v1.0.0');
    git(dir, 'tag', '-a', '-m', 'Two', 'v1.2.0');
    git(dir, 'rm', '-rq', 'models/old');
    put(dir, { 'models/new/map.yaml': configMap, 'argocd/set.yaml': set(revision) });
    commit(dir, 'Next');
    return dir;
  }

  // The repo server resolves the revision of a generator as that of a source (newClientResolveRevision in reposerver/repository).
  test.each(['v1.0.0', "'1.*'", "'>=1.1'"])(
    'lists the folders of %s, and its Applications deploy what is there',
    async (revision) => {
      const { found, unchecked } = await findings(released(revision));
      expect(found.map(({ ruleId, object }) => `${ruleId} ${object?.application}`)).toEqual(['project-permits old']);
      expect(unchecked).toEqual([]);
    },
  );

  test('lists the folders of the tree at HEAD', async () => {
    expect((await findings(released('HEAD'))).found).toEqual([]);
  });

  test('is unchecked where no tag is such a version', async () => {
    const { found, unchecked } = await findings(released("'^3'"));
    expect(found).toEqual([]);
    expect(unchecked.map((each) => each.reason)).toEqual(['the tags of this clone do not say which version ^3 is']);
  });
});

describe('the capacity of the report', () => {
  const deployment = (gpus: number) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: llama}
spec:
  replicas: 1
  strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}
  selector: {matchLabels: {app: llama}}
  template:
    metadata: {labels: {app: llama}}
    spec:
      containers:
      - name: main
        image: registry.example/vllm:v0.11.0
        resources:
          requests: {cpu: '4', memory: 20Gi}
          limits: {nvidia.com/gpu: ${gpus}}
`;
  const specs = {
    'gitops-gen.yaml': `apiVersion: gitops-gen.io/v1alpha1
kind: Project
metadata: {name: fleet}
spec:
  repository: {url: ${url}}
  environments: [{name: production}]
`,
    'clusters/production/cluster-config.yaml': `apiVersion: gitops-gen.io/v1alpha1
kind: ClusterConfig
metadata: {name: production}
spec:
  nodePools:
  - {name: a100, gpu: a100-80gb, gpusPerNode: 4, nodes: 2, allocatable: {cpu: '60', memory: 500Gi}}
`,
  };
  const gpus = (clusters: { waves: { workloads: { gpus: number }[] }[] }[]) =>
    clusters.flatMap(({ waves }) => waves.flatMap(({ workloads }) => workloads.map((each) => each.gpus)));

  async function capacityOf(dir: string) {
    put(dir, specs);
    const { stdout } = await call(['-C', dir, 'validate', '-o', 'json', '--only', 'capacity']);
    return JSON.parse(stdout) as { capacity: Record<string, never>; diagnostics: Found[] };
  }

  test('speaks of what is pinned, and beside it of the tree', async () => {
    const dir = pinned(deployment(2), deployment(8));
    const { capacity, diagnostics } = await capacityOf(dir);
    expect(capacity).toMatchObject({
      state: 'pinned',
      clusters: [{ verdict: 'order-safe' }],
      next: { clusters: [{ verdict: 'impossible' }] },
    });
    const { clusters, next } = capacity as unknown as { clusters: never; next: { clusters: never } };
    expect([gpus(clusters), gpus(next.clusters)]).toEqual([[2], [8]]);
    // The finding is about the tree, and says so.
    expect(short(diagnostics.filter(({ ruleId }) => ruleId === 'gpu-capacity'))).toEqual([
      'gpu-capacity k/object.yaml next',
    ]);

    const { stdout } = await call(['-C', dir, 'validate', '-o', 'markdown', '--only', 'capacity']);
    expect(stdout).toContain('GPUs of each pool at the revisions that Applications pin');
    expect(stdout).toContain('With this tree: production does not fit.');
    const { stdout: page } = await call(['-C', dir, 'validate', '-o', 'html', '--only', 'capacity']);
    expect(page).toContain('The same for this tree');
  });

  test('speaks of the tree where nothing is pinned', async () => {
    const { capacity } = await capacityOf(pinned(deployment(2), deployment(2), () => 'main'));
    expect(capacity).toMatchObject({ state: 'tree', clusters: [{ verdict: 'order-safe' }] });
    expect(capacity).not.toHaveProperty('next');
  });
});
