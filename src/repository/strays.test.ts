import { describe, expect, it } from 'vitest';
import { buildKustomization } from '../build/index.js';
import type { Problem } from '../diagnostics/diagnostic.js';
import { treeOf } from '../files/file-map.js';
import { readRepository } from './index.js';

const object = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';

function problemsOf(files: Readonly<Record<string, string>>, named: readonly string[] = []): readonly Problem[] {
  const problems: Problem[] = [];
  readRepository(
    { ...treeOf(files), named: new Set(named) },
    { build: buildKustomization, argocdVersion: '3.3.0', kubernetesVersion: '1.35' },
    (problem) => problems.push(problem),
  );
  return problems;
}
const places = (problems: readonly Problem[]) =>
  problems.map(({ ruleId, at }) => [ruleId, at.file, at.document, at.pointer]);

describe('documents among objects that are none', () => {
  it.each([
    ['kind: ConfigMap\nmetadata: {name: b}\n', 'schema-missing-required', ''],
    ['apiVersion: v1\nmetadata: {name: b}\n', 'schema-missing-required', ''],
    ['apiVersion: 1\nkind: ConfigMap\n', 'schema-missing-required', '/apiVersion'],
    ['- a\n', 'schema-wrong-type', ''],
    ['just text\n', 'schema-wrong-type', ''],
  ])('%j is refused as kubectl and Argo CD refuse it', (stray, rule, pointer) => {
    expect(places(problemsOf({ 'a.yaml': `${object}---\n${stray}` }))).toEqual([[rule, 'a.yaml', 1, pointer]]);
  });

  it('an item of a List is one too', () => {
    const list =
      'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Namespace, metadata: {name: a}}\n- {kind: A}\n';
    expect(places(problemsOf({ 'a.yaml': list }))).toEqual([['schema-missing-required', 'a.yaml', 0, '/items/1']]);
  });

  it('empty documents, and files without any object, are nothing', () => {
    expect(
      problemsOf({ 'a.yaml': `---\n${object}---\n# nothing\n---\n`, 'values.yaml': 'kind: x\nreplicas: 1\n' }),
    ).toEqual([]);
  });

  it('a file that somebody names is meant, wherever it lies and whatever it looks like', () => {
    expect(places(problemsOf({ 'values.yaml': 'kind: x\n' }, ['values.yaml']))).toEqual([
      ['schema-missing-required', 'values.yaml', 0, ''],
    ]);
    expect(problemsOf({ '.hidden/a.yaml': object }, ['.hidden/a.yaml'])).toEqual([]);
  });
});
