import { describe, expect, it } from 'vitest';
import { buildKustomization } from '../../src/build/index.js';
import type { Problem } from '../../src/diagnostics/diagnostic.js';
import { type Tree, treeOf } from '../../src/files/file-map.js';
import { deployment } from './case.js';

const configMap = (name = 'a') => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;

interface Row {
  readonly id: string;
  readonly input: string;
  readonly tree: Tree;
  readonly dir?: string;
  readonly rule: string;
  /** In the message, the hint or what is related. */
  readonly says?: RegExp;
  /** The file that is named. */
  readonly file: string;
}

const files = (map: Record<string, string>) => treeOf(map);
const outside = (field: string): Row => ({
  id: 'O20',
  input: `${field} outside the folder`,
  tree: files({ 'over/kustomization.yaml': `${field}\n`, 'x.yaml': configMap() }),
  dir: 'over',
  rule: 'kustomize-outside-root',
  file: 'over/kustomization.yaml',
});

const rows: readonly Row[] = [
  {
    id: 'O01',
    input: 'a strategic merge patch without its object',
    tree: files({
      'kustomization.yaml': 'resources: [a.yaml]\npatches:\n- path: p.yaml\n',
      'a.yaml': configMap(),
      'p.yaml': configMap('b'),
    }),
    rule: 'kustomize-patch-no-target',
    says: /ConfigMap v1 a/,
    file: 'p.yaml',
  },
  {
    id: 'O02',
    input: 'a JSON patch that matches nothing',
    tree: files({
      'kustomization.yaml':
        'resources: [a.yaml]\npatches:\n- target: {name: b}\n  patch: \'[{"op":"remove","path":"/data"}]\'\n',
      'a.yaml': configMap(),
    }),
    rule: 'kustomize-patch-no-match',
    file: 'kustomization.yaml',
  },
  {
    id: 'O04',
    input: 'a JSON patch that removes what is missing',
    tree: files({
      'kustomization.yaml': 'resources: [a.yaml]\npatches:\n- target: {name: a}\n  path: p.yaml\n',
      'a.yaml': configMap(),
      'p.yaml': '- {op: add, path: /x, value: 1}\n- {op: remove, path: /data/y}\n',
    }),
    rule: 'kustomize-json-patch',
    says: /Operation 1.*\/data\/y|no \/data/,
    file: 'p.yaml',
  },
  {
    id: 'O04',
    input: 'a JSON patch that replaces what is missing',
    tree: files({
      'kustomization.yaml': 'resources: [a.yaml]\npatches:\n- target: {name: a}\n  path: p.yaml\n',
      'a.yaml': configMap(),
      'p.yaml': '- {op: replace, path: /y, value: 1}\n',
    }),
    rule: 'kustomize-json-patch-missing',
    says: /\/y/,
    file: 'p.yaml',
  },
  {
    id: 'O10',
    input: 'a file outside the folder',
    tree: files({ 'over/kustomization.yaml': 'resources: [../x.yaml]\n', 'x.yaml': configMap() }),
    dir: 'over',
    rule: 'kustomize-outside-root',
    file: 'over/kustomization.yaml',
  },
  {
    id: 'O11',
    input: 'a folder outside the repository',
    tree: files({ 'over/kustomization.yaml': 'resources: [../../outdir]\n' }),
    dir: 'over',
    rule: 'kustomize-outside-root',
    file: 'over/kustomization.yaml',
  },
  {
    id: 'O11',
    input: 'an absolute path',
    tree: files({ 'kustomization.yaml': 'resources: [/etc/passwd]\n' }),
    rule: 'kustomize-outside-root',
    file: 'kustomization.yaml',
  },
  {
    id: 'O13',
    input: 'a symbolic link to a file',
    tree: { ...files({ 'kustomization.yaml': 'resources: [a.yaml]\n' }), links: new Map([['a.yaml', '/etc/passwd']]) },
    rule: 'kustomize-symbolic-link',
    file: 'kustomization.yaml',
  },
  {
    id: 'O13',
    input: 'a symbolic link to a folder',
    tree: { ...files({ 'kustomization.yaml': 'resources: [base/x]\n' }), links: new Map([['base', '../outside']]) },
    rule: 'kustomize-symbolic-link',
    file: 'kustomization.yaml',
  },
  {
    id: 'O14',
    input: 'a cycle',
    tree: files({ 'a/kustomization.yaml': 'resources: [../b]\n', 'b/kustomization.yaml': 'resources: [../a]\n' }),
    dir: 'a',
    rule: 'kustomize-cycle',
    says: /a → b → a/,
    file: 'a/kustomization.yaml',
  },
  {
    id: 'O15',
    input: 'one base twice',
    tree: files({
      'kustomization.yaml': 'resources: [base, base]\n',
      'base/kustomization.yaml': 'resources: [a.yaml]\n',
      'base/a.yaml': configMap(),
    }),
    rule: 'kustomize-duplicate-id',
    says: /the other one/,
    file: 'base/a.yaml',
  },
  {
    id: 'O16',
    input: 'an exec function',
    tree: files({
      'kustomization.yaml': 'generators: [g.yaml]\n',
      'g.yaml': 'apiVersion: v1\nkind: G\nmetadata: {name: g, annotations: {config.kubernetes.io/function: x}}\n',
    }),
    rule: 'kustomize-plugin',
    file: 'g.yaml',
  },
  {
    id: 'O17',
    input: 'Helm charts',
    tree: files({ 'kustomization.yaml': 'helmCharts: [{name: x}]\n' }),
    rule: 'kustomize-helm',
    file: 'kustomization.yaml',
  },
  {
    id: 'O19',
    input: 'a plain secret',
    tree: files({ 'kustomization.yaml': 'secretGenerator:\n- name: s\n  literals: [password=hunter2]\n' }),
    rule: 'kustomize-plain-secret',
    file: 'kustomization.yaml',
  },
  ...[
    'configurations: [../x.yaml]',
    'transformers: [../x.yaml]',
    'validators: [../x.yaml]',
    'generators: [../x.yaml]',
    'replacements: [{path: ../x.yaml}]',
    'patches: [{path: ../x.yaml}]',
    'patchesStrategicMerge: [../x.yaml]',
    'configMapGenerator: [{name: a, files: [../x.yaml]}]',
    'configMapGenerator: [{name: a, envs: [../x.yaml]}]',
    'components: [../../c]',
  ].map(outside),
  {
    id: 'O20',
    input: 'crds',
    tree: files({ 'kustomization.yaml': 'crds: [../x.yaml]\n' }),
    rule: 'kustomize-outside-root',
    file: 'kustomization.yaml',
  },
  {
    id: 'O22',
    input: 'replicas of nothing',
    tree: files({
      'kustomization.yaml': 'resources: [a.yaml]\nreplicas: [{name: b, count: 1}]\n',
      'a.yaml': deployment(),
    }),
    rule: 'kustomize-replicas-no-target',
    file: 'kustomization.yaml',
  },
  {
    id: 'O23',
    input: 'a prefix that no name may have',
    tree: files({ 'kustomization.yaml': 'resources: [a.yaml]\nnamePrefix: UPPER_\n', 'a.yaml': configMap() }),
    rule: 'kustomize-illegal-name',
    says: /UPPER_a/,
    file: 'kustomization.yaml',
  },
  {
    id: 'O24',
    input: 'an unknown field',
    tree: files({ 'kustomization.yaml': 'resource: [a.yaml]\n' }),
    rule: 'kustomize-unknown-field',
    says: /resources/,
    file: 'kustomization.yaml',
  },
  {
    id: 'O26',
    input: 'two kustomizations',
    tree: files({ 'kustomization.yaml': 'resources: []\n', Kustomization: 'resources: []\n' }),
    rule: 'kustomize-several-kustomizations',
    says: /Kustomization/,
    file: 'kustomization.yaml',
  },
  {
    id: 'O26',
    input: 'no kustomization',
    tree: files({ 'base/kustomization.yaml': 'resources: [sub]\n', 'base/sub/a.yaml': configMap() }),
    dir: 'base',
    rule: 'kustomize-no-kustomization',
    file: 'base/kustomization.yaml',
  },
];

