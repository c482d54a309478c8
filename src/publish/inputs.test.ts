import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repository } from '../../test/build/random-repository.js';
import { fixture } from '../../test/support/rendering.js';
import { buildKustomization } from '../build/index.js';
import { type Tree, treeOf } from '../files/file-map.js';
import { dirname } from '../files/path.js';
import { inputsOf } from './inputs.js';

const FIXTURES = ['main-seed', 'hub-and-clusters', 'one-cluster-per-environment', 'two-environments-one-cluster'];

function missed(tree: Tree, dir: string): string[] | undefined {
  const inputs = inputsOf(tree, dir);
  if (inputs === undefined) return undefined;
  const known = new Set(inputs.paths);
  return buildKustomization(tree, dir, () => {}).inputs.filter((path) => !known.has(path));
}

describe('the inputs of a kustomization, found without a build', () => {
  it.each(FIXTURES)('hold everything that a build reads: %s', (name) => {
    const tree = treeOf(fixture(`ok/${name}`));
    const dirs = [...tree.files.keys()].filter((path) => path.endsWith('/kustomization.yaml')).map(dirname);
    expect(dirs.length).toBeGreaterThan(5);
    for (const dir of dirs) expect([dir, missed(tree, dir)]).toEqual([dir, []]);
  });

  it('hold everything that a build reads, in repositories of any shape', () => {
    let known = 0;
    fc.assert(
      fc.property(repository, ({ files, dir }) => {
        const found = missed(treeOf(files), dir);
        if (found !== undefined) known += 1;
        expect(found ?? []).toEqual([]);
      }),
      { seed: 7, numRuns: process.env['GITOPS_GEN_DEEP'] ? 20_000 : 300 },
    );
    expect(known).toBeGreaterThan(50);
  });

  it.each([
    ['a plugin', { 'a/kustomization.yaml': 'transformers: [t.yaml]\n', 'a/t.yaml': 'kind: X\n' }],
    ['a chart', { 'a/kustomization.yaml': 'helmCharts: [{name: x}]\n' }],
    ['two documents', { 'a/kustomization.yaml': 'resources: []\n---\nresources: []\n' }],
    ['no mapping', { 'a/kustomization.yaml': '- a\n' }],
    ['no YAML', { 'a/kustomization.yaml': 'resources: [a\n' }],
    [
      'a plugin further down',
      { 'a/kustomization.yaml': 'resources: [../b]\n', 'b/kustomization.yaml': 'generators: [g]\n' },
    ],
  ])('are not known, and the build is not spared, with %s', (_, files) => {
    expect(inputsOf(treeOf(files), 'a')).toBeUndefined();
  });

  it('are not known where a link or an unread file stands in the way', () => {
    const tree = treeOf({ 'a/kustomization.yaml': 'resources: [x.yaml, ../b/y.yaml]\n' });
    expect(inputsOf({ ...tree, links: new Map([['a/x.yaml', '/etc/passwd']]) }, 'a')).toBeUndefined();
    expect(inputsOf({ ...tree, unread: new Map([['b/y.yaml', 'too large']]) }, 'a')).toBeUndefined();
    expect(inputsOf(tree, 'a')).toBeDefined();
  });

  it('change their signature with every file that takes part, and with none other', () => {
    const files = {
      'a/kustomization.yaml': 'resources: [../base]\nconfigMapGenerator: [{name: c, files: [k=v.txt]}]\n',
      'a/v.txt': '1',
      'base/kustomization.yaml': 'resources: [x.yaml]\n',
      'base/x.yaml': 'kind: A\n',
      'other/y.yaml': 'kind: B\n',
    };
    const signature = (changed: Record<string, string> = {}) =>
      inputsOf(treeOf({ ...files, ...changed }), 'a')?.signature;
    const plain = signature();
    for (const path of Object.keys(files))
      expect([path, signature({ [path]: `${files[path as keyof typeof files]} #` }) === plain]).toEqual([
        path,
        path === 'other/y.yaml',
      ]);
    expect(signature({ 'base/new.yaml': 'kind: C\n' })).toBe(plain);
  });
});
