import { describe, expect, it } from 'vitest';
import { buildKustomization } from '../../src/build/index.js';
import { treeOf } from '../../src/files/file-map.js';
import type { Files } from '../support/judge.js';

const many = (count: number, of: (i: number) => string, between = ''): string =>
  Array.from({ length: count }, (_, i) => of(i)).join(between);
const configMap = (name: string, data = 'a: b') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {${data}}\n`;
const pod = (name: string, image: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{name: a, image: ${image}}]}\n`;
const maps = (count: number) => many(count, (i) => configMap(`p${i}`), '---\n');
const withObjects = (objects: string, kustomization: string, more: Files = {}): Files => ({
  'kustomization.yaml': `resources: [o.yaml]\n${kustomization}`,
  'o.yaml': objects,
  ...more,
});
const ports = (from: number) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: a\n    ports:\n${many(15_000, (i) => `    - {containerPort: ${from + i}}\n`)}`;
const replace = (targets: string) => `replacements:\n- sourceValue: a\n  targets:\n${targets}`;
const grow = (count: number, entry: (i: number) => string) => `replacements:\n${many(count, entry)}`;
const own = 'kind: ConfigMap, name: p';

/** Repositories of a megabyte at most that ask for more work or memory than there is: each is refused, soon. */
const hungry: readonly (readonly [name: string, files: Files])[] = [
  [
    'images',
    withObjects(
      many(8000, (i) => pod(`p${i}`, 'x'), '---\n'),
      `images:\n${many(12_000, (i) => `- {name: y${i}, newTag: a}\n`)}`,
    ),
  ],
  ['labels', withObjects(maps(5000), `labels:\n${many(12_000, (i) => `- pairs: {y${i}: a}\n`)}`)],
  ['pairs of labels', withObjects(maps(5000), `labels:\n- pairs:\n${many(20_000, (i) => `    y${i}: a\n`)}`)],
  ['annotations', withObjects(maps(5000), `commonAnnotations:\n${many(40_000, (i) => `  y${i}: a\n`)}`)],
  [
    'replicas',
    withObjects(
      `${maps(6000)}---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: p}\n`,
      `replicas:\n${many(20_000, () => '- {name: p, count: 1}\n')}`,
    ),
  ],
  [
    'generators that merge',
    {
      'kustomization.yaml': `configMapGenerator:\n- {name: p}\n${many(20_000, (i) => `- {name: p, behavior: merge, literals: [a${i}=b]}\n`)}`,
    },
  ],
  [
    'targets of replacements',
    withObjects(maps(5000), replace(many(10_000, () => '  - {select: {kind: ConfigMap}, fieldPaths: [data.a]}\n'))),
  ],
  [
    'paths of replacements',
    withObjects(
      maps(5000),
      replace(`  - select: {kind: ConfigMap}\n    fieldPaths:\n${many(40_000, () => '    - data.a\n')}`),
    ),
  ],
  [
    'replacements that double a text',
    withObjects(
      configMap('p', 'a: x-y'),
      grow(
        40,
        () =>
          `- {source: {${own}, fieldPath: data.a}, targets: [{select: {${own}}, fieldPaths: [data.a], options: {delimiter: "-", index: 99999}}]}\n`,
      ),
    ),
  ],
  [
    'replacements that double a map',
    withObjects(
      configMap('p'),
      grow(
        40,
        (i) =>
          `- {source: {${own}, fieldPath: data}, targets: [{select: {${own}}, fieldPaths: [data.x${i}], options: {create: true}}]}\n`,
      ),
    ),
  ],
  [
    'operations that double a map',
    withObjects(
      configMap('p'),
      `patches:\n- target: {kind: ConfigMap}\n  patch: |-\n${many(40, (i) => `    - {op: copy, from: /data, path: /data/x${i}}\n`)}`,
    ),
  ],
  [
    'variables that stand for much',
    withObjects(
      `${configMap('p', `a: ${'x'.repeat(30_000)}`)}---\napiVersion: v1\nkind: Pod\nmetadata: {name: q}\nspec: {containers: [{name: a, image: x, args: ["${'$(V)'.repeat(100_000)}"]}]}\n`,
      'vars:\n- {name: V, objref: {kind: ConfigMap, apiVersion: v1, name: p}, fieldref: {fieldPath: data.a}}\n',
    ),
  ],
  ['lists with two merge keys', withObjects(ports(0), 'patches: [{path: p.yaml}]\n', { 'p.yaml': ports(20_000) })],
  [
    'folders in folders',
    {
      'kustomization.yaml': 'resources: [f0]\n',
      ...Object.fromEntries(
        Array.from({ length: 2000 }, (_, i) => [
          `f${i}/kustomization.yaml`,
          `resources: [${i < 1999 ? `../f${i + 1}` : 'o.yaml'}]\n`,
        ]),
      ),
      'f1999/o.yaml': configMap('a'),
    },
  ],
  [
    'a long label selector',
    withObjects(
      maps(5000),
      `patches:\n- target: {labelSelector: "${many(60_000, (i) => `a${i}=b`, ',')}"}\n  path: p.yaml\n`,
      { 'p.yaml': '- {op: test, path: /a}\n' },
    ),
  ],
];

describe('a build has a budget', () => {
  it.each(hungry)('%s', (_, files) => {
    const rules = new Set<string>();
    const { ok } = buildKustomization(treeOf(files), '', ({ ruleId }) => rules.add(ruleId));
    expect(ok).toBe(false);
    expect([...rules]).toContain('kustomize-budget');
  });

  it('is wide enough for a thousand overlays in one, and for large lists', () => {
    const env = (name: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: a\n    env:\n${many(15_000, (i) => `    - {name: ${name}${i}, value: b}\n`)}`;
    const lists = withObjects(env('a'), 'patches: [{path: p.yaml}]\n', { 'p.yaml': env('b') });
    const overlays: Record<string, string> = {
      'base/kustomization.yaml': 'resources: [o.yaml]\n',
      'base/o.yaml': maps(10),
    };
    for (let i = 0; i < 1000; i += 1)
      overlays[`o${i}/kustomization.yaml`] =
        `resources: [../base]\nnamePrefix: a${i}-\nlabels: [{pairs: {a: b, c: d}}]\npatches:\n- target: {name: ".*-p|p[0-4]"}\n  patch: '[{"op": "add", "path": "/data/x", "value": "y"}]'\n`;
    overlays['kustomization.yaml'] = `resources:\n${many(1000, (i) => `- o${i}\n`)}`;
    for (const files of [lists, overlays]) {
      const problems: string[] = [];
      expect(buildKustomization(treeOf(files), '', ({ message }) => problems.push(message)).ok, problems[0] ?? '').toBe(
        true,
      );
    }
  });
});
