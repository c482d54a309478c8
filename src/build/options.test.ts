import { describe, expect, it } from 'vitest';
import { kubectlKustomize, realKubectl, withFolder } from '../../test/support/real-kubectl.js';
import { treeOf } from '../files/file-map.js';
import { buildKustomization, emitStream } from './index.js';
import type { BuildOptions } from './resource.js';

const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {a: b}\n`;
const files = {
  'over/kustomization.yaml':
    'resources: [../z.yaml, ns.yaml]\nconfigMapGenerator:\n- {name: made, files: [../shared.txt]}\n',
  'over/ns.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n',
  'z.yaml': configMap('z'),
  'shared.txt': 'text\n',
  'nested/kustomization.yaml': 'resources: [../over]\n',
};
const kubectl = realKubectl();

const rows: readonly (readonly [string, BuildOptions, readonly string[]])[] = [
  ['nothing', {}, []],
  ['files beside the kustomization', { readsOutside: true }, ['--load-restrictor', 'LoadRestrictionsNone']],
  [
    'the label of Kustomize',
    { readsOutside: true, managedByLabel: true },
    ['--load-restrictor', 'LoadRestrictionsNone', '--enable-managedby-label'],
  ],
  [
    'no order',
    { readsOutside: true, reorder: 'none' },
    ['--load-restrictor', 'LoadRestrictionsNone', '--reorder', 'none'],
  ],
];

describe.skipIf(kubectl.skip !== undefined)('what flags change is what they change for the real kubectl', () => {
  it.each(rows)('%s', (_, options, flags) => {
    for (const folder of ['over', 'nested']) {
      const result = buildKustomization(treeOf(files), folder, () => {}, options);
      const real = withFolder(files, (root) => kubectlKustomize(kubectl.path as string, `${root}/${folder}`, flags));
      expect(result.ok).toBe(real.ok);
      if (real.ok) expect(emitStream(result.resources)).toBe(real.stdout);
    }
  });

  it('builds of one tree with and without a flag do not meet', () => {
    const tree = treeOf(files);
    expect(buildKustomization(tree, 'nested', () => {}, { readsOutside: true }).ok).toBe(true);
    expect(buildKustomization(tree, 'nested', () => {}).ok).toBe(false);
  });
});
