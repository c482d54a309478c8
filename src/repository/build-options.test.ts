import { describe, expect, test } from 'vitest';
import { buildKustomization } from '../build/index.js';
import type { JsonObject, Problem } from '../diagnostics/diagnostic.js';
import { treeOf } from '../files/file-map.js';
import { type Repository, readRepository } from './index.js';
import { kubeObject } from './kube-object.js';
import { editKustomization, kustomizeOptions, refusedEdits } from './kustomize-options.js';
import { settingsOf } from './settings.js';

function read(
  files: Record<string, string>,
  argocdVersion = '3.3',
): { repository: Repository; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const repository = readRepository(
    treeOf(files),
    { argocdVersion, kubernetesVersion: '1.34', build: buildKustomization },
    (problem) => problems.push(problem),
  );
  return { repository, problems };
}

const map = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;
const application = (name: string, source: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}, namespace: argocd}
spec:
  project: models
  source: {repoURL: https://github.com/acme/fleet, ${source}}
  destination: {server: https://kubernetes.default.svc, namespace: serving}
`;
const settings = (data: Record<string, string>) => ({
  'cm/cm.yaml': `${map('argocd-cm')}data: ${JSON.stringify(data)}\n`,
});
const none = '--load-restrictor LoadRestrictionsNone';
const rules = (problems: readonly Problem[]) => problems.map((each) => each.ruleId);
const deployedBy = (repository: Repository, name: string) =>
  repository.applications.find((each) => each.name === name)?.deployed.map((each) => each.object.name);

describe('kustomize.buildOptions of argocd-cm', () => {
  const files = {
    'apps/a.yaml': application('a', 'path: k'),
    'apps/b.yaml': application('b', 'path: k, kustomize: {version: v5.4.0}'),
    'k/kustomization.yaml': 'resources: [../shared/c.yaml]',
    'shared/c.yaml': map('c'),
  };

  test('a file beside the kustomization is refused without them', () => {
    expect(rules(read(files).problems)).toContain('kustomize-outside-root');
    const { problems } = read({ ...files, ...settings({ 'kustomize.buildOptions': '--enable-helm' }) });
    expect(rules(problems)).toContain('kustomize-outside-root');
  });

  test.each([`${none} --enable-helm`, '--load-restrictor=LoadRestrictionsNone', '--load_restrictor none'])(
    '%s: it is read, and the Applications are whole',
    (options) => {
      const { repository, problems } = read({ ...files, ...settings({ 'kustomize.buildOptions': options }) });
      expect(problems).toEqual([]);
      expect(deployedBy(repository, 'a')).toEqual(['c']);
      expect(repository.applications.map((each) => each.complete)).toEqual([true, true]);
    },
  );

  test('options of one version hold for the Applications that ask for it, until Argo CD 3.2', () => {
    const all = { ...files, ...settings({ 'kustomize.buildOptions.v5.4.0': none, 'kustomize.path.v5.4.0': '/k' }) };
    const before = read(all, '3.1').repository;
    expect([deployedBy(before, 'a'), deployedBy(before, 'b')]).toEqual([[], ['c']]);
    const now = read(all, '3.2').repository;
    expect([deployedBy(now, 'a'), deployedBy(now, 'b')]).toEqual([[], []]);
    expect(now.argocd.kustomize.unusedKeys.map((each) => each.version)).toEqual(['v5.4.0']);
  });

  test('before 3.2 an Application that asks for a version does not get the options of the default one', () => {
    const { repository } = read({ ...files, ...settings({ 'kustomize.buildOptions': none }) }, '3.0');
    expect([deployedBy(repository, 'a'), deployedBy(repository, 'b')]).toEqual([['c'], []]);
  });

  test('the label of Kustomize is among the labels', () => {
    const { repository } = read({
      ...settings({ 'kustomize.buildOptions': '--enable-managedby-label' }),
      'k/kustomization.yaml': 'resources: [c.yaml]',
      'k/c.yaml': map('c'),
    });
    const [object] = repository.objects.filter((each) => each.name === 'c');
    expect(JSON.stringify(object?.value)).toMatch(/"app.kubernetes.io\/managed-by":"kustomize-v5/);
  });

  test('what leaves the repository stays a fault', () => {
    const { problems } = read({
      ...settings({ 'kustomize.buildOptions': none }),
      'k/kustomization.yaml': 'resources: [../../c.yaml]',
    });
    expect(rules(problems)).toEqual(['kustomize-outside-root']);
  });

  test('an option whose effect is not known is said', () => {
    const { repository } = read(settings({ 'kustomize.buildOptions': '--shiny new' }));
    expect(repository.unchecked.map((each) => each.reason)).toEqual(['the effect of --shiny is not known here']);
  });
});

describe('where argocd-cm comes from', () => {
  const lua = 'return {}';
  const object = (value: object) =>
    kubeObject({
      value: value as never,
      origin: { file: 'a.yaml', via: 'resource' },
      changedBy: [],
      sourceOf: (pointer) => ({ file: 'a.yaml', pointer, via: 'resource' }),
    });
  const health = 'resource.customizations.health.argoproj.io_Application';
  const rows = [
    ['the ConfigMap', { apiVersion: 'v1', kind: 'ConfigMap', data: { [health]: lua } }, `/data/${health}`],
    [
      'both of its forms',
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        data: { 'resource.customizations': `argoproj.io/Application:\n  health.lua: ${lua}\n` },
      },
      '/data/resource.customizations',
    ],
    [
      "the operator's resource",
      {
        apiVersion: 'argoproj.io/v1beta1',
        kind: 'ArgoCD',
        spec: { resourceHealthChecks: [{ group: 'argoproj.io', kind: 'Application', check: lua }] },
      },
      '/spec/resourceHealthChecks/0/check',
    ],
    [
      'its further keys',
      { apiVersion: 'argoproj.io/v1beta1', kind: 'ArgoCD', spec: { extraConfig: { [health]: lua } } },
      `/spec/extraConfig/${health}`,
    ],
    [
      'values of the chart',
      {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        spec: { source: { chart: 'argo-cd', helm: { valuesObject: { configs: { cm: { [health]: lua } } } } } },
      },
      '/spec/source/helm/valuesObject',
    ],
    [
      'values of the chart in a text',
      {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        spec: { sources: [{ chart: 'argo-cd', helm: { values: `server:\n  config:\n    ${health}: ${lua}\n` } }] },
      },
      '/spec/sources/0/helm/values',
    ],
  ] as const;
  test.each(rows)('%s', (_, value, pointer) => {
    const found = settingsOf([object({ ...value, metadata: { name: 'argocd-cm' } })], '3.3').applicationHealth;
    expect([found?.lua, found?.pointer]).toEqual([lua, pointer]);
  });

  test('values of a chart do not say that the rest is not set', () => {
    const [, , , , chart, , whole] = [...rows.map(([, value]) => value), rows[0][1]];
    const named = (value: object) => object({ ...value, metadata: { name: 'argocd-cm' } });
    expect(settingsOf([named(chart as object)], '3.3').configMaps).toEqual([]);
    expect(settingsOf([named(whole as object)], '3.3').configMaps).toHaveLength(1);
  });
});

describe('what kustomize edit makes of a kustomization', () => {
  const revision = 'abcdef0123456789abcdef0123456789abcdef01';
  const edited = (source: JsonObject, text = 'resources: [a.yaml]\n', more: Record<string, string> = {}) => {
    const value = { repoURL: 'https://github.com/acme/fleet', path: 'k', targetRevision: 'main', kustomize: source };
    const app = { metadata: { name: 'app' }, spec: { project: 'models', destination: { namespace: 'serving' } } };
    const options = kustomizeOptions(app, value, revision);
    if (options === undefined) return undefined;
    return editKustomization(treeOf({ 'k/kustomization.yaml': text, ...more }), 'k/kustomization.yaml', options);
  };
  test.each([
    ['the build environment in labels', { commonLabels: { rev: '$ARGOCD_APP_REVISION_SHORT' } }, 'rev: abcdef0'],
    ['and in images', { images: ['app:${ARGOCD_APP_REVISION_SHORT_8}'] }, 'newTag: abcdef01'],
    [
      'in annotations where it is asked for',
      { commonAnnotations: { a: '$ARGOCD_APP_SOURCE_TARGET_REVISION' }, commonAnnotationsEnvsubst: true },
      'a: main',
    ],
    ['and not elsewhere', { commonAnnotations: { a: '$ARGOCD_APP_NAME' } }, 'a: $ARGOCD_APP_NAME'],
    ['two dollars are one', { commonLabels: { a: 'x$$y' } }, 'a: x$y'],
    ['an unknown variable is empty', { images: ['app:v1$NOBODY'] }, 'newTag: v1'],
    ['the namespace of the destination', { commonLabels: { ns: '$ARGOCD_APP_NAMESPACE' } }, 'ns: serving'],
    ['components are added once', { components: ['../c', '../d'] }, 'components:\n  - ../c\n  - ../d\n'],
  ])('%s', (_, source, expected) => {
    expect(edited(source, 'resources: [a.yaml]\ncomponents: [../c]\n')).toContain(expected);
  });

  test('components that are not there can be passed over', () => {
    const source = { components: ['../c', '../gone'], ignoreMissingComponents: true };
    expect(edited(source, 'resources: [a.yaml]\n', { 'c/kustomization.yaml': 'kind: Component\n' })).not.toContain(
      'gone',
    );
  });

  test('labels without selectors join those that are like them', () => {
    const text = 'labels:\n- pairs: {a: b}\n- pairs: {c: d}\n  includeSelectors: true\n';
    expect(edited({ commonLabels: { x: 'y' }, labelWithoutSelector: true }, text)).toMatch(/a: b\n\s+x: "?y"?\n/);
  });

  test('what is there already is refused without force', () => {
    const text = 'commonLabels: {a: b}\ncommonAnnotations: {c/d: e}\n';
    const refused = (fields: object) =>
      refusedEdits(treeOf({ 'k/kustomization.yaml': text }), 'k/kustomization.yaml', fields as never).map(
        (each) => each.pointer,
      );
    expect(refused({ commonLabels: { a: 'x' }, commonAnnotations: { 'c/d': 'x', f: 'g' } })).toEqual([
      '/commonLabels/a',
      '/commonAnnotations/c~1d',
    ]);
    expect(
      refused({
        commonLabels: { a: 'x' },
        forceCommonLabels: true,
        commonAnnotations: { 'c/d': 'x' },
        forceCommonAnnotations: true,
      }),
    ).toEqual([]);
    expect(refused({ commonLabels: { a: 'x' }, labelWithoutSelector: true })).toEqual([]);
    expect(refused({ commonLabels: { z: 'x' }, labelIncludeTemplates: true })).toEqual(['/labelIncludeTemplates']);
  });
});
