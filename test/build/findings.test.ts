import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type BuildResult, buildKustomization } from '../../src/build/index.js';
import { readingRules } from '../../src/check/reading.js';
import type { Problem } from '../../src/diagnostics/diagnostic.js';
import { treeOf } from '../../src/files/file-map.js';
import { rangeOf } from '../../src/yaml/range.js';
import { type Files, judge } from '../support/judge.js';
import { realKubectl } from '../support/real-kubectl.js';
import { deployment, service } from './case.js';

function build(files: Files, dir = ''): BuildResult & { problems: Problem[] } {
  const problems: Problem[] = [];
  return { ...buildKustomization(treeOf(files), dir, (problem) => problems.push(problem)), problems };
}

const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata: {a: b}\n';
const objects = `${deployment()}---\n${service()}---\n${configMap}`;
const withObjects = (kustomization: string, more: Files = {}): Files => ({
  'kustomization.yaml': `resources: [objects.yaml]\n${kustomization}`,
  'objects.yaml': objects,
  ...more,
});

/** What is found and does not end the build: the rule, the severity, and the text at the place. */
const findings: readonly (readonly [name: string, files: Files, rule: string, severity: string, text: RegExp])[] = [
  [
    'a JSON patch that matches nothing',
    withObjects(
      'patches:\n- target: {kind: Deployment, name: apo}\n  patch: \'[{"op": "remove", "path": "/spec"}]\'\n',
    ),
    'kustomize-patch-no-match',
    'warning',
    /target|kind: Deployment/,
  ],
  [
    'a key that is there twice',
    withObjects('namePrefix: x-\nnamePrefix: y-\n'),
    'kustomize-repeated-key',
    'warning',
    /^n/,
  ],
  [
    'a selector that matches nothing',
    withObjects(
      'patches:\n- target: {labelSelector: nope=1}\n  patch: |-\n    {apiVersion: v1, kind: X, metadata: {name: x}}\n',
    ),
    'kustomize-patch-no-match',
    'warning',
    /target|nope/,
  ],
  [
    'a name with dots that also hits another',
    {
      'kustomization.yaml':
        'resources: [o.yaml]\npatches:\n- target: {kind: Deployment, name: llama-3.1-8b}\n  patch: \'[{"op": "add", "path": "/spec/x", "value": 1}]\'\n',
      'o.yaml': `${deployment('llama-3.1-8b')}---\n${deployment('llama-3x1-8b')}`,
    },
    'kustomize-patch-overmatch',
    'warning',
    /llama-3\.1-8b/,
  ],
  [
    'an image that no container has',
    withObjects('images:\n- name: registry.example.com:5000/team/serve\n  newTag: v2\n'),
    'kustomize-image-no-match',
    'warning',
    /team\/serve$/,
  ],
  [
    'a replacement that selects nothing',
    withObjects(
      'replacements:\n- source: {kind: Service}\n  targets:\n  - select: {kind: Nope}\n    fieldPaths: [a]\n',
    ),
    'kustomize-replacement-no-match',
    'warning',
    /select|Nope/,
  ],
  [
    'a JSON patch that overwrites a map',
    withObjects('patches:\n- target: {kind: Deployment}\n  path: p.yaml\n', {
      'p.yaml': '- op: add\n  path: /metadata/labels\n  value: {new: "1"}\n',
    }),
    'kustomize-json-patch-overwrites-map',
    'warning',
    /op|add/,
  ],
  [
    'a JSON patch that replaces what is missing',
    withObjects('patches:\n- target: {kind: Deployment}\n  path: p.yaml\n', {
      'p.yaml': '- op: replace\n  path: /spec/paused\n  value: true\n',
    }),
    'kustomize-json-patch-missing',
    'warning',
    /op|replace/,
  ],
  ['a deprecated field', withObjects('commonLabels: {a: b}\n'), 'kustomize-deprecated-field', 'info', /commonLabels/],
  [
    'labels that make selectors equal',
    {
      'kustomization.yaml': 'resources: [o.yaml]\ncommonLabels: {app: x}\n',
      'o.yaml': `${deployment('one')}---\n${deployment('two')}`,
    },
    'kustomize-equal-selectors',
    'error',
    /commonLabels|app: x/,
  ],
  [
    'a prefix that makes an illegal name',
    withObjects('namePrefix: UPPER_\n'),
    'kustomize-illegal-name',
    'error',
    /UPPER_/,
  ],
];

