import { describe, expect, test } from 'vitest';
import { buildKustomization } from '../build/index.js';
import type { Problem } from '../diagnostics/diagnostic.js';
import { type Tree, treeOf } from '../files/file-map.js';
import { type ReadOptions, type Repository, readRepository } from './index.js';

function read(
  files: Record<string, string>,
  options: Partial<ReadOptions> = {},
): { repository: Repository; problems: Problem[] } {
  const problems: Problem[] = [];
  const repository = readRepository(
    treeOf(files),
    { argocdVersion: '3.3', kubernetesVersion: '1.34', build: buildKustomization, ...options },
    (problem) => problems.push(problem),
  );
  return { repository, problems };
}

function application(name: string, source: string, namespace = 'serving'): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}, namespace: argocd}
spec:
  source: {repoURL: https://github.com/acme/fleet, ${source}}
  destination: {server: https://kubernetes.default.svc, namespace: ${namespace}}
`;
}

const map = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;
const names = (repository: Repository) =>
  repository.deployed.map((each) => `${each.application?.name ?? '-'} ${each.object.kind} ${each.object.name}`);

describe('what is judged', () => {
  test('kustomizations that nobody includes, and neither bases nor what they name', () => {
    const { repository } = read({
      'base/kustomization.yaml': 'resources: [a.yaml]',
      'base/a.yaml': map('a'),
      'overlays/x/kustomization.yaml': 'resources: [../../base]\nnamespace: x',
      'overlays/x/patch.yaml': map('stray'),
      'lying/b.yaml': map('b'),
      'chart/Chart.yaml': 'name: chart',
      'chart/templates/c.yaml': `${map('c')}data: {a: {{ .Values.a }}}`,
      'values.yaml': 'a: 1',
    });
    expect(names(repository)).toEqual(['- ConfigMap a', '- ConfigMap b']);
    expect(repository.deployed.map((each) => each.namespace)).toEqual(['x', undefined]);
    expect(repository.unchecked.map(({ what, file }) => `${what} ${file}`)).toEqual([
      'Helm chart chart/Chart.yaml',
      'manifest overlays/x/patch.yaml',
    ]);
    expect(repository.checked).toEqual({ files: 4, kustomizations: 1, resources: 2, applications: 0 });
  });

  test('no base of a build that failed, which is looked up all the same', () => {
    const { repository, problems } = read({
      'all/kustomization.yaml': 'resources: [../mid, ../single/c.yaml, "https://github.com/acme/x//m?ref=v1"]',
      'mid/kustomization.yaml': 'resources: [../base, gone.yaml]',
      'base/kustomization.yaml': 'namespace: x\nresources: [a.yaml]',
      'base/a.yaml': map('a'),
      'single/c.yaml': map('c'),
      'fine/kustomization.yaml': 'resources: [../shared]',
      'shared/kustomization.yaml': 'resources: [b.yaml]',
      'shared/b.yaml': map('b'),
    });
    expect(names(repository)).toEqual(['- ConfigMap b']);
    expect(repository.aside.map(({ object, namespace }) => `${object.name} ${namespace}`)).toEqual([
      'c undefined',
      'a x',
    ]);
    // What is wrong with a part is said when the whole is built, and once.
    expect(problems.map((each) => each.ruleId)).toEqual(['kustomize-missing-file']);
  });

  test('a folder with a program in it is not seen whole', () => {
    const { repository } = read({
      'apps/a.yaml': application('a', 'path: m'),
      'm/a.yaml': map('a'),
      'm/b.jsonnet': "{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' } }",
    });
    expect(names(repository)).toContain('a ConfigMap a');
    expect(repository.applications.map((each) => each.complete)).toEqual([false]);
    expect(repository.unchecked.map(({ what, reason }) => `${what}: ${reason}`)).toEqual([
      'Jsonnet: nothing here evaluates Jsonnet',
      'Application a: its folder holds Jsonnet, which nothing here evaluates',
    ]);
  });

  test('folders, as the repo server chooses among their files', () => {
    const { repository } = read({
      'apps/a.yaml': application('a', 'path: m'),
      'apps/b.yaml': application(
        'b',
        "path: m, directory: {recurse: true, include: '{*.yaml,deep/*.yml}', exclude: 'x*'}",
      ),
      'm/one.yaml': map('one'),
      'm/x.yaml': map('x'),
      'm/notes.txt': map('notes'),
      'm/deep/two.yml': map('two'),
    });
    expect(names(repository).filter((each) => !each.startsWith('-'))).toEqual([
      'a ConfigMap one',
      'a ConfigMap x',
      'b ConfigMap two',
      'b ConfigMap one',
    ]);
  });
});

describe('Applications', () => {
  test('are followed to the end, also out of a kustomization that a parent renders in its own way', () => {
    const { repository } = read({
      'root.yaml': application('root', 'path: apps, kustomize: {namePrefix: east-}', 'argocd'),
      'apps/kustomization.yaml': 'resources: [child.yaml]',
      'apps/child.yaml': application('child', 'path: m'),
      'm/one.yaml': map('one'),
    });
    expect(names(repository)).toEqual([
      'root Application east-child',
      'east-child ConfigMap one',
      '- Application root',
    ]);
    expect(
      repository.applications.find((each) => each.name === 'east-child')?.parents.map((each) => each.name),
    ).toEqual(['root']);
  });

  test('that deploy themselves end', () => {
    const { repository } = read({
      'apps/kustomization.yaml': 'resources: [root.yaml]',
      'apps/root.yaml': application('root', 'path: apps', 'argocd'),
    });
    expect(names(repository)).toEqual(['root Application root']);
  });

  test('take images, replicas, labels and .argocd-source files into account', () => {
    const deployment =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {replicas: 1, template: {spec: {containers: [{name: c, image: "reg:5000/app:v1"}]}}}';
    const { repository } = read({
      'a.yaml': application(
        'a',
        'path: m, kustomize: {images: ["reg:5000/app:v2"], replicas: [{name: d, count: 3}], commonLabels: {team: x}}',
      ),
      'm/kustomization.yaml': 'resources: [d.yaml]',
      'm/d.yaml': deployment,
      'm/.argocd-source-a.yaml': 'kustomize: {images: ["reg:5000/app=other/app@sha256:abc"]}',
    });
    const value = repository.deployed.find((each) => each.object.kind === 'Deployment')?.object.value;
    expect(value).toMatchObject({
      metadata: { labels: { team: 'x' } },
      spec: { replicas: 3, template: { spec: { containers: [{ image: 'other/app@sha256:abc' }] } } },
    });
  });

  test('with several sources render them all, and a reference renders nothing', () => {
    const { repository } = read({
      'a.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: a}
spec:
  sources:
    - {repoURL: https://github.com/acme/fleet.git, path: m}
    - {repoURL: git@github.com:acme/fleet.git, ref: values}
    - {repoURL: https://charts.example, chart: keda, targetRevision: 2.18.0}
  destination: {name: in-cluster, namespace: x}
`,
      'm/one.yaml': map('one'),
    });
    expect(names(repository)).toEqual(['a ConfigMap one', '- Application a']);
    expect(repository.applications[0]?.complete).toBe(false);
    expect(repository.unchecked.map((each) => each.reason)).toEqual([
      'the Helm chart keda comes from https://charts.example',
    ]);
  });

  test('are rendered at the revision they pin, and said to be unchecked where it is not here', () => {
    const old: Tree = treeOf({ 'm/one.yaml': map('old') });
    const pinned = 'a'.repeat(40);
    const files = { 'a.yaml': application('a', `path: m, targetRevision: ${pinned}`), 'm/one.yaml': map('new') };
    const { repository } = read(files, { treeAt: (revision) => (revision === pinned ? old : undefined) });
    expect(names(repository)).toEqual(['a ConfigMap old', '- Application a', '- ConfigMap new']);
    const place = repository.deployed[0]?.object.sourceOf('/metadata/name');
    expect(place).toMatchObject({ file: 'a.yaml', pointer: '/spec/source/targetRevision' });

    const without = read(files).repository;
    expect(without.unchecked).toEqual([
      {
        what: 'Application a',
        file: 'a.yaml',
        reason: `revision ${pinned} is not in this clone; fetch more history to have it checked`,
      },
    ]);
    expect(names(without)).toEqual(['- Application a', '- ConfigMap new']);
  });

  test('of another repository are said to be unchecked', () => {
    const { repository } = read(
      {
        'a.yaml': application('a', 'path: m'),
        'b.yaml': application('b', 'path: m').replace('acme/fleet', 'acme/other'),
        'm/one.yaml': map('one'),
        'n/two.yaml': map('two'),
      },
      { repositoryUrls: ['git@github.com:acme/fleet.git'] },
    );
    expect(repository.unchecked.map((each) => each.reason)).toEqual([
      'its source is another repository: https://github.com/acme/other',
    ]);
  });

  test.each([
    ['a base', 'm/base', ['- ConfigMap one', '- ConfigMap two']],
    ['a Component', 'm/label', ['- ConfigMap one', '- ConfigMap two']],
    ['a folder of parts', 'm', ['- ConfigMap one', '- ConfigMap two']],
    ['an overlay beside it', 'other', ['- ConfigMap three']],
    ['a folder without any', 'docs', []],
  ])('a folder that is asked for is judged, a part of others by what they make of it: %s', (_, dir, expected) => {
    const { repository } = read(
      {
        'all/kustomization.yaml': 'resources: [../m/two]\n',
        'other/kustomization.yaml': 'resources: [three.yaml]\n',
        'other/three.yaml': map('three'),
        'm/label/kustomization.yaml':
          'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nlabels: [{pairs: {a: b}}]\n',
        'm/base/kustomization.yaml': 'resources: [one.yaml]\n',
        'm/base/one.yaml': map('one'),
        'm/two/kustomization.yaml': 'resources: [../base, two.yaml]\ncomponents: [../label]\n',
        'm/two/two.yaml': map('two'),
        'docs/README.md': 'x',
      },
      { dirs: [dir] },
    );
    expect(names(repository)).toEqual(expected);
  });

  test('of a repository that lies in a folder of a larger one are followed inside of it', () => {
    const { repository } = read(
      {
        'README.md': 'x',
        'examples/fleet/a.yaml': application('a', 'path: m'),
        'examples/fleet/m/one.yaml': map('one'),
      },
      { dirs: ['examples/fleet'] },
    );
    expect(names(repository)).toEqual(['a ConfigMap one', '- Application a']);
  });
});
