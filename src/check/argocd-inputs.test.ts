import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildKustomization } from '../build/index.js';
import type { Problem } from '../diagnostics/diagnostic.js';
import { treeOf } from '../files/file-map.js';
import { readRepository } from '../repository/index.js';
import { createSchemaStore } from '../schema/store.js';
import { rules } from './registry.js';
import { check } from './run.js';
import { checkSchemas } from './schema-stage.js';

const load = (name: string) => readFileSync(join(import.meta.dirname, '../../schemas', name), 'utf8');
const store = createSchemaStore(load, { kubernetesVersion: '1.34' });

function judge(files: Record<string, string>): string[] {
  const problems: Problem[] = [];
  const repository = readRepository(
    treeOf(files),
    { argocdVersion: '3.3', kubernetesVersion: '1.34', build: buildKustomization },
    (problem) => problems.push(problem),
  );
  const report = check(repository, {
    rules,
    problems,
    today: '2026-06-01',
    tool: { name: 'gitops-gen', version: '0.0.0' },
    schemas: checkSchemas(repository, [store]),
  });
  return report.diagnostics.map((each) => `${each.file}:${each.range?.start.line} ${each.severity} ${each.ruleId}`);
}

interface Parts {
  readonly name?: string;
  readonly metadata?: string;
  readonly spec?: string;
  readonly path?: string;
  readonly project?: string;
}

function application({ name = 'a', metadata = '', spec = '', path = 'm', project = 'fleet' }: Parts = {}): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${name}
  namespace: argocd
