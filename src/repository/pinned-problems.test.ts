import { describe, expect, test } from 'vitest';
import { buildKustomization } from '../build/index.js';
import type { Problem } from '../diagnostics/diagnostic.js';
import { type Tree, treeOf } from '../files/file-map.js';
import { readRepository } from './index.js';

const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: here}]}\n';
const images = (...names: readonly string[]) =>
  `resources: [pod.yaml]\nimages: [${names.map((name) => `{name: ${name}, newTag: v1}`).join(', ')}]\n`;
const set = (elements: string) => `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: all, namespace: argocd}
spec:
  goTemplate: true
  goTemplateOptions: ["missingkey=error"]
  generators: [{list: {elements: [${elements}]}}]
  template:
    metadata: {name: '{{ .name }}'}
    spec:
      project: default
      source: {repoURL: https://github.com/acme/fleet, path: '{{ .path }}', targetRevision: '{{ .revision }}'}
      destination: {server: https://kubernetes.default.svc, namespace: '{{ .name }}'}
`;

function said(elements: string, revisions: Readonly<Record<string, Record<string, string>>>): readonly Problem[] {
  const trees = new Map<string, Tree>(Object.entries(revisions).map(([id, files]) => [id, treeOf(files)]));
  const problems: Problem[] = [];
  readRepository(
    treeOf({ 'set.yaml': set(elements) }),
    {
      argocdVersion: '3.3',
      kubernetesVersion: '1.34',
      repositoryUrls: ['https://github.com/acme/fleet'],
      branch: 'main',
      treeAt: (revision) => trees.get(revision),
      build: buildKustomization,
    },
    (problem) => problems.push(problem),
  );
  return problems;
}

const element = (name: string, revision: string, path = 'k') => `{name: ${name}, revision: ${revision}, path: ${path}}`;
const folder = (...names: readonly string[]) => ({ 'k/kustomization.yaml': images(...names), 'k/pod.yaml': pod });

describe('what one rule says of one file of other revisions is one problem at the line that asks for them', () => {
  test('entries of one kustomization', () => {
    const problems = said(element('a', 'v1.0.0'), { 'v1.0.0': folder('here', 'one', 'two', 'three') });
    expect(problems).toMatchObject([
      {
        ruleId: 'kustomize-image-no-match',
        message:
          'No container has the image one, so this entry changes nothing. (k/kustomization.yaml at revision v1.0.0, and the same of 2 more there: two, three)',
        at: { file: 'set.yaml' },
        key: 'k/kustomization.yaml',
      },
    ]);
  });

  test('several revisions, and several Applications of one', () => {
    const elements = [element('a', 'v1.0.0'), element('b', 'v1.0.0'), element('c', 'v2.0.0')].join(', ');
    expect(said(elements, { 'v1.0.0': folder('one'), 'v2.0.0': folder('one') }).map(({ message }) => message)).toEqual([
      'No container has the image one, so this entry changes nothing. (k/kustomization.yaml at revisions v1.0.0, v2.0.0)',
    ]);
  });

  test('another file is another problem', () => {
    const other = { 'other/kustomization.yaml': images('one'), 'other/pod.yaml': pod };
    const elements = [element('a', 'v1.0.0'), element('b', 'v1.0.0', 'other')].join(', ');
    expect(said(elements, { 'v1.0.0': { ...folder('one'), ...other } })).toHaveLength(2);
  });

  test('an entry of a Component that one of its overlays has use for is none, as in the tree itself', () => {
    const tree = {
      'c/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nimages: [{name: here, newTag: v1}, {name: gone, newTag: v1}]\n',
      'a/kustomization.yaml': 'resources: [pod.yaml]\ncomponents: [../c]\n',
      'a/pod.yaml': pod,
      'b/kustomization.yaml': 'resources: [pod.yaml]\ncomponents: [../c]\n',
      'b/pod.yaml': pod.replace('image: here', 'image: there'),
    };
    const elements = [element('a', 'v1.0.0', 'a'), element('b', 'v1.0.0', 'b')].join(', ');
    expect(said(elements, { 'v1.0.0': tree }).map(({ key }) => key)).toEqual(['gone']);
  });
});
