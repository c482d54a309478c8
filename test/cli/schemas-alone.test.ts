import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CommandContext } from '../../src/cli/command.js';
import { shippedPolicies } from '../../src/cli/policies.js';
import { schemasAlone } from '../../src/cli/schemas-alone.js';
import { ruleDocs } from '../../src/schema/index.js';
import { call } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'schemas-alone-'));
const manifests = resolve(import.meta.dirname, '../schema/manifests');

/** Every document of the fixtures as a file of its own, and what a file may be beside that. */
const files: readonly (readonly [name: string, text: string])[] = [
  ...readdirSync(manifests).flatMap((name) =>
    readFileSync(join(manifests, name), 'utf8')
      .split(/^---$/m)
      .map((text, i) => [`${name.replace('.yaml', '')}-${i}.yaml`, text] as const),
  ),
  [
    'two.yaml',
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: b}\n',
  ],
  ['.hidden/a.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n'],
  ['wrong.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: {nam: a}\n'],
  ['word.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  on: "1"\n'],
  ['twice.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nmetadata: {name: b}\n'],
  ['syntax.yaml', 'apiVersion: v1\nkind: [ConfigMap\n'],
  ['list.yaml', 'apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Namespace, metadata: {name: a}}]\n'],
  ['unknown.yaml', 'apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\n'],
  [
    'partial.yaml',
    'apiVersion: kueue.x-k8s.io/v1beta1\nkind: LocalQueue\nmetadata: {name: a}\nspec: {clusterQueue: b}\n',
  ],
  ['no-object.yaml', 'a: 1\n'],
  ['empty.yaml', ''],
  ['old.yaml', 'apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata: {name: a}\n'],
  ['anchor.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: &m {name: a}\n'],
  ['accepted.yaml', '# gitops-gen-ignore: api-name because\napiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n'],
  ['kustomization.yaml', 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n'],
];
mkdirSync(join(folder, '.hidden'));
for (const [name, text] of files) writeFileSync(join(folder, name), text);

const only = ['validate', '--only', 'schema', '--summary'];
/** A rule that has nothing to do with schemas is left out, which takes the full way. */
const full = [...only, '--skip', 'sync-wave'];

function contextOf(paths: readonly string[], options: Readonly<Record<string, unknown>>): CommandContext {
  const nothing = async () => {};
  return {
    io: { stdout: nothing, stderr: nothing },
    arguments: [paths],
    options: { only: ['schema'], format: 'text', ...options },
    global: { directory: folder, quiet: false, verbose: false, input: false, color: { stdout: false, stderr: false } },
  } as unknown as CommandContext;
}

describe('files against schemas and nothing else', () => {
  it.each(files.map(([name]) => name))('%s is said the same of as in full', async (name) => {
    const quick = await call([...only, name], { cwd: folder });
    const whole = await call([...full, name], { cwd: folder });
    expect(quick).toEqual(whole);
  });

  it('several files are one report', async () => {
    const names = ['two.yaml', 'workloads-1.yaml'];
    expect(await call([...only, ...names], { cwd: folder })).toEqual(await call([...full, ...names], { cwd: folder }));
  });

  it('most files that pass take the short way', async () => {
    const quick = await Promise.all(files.map(([name]) => schemasAlone(contextOf([name], {}))));
    expect(quick.filter((code) => code === 0).length).toBeGreaterThan(20);
    expect(new Set(quick)).toEqual(new Set([0, undefined]));
  });

  it.each([
    [['two.yaml'], { only: ['schema', 'argocd'] }],
    [['two.yaml'], { format: 'json' }],
    [['two.yaml'], { crd: ['crds'] }],
    [['two.yaml'], { kubernetesVersion: ['1.33', '1.34'] }],
    [['two.yaml'], { kubernetesVersion: ['1.10'] }],
    [['two.yaml', 'two.yaml'], {}],
    [['two.yaml', '-'], {}],
    [['.'], {}],
    [[], {}],
    [['wrong.yaml'], {}],
    [['partial.yaml'], {}],
    [['kustomization.yaml'], {}],
  ])('%j with %j goes the full way', async (paths, options) => {
    expect(await schemasAlone(contextOf(paths, options))).toBeUndefined();
  });

  it('no policy that ships is about schemas, so that leaving them out changes nothing', () => {
    const schemaRules = new Set(ruleDocs.map(({ id }) => id));
    expect(shippedPolicies().filter(({ id }) => schemaRules.has(id))).toEqual([]);
  });
});