describe('what upstream is silent about', () => {
  it.each(findings)('%s', (_, files, rule, severity, text) => {
    const { ok, problems } = build(files);
    expect(ok).toBe(true);
    const found = problems.filter(({ ruleId }) => ruleId === rule);
    expect(found.map((problem) => problem.severity)).toContain(severity);
    const { at } = found[0] as Problem;
    const content = files[at.file] as string;
    const { start, end } = rangeOf(content, at);
    expect(content.slice(start.offset, end.offset)).toMatch(text);
  });

  it('is silent too where nothing is wrong', () => {
    const files = withObjects(
      'labels:\n- pairs: {team: x}\n  includeSelectors: true\nimages:\n- name: registry.example.com:5000/team/server\n  newTag: v2\npatches:\n- target: {kind: Deployment, name: app}\n  patch: \'[{"op": "add", "path": "/metadata/labels/x", "value": "1"}]\'\n',
    );
    expect(build(files).problems).toEqual([]);
  });

  it('suggests the name that was meant', () => {
    const { problems } = build(findings[0]?.[1] as Files);
    expect(problems[0]?.hint).toBe('Did you mean "app"?');
  });

  it.each([
    ['namespace: prod', '', 'app has no namespace, which counts as default, when patches are applied'],
    ['namespace: prod', 'qa', 'app is in namespace qa when patches are applied'],
    ['group: extensions', '', 'Its group is apps.'],
    ['version: v1beta1', '', 'Its version is v1.'],
  ])('says why %s misses the object of that name', (part, namespace, hint) => {
    const { problems } = build({
      'kustomization.yaml': `namespace: prod\nresources: [o.yaml]\npatches:\n- target: {kind: Deployment, name: app, ${part}}\n  patch: '[{"op": "remove", "path": "/spec/replicas"}]'\n`,
      'o.yaml': `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app${namespace === '' ? '' : `, namespace: ${namespace}`}}\nspec: {replicas: 1}\n`,
    });
    expect(problems.map(({ ruleId }) => ruleId)).toEqual(['kustomize-patch-no-match']);
    expect(problems[0]?.hint).toContain(hint);
  });

  it('suggests no variable as the image that was meant', () => {
    const { problems } = build({
      'kustomization.yaml': 'resources: [o.yaml]\nimages:\n- {name: trino, newTag: v2}\n',
      'o.yaml': deployment().replace(/image: .*/, 'image: $(trino_image)'),
    });
    expect(problems[0]?.ruleId).toBe('kustomize-image-no-match');
    expect(problems[0]?.hint).toBeUndefined();
  });

  it('says what a shared base has to say in every build, also from the cache', () => {
    const files = {
      'base/kustomization.yaml': 'resources: [o.yaml]\ncommonLabels: {a: b}\n',
      'base/o.yaml': configMap,
      'a/kustomization.yaml': 'resources: [../base]\n',
      'b/kustomization.yaml': 'resources: [../base]\nnamePrefix: p-\n',
    };
    const tree = treeOf(files);
    const rules = ['a', 'b', 'a'].map((dir) => {
      const seen: string[] = [];
      buildKustomization(tree, dir, ({ ruleId, at }) => seen.push(`${ruleId} ${at.file}`));
      return seen;
    });
    expect(rules).toEqual([
      ['kustomize-deprecated-field base/kustomization.yaml'],
      ['kustomize-deprecated-field base/kustomization.yaml'],
      ['kustomize-deprecated-field base/kustomization.yaml'],
    ]);
  });
});

