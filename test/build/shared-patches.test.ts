import { describe, expect, it } from 'vitest';
import { buildKustomization, emitStream } from '../../src/build/index.js';
import { treeOf } from '../../src/files/file-map.js';
import { type Files, judge } from '../support/judge.js';
import { realKubectl } from '../support/real-kubectl.js';
import { deployment, service } from './case.js';

const { skip } = realKubectl();
const patch = (rest: string) => `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app\n${rest}`;
const container = (rest: string) =>
  patch(`spec:\n  template:\n    spec:\n      containers:\n      - name: main\n${rest}`);

/** The same text in every overlay of one base: what a merge gave the first overlays serves the others. */
const patches: Readonly<Record<string, readonly string[]>> = {
  'a scalar': [patch('spec: {replicas: 3}\n')],
  'items of lists': [container('        env:\n        - {name: B, value: "2"}\n        - {name: C, value: c}\n')],
  'a word over a string in quotes': [container('        env:\n        - {name: B, value: no}\n')],
  'a number over a string': [container('        env:\n        - {name: A, value: 12}\n')],
  'a list that is replaced': [container('        args: [--host]\n')],
  'a part that is deleted': [container('        ports:\n        - {containerPort: 9090, $patch: delete}\n')],
  'a map that is replaced': [patch('spec:\n  selector: {$patch: replace, matchLabels: {x: y}}\n')],
  'the object deleted': [patch('$patch: delete\n')],
  'annotations replaced': [
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app, annotations: {$patch: replace, a: b}}\n',
  ],
  'two after one another': [
    patch('spec: {replicas: 3}\n'),
    container('        env:\n        - {name: B, value: "3"}\n'),
    patch('spec: {replicas: 4}\n'),
  ],
  'several documents': [
    `${patch('spec: {replicas: 3}\n')}---\n${patch('metadata: {labels: {more: "1"}}\n').replace('metadata:\n  name: app\nmetadata: {', 'metadata: {name: app, ')}`,
  ],
};

const count = 5;
const overlays = (texts: readonly string[], inline: boolean): Files => {
  const files: Record<string, string> = {
    'kustomization.yaml': `resources:\n${Array.from({ length: count }, (_, i) => `- over-${i}\n`).join('')}`,
    'base/kustomization.yaml': 'resources: [objects.yaml]\nlabels:\n- pairs: {layer: base}\n',
    'base/objects.yaml': `${service()}---\n${deployment()}`,
  };
  for (let i = 0; i < count; i += 1) {
    const entries = texts.map((text, j) =>
      inline ? `- patch: |\n${text.replace(/^(?=.)/gm, '    ')}` : `- path: patch-${j}.yaml\n`,
    );
    files[`over-${i}/kustomization.yaml`] =
      `resources: [../base]\nnamePrefix: p${i}-\nlabels:\n- pairs: {over: "${i}"}\n  includeSelectors: true\npatches:\n${entries.join('')}`;
    if (!inline) for (const [j, text] of texts.entries()) files[`over-${i}/patch-${j}.yaml`] = text;
  }
  return files;
};

describe.skipIf(skip !== undefined)('one patch in many overlays, beside the real kubectl', () => {
  const rows = Object.entries(patches).flatMap(([what, texts]) => [
    [`${what}, in files`, overlays(texts, false)] as const,
    [`${what}, inline`, overlays(texts, true)] as const,
  ]);
  it.each(rows)('%s', (_, files) => {
    const built = buildKustomization(treeOf(files), '', ({ message, severity }) => {
      if (severity === 'error') throw new Error(message);
    });
    const real = judge(files, '');
    expect(real.ok).toBe(true);
    expect(emitStream(built.resources)).toBe(real.stdout);
  });
});

describe('one patch in many overlays', () => {
  it('is said to come from the overlay that holds it', () => {
    const texts = patches['items of lists'] as readonly string[];
    const tree = treeOf(overlays(texts, false));
    const { resources } = buildKustomization(tree, '', () => {});
    const deployments = resources.filter(({ value }) => value['kind'] === 'Deployment');
    const value = '/spec/template/spec/containers/0/env/0/value';
    expect(deployments.map((one) => one.sourceOf(value))).toEqual(
      Array.from({ length: count }, (_, i) => ({
        file: `over-${i}/patch-0.yaml`,
        document: 0,
        pointer: '/spec/template/spec/containers/0/env/0/value',
        via: 'patches',
      })),
    );
    for (const [i, one] of deployments.entries())
      expect(one.changedBy.map(({ file }) => file)).toContain(`over-${i}/patch-0.yaml`);
  });
});
