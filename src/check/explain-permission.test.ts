import { expect, test } from 'vitest';
import { buildKustomization } from '../build/index.js';
import { treeOf } from '../files/file-map.js';
import { readRepository } from '../repository/index.js';
import { explainPermission } from './explain-permission.js';

test('every question names the entry that answered it', () => {
  const repository = readRepository(
    treeOf({
      'p.yaml': `apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: fleet, namespace: argocd}
spec:
  sourceRepos: [https://github.com/acme/other, https://github.com/acme/**]
  destinations: [{server: https://kubernetes.default.svc, namespace: 'serving*'}]
  namespaceResourceBlacklist: [{group: batch, kind: '*'}]
`,
      'a/a.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: a, namespace: argocd}
spec:
  project: fleet
  source: {repoURL: https://github.com/acme/fleet, path: m}
  destination: {server: https://kubernetes.default.svc, namespace: serving-a}
`,
      'm/all.yaml': [
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n',
        'apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\n',
        'apiVersion: v1\nkind: Namespace\nmetadata: {name: n}\n',
        'apiVersion: example.io/v1\nkind: Widget\nmetadata: {name: w}\n',
      ].join('---\n'),
    }),
    { argocdVersion: '3.3', kubernetesVersion: '1.34', build: buildKustomization },
    () => {},
  );
  const lines = explainPermission(repository, repository.applications[0]!);
  expect(lines?.map(({ question, verdict, entry, at }) => [question, verdict, entry, at?.pointer])).toEqual([
    ['an Application in namespace argocd', 'permitted', undefined, undefined],
    ['source https://github.com/acme/fleet', 'permitted', 'https://github.com/acme/**', '/spec/sourceRepos/1'],
    [
      'namespace serving-a of https://kubernetes.default.svc',
      'permitted',
      '{"server":"https://kubernetes.default.svc","namespace":"serving*"}',
      '/spec/destinations/0',
    ],
    ['ConfigMap', 'permitted', undefined, undefined],
    ['Job of batch', 'denied', '{"group":"batch","kind":"*"}', '/spec/namespaceResourceBlacklist/0'],
    ['cluster-scoped Namespace n', 'denied', undefined, undefined],
    ['Widget of example.io', 'undecidable', undefined, undefined],
  ]);
});