/** Features that need a process or the network: no build, and a word on the engine that could. */
const refused: readonly (readonly [name: string, files: Files, rule: string])[] = [
  ['a remote resource', { 'kustomization.yaml': 'resources: [https://example.com/a.yaml]\n' }, 'kustomize-remote'],
  ['a remote base', { 'kustomization.yaml': 'resources: ["github.com/org/repo//base?ref=v1"]\n' }, 'kustomize-remote'],
  [
    'a remote base over SSH',
    { 'kustomization.yaml': 'resources: ["git@github.com:org/repo.git//base"]\n' },
    'kustomize-remote',
  ],
  [
    'a remote component',
    { 'kustomization.yaml': 'components: ["https://github.com/org/repo//c?ref=v1"]\n' },
    'kustomize-remote',
  ],
  ['Helm charts', { 'kustomization.yaml': 'helmCharts:\n- {name: a, repo: https://example.com}\n' }, 'kustomize-helm'],
  ['Helm settings', { 'kustomization.yaml': 'helmGlobals: {configHome: /tmp}\n' }, 'kustomize-helm'],
  [
    'an exec function',
    {
      'kustomization.yaml': 'transformers: [t.yaml]\n',
      't.yaml':
        'apiVersion: x/v1\nkind: F\nmetadata:\n  name: f\n  annotations: {config.kubernetes.io/function: "exec: {path: ./x.sh}"}\n',
    },
    'kustomize-plugin',
  ],
  [
    'an external generator',
    { 'kustomization.yaml': 'generators: [g.yaml]\n', 'g.yaml': 'apiVersion: x/v1\nkind: G\nmetadata: {name: g}\n' },
    'kustomize-plugin',
  ],
  ...(
    [
      ['patch', 'patches: [{path: https://example.com/p.yaml}]'],
      ['strategic merge patch', 'patchesStrategicMerge: [https://example.com/p.yaml]'],
      ['file of a generator', 'configMapGenerator: [{name: a, files: [a=https://example.com/a.txt]}]'],
      ['file of variables', 'secretGenerator: [{name: a, envs: [http://example.com/a.env]}]'],
      ['configuration', 'configurations: [https://example.com/c.yaml]'],
      ['replacement', 'replacements: [{path: https://example.com/r.yaml}]'],
    ] as const
  ).map(
    ([what, line]) =>
      [
        `a remote ${what}`,
        { 'kustomization.yaml': `resources: [a.yaml]\n${line}\n`, 'a.yaml': configMap },
        'kustomize-remote',
      ] as const,
  ),
  ['remote crds', { 'kustomization.yaml': 'crds: [https://example.com/c.yaml]\n' }, 'kustomize-remote'],
  [
    'a remote description',
    { 'kustomization.yaml': 'openapi: {path: https://example.com/c.json}\n' },
    'kustomize-remote',
  ],
];

describe('what only an external engine could do', () => {
  it.each(refused)('%s', (_, files, rule) => {
    const { ok, problems, undecided, resources } = build(files);
    expect({ ok, resources }).toEqual({ ok: false, resources: [] });
    expect(undecided).toHaveLength(1);
    // What helps: an engine that fetches, or programs that nobody runs for us.
    const remedy =
      rule === 'kustomize-remote' ? /^An external engine fetches it/ : /^No engine runs .* by your own hand\.$/;
    const problem = problems.find(({ ruleId }) => ruleId === rule);
    expect(problem).toMatchObject({ severity: 'error', hint: expect.stringContaining('--engine') as unknown });
    expect(problem?.hint).toMatch(remedy);
    expect(problem?.at.file).not.toBe('');
  });
});

const other = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\n';
const prefixed = (name: string): Files => ({
  [`${name}/kustomization.yaml`]: `resources: [c.yaml]\nnamePrefix: ${name}-\n`,
  [`${name}/c.yaml`]: configMap,
});