${metadata}spec:
  project: ${project}
  source: {repoURL: https://github.com/acme/fleet, targetRevision: main, path: ${path}}
  destination: {server: https://kubernetes.default.svc, namespace: serving}
${spec}`;
}

function project(spec: string): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: fleet, namespace: argocd}
spec:
${spec}`;
}

const open = `  sourceRepos: [https://github.com/acme/fleet]
  destinations: [{server: https://kubernetes.default.svc, namespace: serving}]
`;
const map = (name: string, more = '') => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}`;
const base = { 'p.yaml': project(open), 'a/a.yaml': application(), 'm/c.yaml': map('c') };

describe('objects of Argo CD', () => {
  test('the repository that every case starts from has no finding', () => {
    expect(judge(base)).toEqual([]);
  });

  test.each<[string, Record<string, string>, string[]]>([
    [
      'a cluster-scoped kind without an entry',
      { 'm/c.yaml': 'apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: x}\nvalue: 1\n' },
      ['m/c.yaml:2 error project-permits'],
    ],
    [
      'a namespaced kind that is forbidden',
      { 'p.yaml': project(`${open}  namespaceResourceBlacklist: [{group: '', kind: ConfigMap}]\n`) },
      ['m/c.yaml:2 error project-permits'],
    ],
    [
      'an Application whose folder holds itself',
      { 'a/a.yaml': application({ path: 'a' }) },
      ['a/a.yaml:4 warning application-includes-itself', 'a/a.yaml:5 error project-permits'],
    ],
    ['two owners of one object', { 'b/b.yaml': application({ name: 'b' }) }, ['m/c.yaml:4 error duplicate-identity']],
    [
      'a misspelt finalizer',
      { 'a/a.yaml': application({ metadata: '  finalizers: [resources-finalizer.argocd.argoprj.io]\n' }) },
      ['a/a.yaml:6 error application-finalizer'],
    ],
    [
      'a hook in lower case',
      { 'm/c.yaml': map('c', '  annotations: {argocd.argoproj.io/hook: presync}\n') },
      ['m/c.yaml:5 error hook-type'],
    ],
    [
      'a hook that does not exist',
      { 'm/c.yaml': map('c', '  annotations: {argocd.argoproj.io/hook: PreSink}\n') },
      ['m/c.yaml:5 error hook-type'],
    ],
    [
      'fields that Applications do not have',
      { 'a/a.yaml': application({ spec: '  preSync: []\n  dependencies: []\n  dependsOn: []\n  syncWave: 2\n' }) },
      [
        'a/a.yaml:10 error schema-unknown-field',
        'a/a.yaml:11 error schema-unknown-field',
        'a/a.yaml:12 error schema-unknown-field',
        'a/a.yaml:13 error schema-unknown-field',
      ],
    ],
    [
      'automated that is no mapping',
      { 'a/a.yaml': application({ spec: '  syncPolicy: {automated: true}\n' }) },
      ['a/a.yaml:10 error schema-wrong-type'],
    ],
    [
      'a project that permits everything',
      { 'p.yaml': project(`  sourceRepos: ['*']\n  destinations: [{server: '*', namespace: '*'}]\n`) },
      ['p.yaml:6 warning project-too-open'],
    ],
    [
      'a project of workloads that reaches Argo CD',
      {
        'p.yaml': project(
          open
            .replace(']\n', ']\n')
            .replace(
              'namespace: serving}]',
              'namespace: serving}, {server: https://kubernetes.default.svc, namespace: argocd}]',
            ),
        ),
      },
      ['p.yaml:6 warning project-too-open'],
    ],
    [
      'a link that runs a script',
      { 'm/c.yaml': map('c', '  annotations: {link.argocd.argoproj.io/x: "javascript:alert(1)"}\n') },
      ['m/c.yaml:5 error link-annotation'],
    ],
    [
      'an ApplicationSet that lets misspelt parameters through',
      {
        's/s.yaml':
          "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: s, namespace: argocd}\nspec:\n  goTemplate: true\n  generators: [{list: {elements: []}}]\n  template:\n    metadata: {name: '{{ .x }}'}\n    spec: {project: fleet, destination: {}}\n",
      },
      ['s/s.yaml:5 warning applicationset-generators'],
    ],
    [
      'sync options that do not exist',
      { 'a/a.yaml': application({ spec: '  syncPolicy: {syncOptions: [CreateNamespaces=true]}\n' }) },
      ['a/a.yaml:10 error sync-option'],
    ],
    [
      'an object without a name',
      { 'm/c.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {labels: {a: b}}\n' },
      ['m/c.yaml:3 error api-name'],
    ],
    [
      'an API that was removed',
      {
        'm/c.yaml':
          'apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: x}\nspec: {maxUnavailable: 1}\n',
      },
      ['m/c.yaml:1 error api-removed'],
    ],
    [
      'a wave that is no integer',
      { 'm/c.yaml': map('c', '  annotations: {argocd.argoproj.io/sync-wave: "1.5"}\n') },
      ['m/c.yaml:5 error sync-wave'],
    ],
    [
      'windows that never let a sync through',
      {
        'p.yaml': project(
          `${open}  syncWindows:\n    - {kind: deny, schedule: '* * * * *', duration: 1h, applications: ['*']}\n`,
        ),
      },
      ['p.yaml:8 error sync-window'],
    ],
  ])('%s', (_, files, expected) => {
    expect(judge({ ...base, ...files })).toEqual(expected);
  });

  test.each<[string, Record<string, string>]>([
    ['the same repository in other spellings', { 'a/a.yaml': application().replace('acme/fleet', 'Acme/Fleet.git') }],
    ['a negative wave', { 'm/c.yaml': map('c', '  annotations: {argocd.argoproj.io/sync-wave: "-5"}\n') }],
    [
      'a hook with a fixed name and no delete policy',
      { 'm/c.yaml': map('c', '  annotations: {argocd.argoproj.io/hook: PreSync}\n') },
    ],
    // Argo CD deploys objects to the namespace they name, and a project that permits it has said so.
    [
      'an object in another namespace than the destination',
      {
        'm/c.yaml': map('c', '  namespace: other\n'),
        'p.yaml': project(open.replace('namespace: serving}]', 'namespace: "{serving,other}"}]')),
      },
    ],
    // Jsonnet, plugins and recursion are ways that Argo CD supports: what is not rendered here is said to be unchecked.
    ['a plugin', { 'a/a.yaml': application().replace('path: m}', 'path: m, plugin: {name: x}}') }],
  ])('%s is fine', (_, files) => {
    expect(judge({ ...base, ...files })).toEqual([]);
  });
});