describe('bad inputs', () => {
  it.each(rows.map((row) => [`${row.id}: ${row.input}`, row] as const))(
    '%s',
    (_, { tree, dir = '', rule, says, file }) => {
      const problems: Problem[] = [];
      buildKustomization(tree, dir, (problem) => problems.push(problem));
      const found = problems.find(({ ruleId }) => ruleId === rule);
      expect(problems.map(({ ruleId }) => ruleId)).toContain(rule);
      expect(found?.at.file).toBe(file);
      if (says !== undefined) expect(JSON.stringify(found)).toMatch(says);
      expect(JSON.stringify(problems)).not.toContain('hunter2');
    },
  );

  it.each([
    [
      'aliases that grow',
      `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
        .split('')
        .map((name, i) => `${name}: &${name} [${Array.from({ length: 10 }, () => `*${'abcdefghij'[i]}`).join(',')}]`)
        .join('\n')}\n`,
    ],
    ['deep nesting', `a: ${'['.repeat(100_000)}\n`],
    ['a megabyte of a list', `apiVersion: v1\nkind: A\nmetadata: {name: a}\nx: [${'a,'.repeat(500_000)}a]\n`],
    [
      'many keys',
      `apiVersion: v1\nkind: A\nmetadata: {name: a}\nx:\n${Array.from({ length: 60_000 }, (_, i) => `  key${i}: v`).join('\n')}\n`,
    ],
    [
      'many objects',
      Array.from({ length: 15_000 }, (_, i) => `apiVersion: v1\nkind: A\nmetadata: {name: a${i}}\n`).join('---\n'),
    ],
  ])('%s are decided soon', (_, text) => {
    const tree = treeOf({
      'kustomization.yaml': 'resources: [a.yaml]\nnamePrefix: p-\nnamespace: n1\n',
      'a.yaml': text,
    });
    const started = process.cpuUsage().user;
    buildKustomization(tree, '', () => undefined);
    // Processor time, so that a busy machine does not matter; generous for slow ones.
    expect((process.cpuUsage().user - started) / 1e6).toBeLessThan(6);
  });

  it.each([['a large patch of a large list', 4000]])('%s is within the budget', (_, count) => {
    const env = (from: number) => Array.from({ length: count }, (_, i) => `{name: E${from + i}, value: x}`).join(', ');
    const object = (list: string) =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {template: {spec: {containers: [{name: c, env: [${list}]}]}}}\n`;
    const tree = treeOf({
      'kustomization.yaml': 'resources: [a.yaml]\npatches: [{path: p.yaml}]\n',
      'a.yaml': object(env(0)),
      'p.yaml': object(env(count / 2)),
    });
    const started = process.cpuUsage().user;
    const { ok } = buildKustomization(tree, '', () => undefined);
    expect(ok).toBe(true);
    expect((process.cpuUsage().user - started) / 1e6).toBeLessThan(6);
  });

  it('ends when its steps are spent', () => {
    const problems: Problem[] = [];
    const tree = treeOf({
      'kustomization.yaml': 'resources: [a.yaml]\n',
      'a.yaml': Array.from({ length: 50 }, (_, i) => configMap(`c${i}`)).join('---\n'),
    });
    const { ok } = buildKustomization(tree, '', (problem) => problems.push(problem), { maxSteps: 20 });
    expect(ok).toBe(false);
    expect(problems.map(({ ruleId }) => ruleId)).toEqual(['kustomize-budget']);
  });
});