/** What Kustomize refuses too: the finding says that another engine is no way out, and the real one is asked whether that holds. */
const refusedByAll: readonly (readonly [name: string, files: Files, rule: string, dir?: string])[] = [
  ['a folder that includes itself', { 'kustomization.yaml': 'resources: [.]\n' }, 'kustomize-cycle'],
  [
    'folders that include each other',
    { 'a/kustomization.yaml': 'resources: [../b]\n', 'b/kustomization.yaml': 'resources: [../a]\n' },
    'kustomize-cycle',
    'a',
  ],
  [
    'an object that is there twice',
    { 'kustomization.yaml': 'resources: [a.yaml, b.yaml]\n', 'a.yaml': configMap, 'b.yaml': configMap },
    'kustomize-duplicate-id',
  ],
  [
    'a namespace that makes two objects the same',
    {
      'kustomization.yaml': 'resources: [a.yaml]\nnamespace: here\n',
      'a.yaml': `${configMap}---\n${configMap.replace('name: conf', 'name: conf, namespace: there')}`,
    },
    'kustomize-duplicate-id',
  ],
  [
    'a patch that makes two objects the same',
    {
      'kustomization.yaml':
        'resources: [a.yaml]\npatches:\n- target: {kind: ConfigMap}\n  patch: \'[{"op": "replace", "path": "/metadata/name", "value": "x"}]\'\n',
      'a.yaml': `${configMap}---\n${other}`,
    },
    'kustomize-duplicate-id',
  ],
  [
    'a generator of what is there',
    {
      'kustomization.yaml': 'resources: [a.yaml]\nconfigMapGenerator:\n- {name: conf, literals: [a=b]}\n',
      'a.yaml': configMap,
    },
    'kustomize-duplicate-id',
  ],
  [
    'a reference that could mean several objects',
    {
      'kustomization.yaml': 'resources: [a, b, pod.yaml]\nnamePrefix: p-\n',
      'pod.yaml':
        'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {volumes: [{name: v, configMap: {name: conf}}]}\n',
      ...prefixed('a'),
      ...prefixed('b'),
    },
    'kustomize-ambiguous-reference',
  ],
  [
    'a file beside the kustomization',
    { 'over/kustomization.yaml': 'resources: [../a.yaml]\n', 'a.yaml': configMap },
    'kustomize-outside-root',
    'over',
  ],
  ['a file at an absolute path', { 'kustomization.yaml': 'resources: [/etc/hostname]\n' }, 'kustomize-outside-root'],
  ['a folder at an absolute path', { 'kustomization.yaml': 'resources: [/etc]\n' }, 'kustomize-outside-root'],
  [
    'a file above the repository',
    { 'kustomization.yaml': 'configMapGenerator: [{name: a, files: [../../../../../../etc/hostname]}]\n' },
    'kustomize-outside-root',
  ],
];

describe('what no engine would build', () => {
  it.each(refusedByAll.map((row) => [row[0], row] as const))('%s', (_, [, files, rule, dir = '']) => {
    const { ok, problems, undecided } = build(files, dir);
    expect({ ok, undecided }).toEqual({ ok: false, undecided: [] });
    expect(problems.find(({ ruleId }) => ruleId === rule)?.hint).toMatch(/Kustomize itself refuses.*engine/);
    if (realKubectl().skip === undefined) expect(judge(files, dir).ok).toBe(false);
  });
});

describe('the rules of the build', () => {
  it('all have their sentence in the list of rules', () => {
    const folder = fileURLToPath(new URL('../../src/build/', import.meta.url));
    const texts = readdirSync(folder)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8'));
    const used = new Set(texts.flatMap((text) => [...text.matchAll(/'(kustomize-[a-z0-9-]+)'/g)].map(([, id]) => id)));
    expect(used.size).toBeGreaterThan(40);
    const known = new Set(readingRules.map(({ id }) => id));
    expect([...used].filter((id) => !known.has(id as string))).toEqual([]);
  });
});

it('says where a key stands first that stands twice in a manifest, as everywhere else', () => {
  const { ok, problems } = build({
    'kustomization.yaml': 'resources: [a.yaml]\n',
    'a.yaml': `${configMap}---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\n  annotations: {a: "1"}\n  annotations: {b: "2"}\n`,
  });
  expect(ok).toBe(false);
  expect(problems).toEqual([
    expect.objectContaining({
      ruleId: 'yaml-duplicate-key',
      message: 'The key "annotations" stands twice in this mapping.',
      related: [expect.objectContaining({ message: 'It stands here first.' })],
    }),
  ]);
});

it('a placeholder of a template without quotes is said as such, and not as the map that YAML reads', () => {
  const { problems, ok } = build({
    'kustomization.yaml': 'resources: [a.yaml]\n',
    'a.yaml': configMap.replace('name: conf', 'name: {{ .Values.name }}'),
  });
  expect(ok).toBe(false);
  expect(problems).toEqual([
    expect.objectContaining({
      ruleId: 'yaml-template',
      message: expect.stringMatching(/^{{ .Values.name }} is a placeholder of a template. Without quotes/),
    }),
  ]);
});
