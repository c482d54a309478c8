import { describe, expect, test } from 'vitest';
import { buildKustomization as build } from '../build/index.js';
import type { Problem } from '../diagnostics/diagnostic.js';
import { treeOf } from '../files/file-map.js';
import { readRepository } from './index.js';

const service = (name: string, rest = '') =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec:\n  selector: {app: ${name}}\n${rest}`;

function read(tree: Readonly<Record<string, string>>, dirs?: readonly string[]) {
  const problems: Problem[] = [];
  const options = { argocdVersion: '3.1.0', kubernetesVersion: '1.34', build, ...(dirs === undefined ? {} : { dirs }) };
  const repository = readRepository(treeOf(tree), options, (problem) => problems.push(problem));
  return { repository, problems, names: repository.objects.map((each) => each.name).sort() };
}

describe('what is no manifest yet', () => {
  test.each([
    ['a name that says so', 'a/web.ftl.yaml', `${service('${prefix}web')}`],
    ['a directive of FreeMarker', 'a/web.yaml', `<#if config.ingress>\n${service('web')}</#if>\n`],
    ['a program', 'a/web.jsonnet', `{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } }\n`],
    ['an action on a line', 'a/web.yaml', `{{- if .Values.web }}\n${service('web')}{{- end }}\n`],
    ['a value that is an action', 'a/web.yaml', service('web', '  type: {{ .Values.type }}\n')],
    ['an item that is an action', 'a/web.yaml', service('web', '  externalIPs:\n    - {{ .address }}\n')],
    [
      'a kustomization of gomplate',
      'a/kustomization.yaml',
      'resources:\n  {{<- if .remote >}}\n  - b\n  {{<- end >}}\n',
    ],
    [
      'a patch that nothing applies here',
      'a/repo-server-patch.yaml',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: repo}\nspec: {template: {spec: {volumes: []}}}\n',
    ],
    ['data of Go tests', 'cmd/testdata/web.yaml', service('web')],
    ['fixtures of tests', 'lint/tests/fixtures/bad/web.yaml', service('web')],
  ])('%s is said and not judged', (_, path, text) => {
    const { repository, problems, names } = read({ [path]: text, 'b/c.yaml': service('other') });
    expect(names).toEqual(['other']);
    expect(problems).toEqual([]);
    expect(repository.unchecked.map((each) => each.file)).toEqual([path]);
  });

  test('actions in a block are data, and the object around them is judged', () => {
    const set =
      'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: set}\nspec:\n  templatePatch: |\n    {{- if .auto }}\n    spec: {}\n    {{- end }}\n';
    const secret =
      'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: es}\nspec:\n  target:\n    template:\n      data:\n        app.yaml: |\n          password: {{ .password }}\n';
    expect(read({ 'a/set.yaml': set, 'a/es.yaml': secret }).names).toEqual(['es', 'set']);
  });

  test('documents of Talos configure machines', () => {
    const watchdog = 'apiVersion: v1alpha1\nkind: WatchdogTimerConfig\ndevice: /dev/watchdog0\n';
    const { names, problems } = read({
      'talos/patch.yaml': `machine: {}\n---\n${watchdog}`,
      'a/b.yaml': service('web'),
    });
    expect(names).toEqual(['web']);
    expect(problems).toEqual([]);
  });
});

describe('entries that change nothing', () => {
  const component = (extra: string) => `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n${extra}`;
  const patch = 'patches:\n  - target: {kind: ConfigMap}\n    patch: |\n      - {op: add, path: /data/a, value: b}\n';
  const overlay = (file: string) => `resources: [${file}]\ncomponents: [../shared]\n`;
  const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {}\n';

  test('are none where another overlay that shares them has the object', () => {
    const tree = {
      'shared/kustomization.yaml': component(patch),
      'one/kustomization.yaml': overlay('s.yaml'),
      'one/s.yaml': service('web'),
      'two/kustomization.yaml': overlay('m.yaml'),
      'two/m.yaml': map,
    };
    expect(read(tree).problems).toEqual([]);
  });

  test('are said once where none of the overlays has it', () => {
    const tree = {
      'shared/kustomization.yaml': component(patch),
      'one/kustomization.yaml': overlay('s.yaml'),
      'one/s.yaml': service('web'),
      'two/kustomization.yaml': overlay('s.yaml'),
      'two/s.yaml': service('web'),
    };
    expect(read(tree).problems.map((each) => `${each.at.file} ${each.ruleId}`)).toEqual([
      'shared/kustomization.yaml kustomize-patch-no-match',
    ]);
  });
});

test('what only an external engine does is left out, and no fault', () => {
  const tree = {
    'a/kustomization.yaml': 'generators: [policy.yaml]\n',
    'a/policy.yaml': 'apiVersion: policy.open-cluster-management.io/v1\nkind: PolicyGenerator\nmetadata: {name: p}\n',
  };
  const { repository, problems } = read(tree);
  expect(problems).toEqual([]);
  expect(repository.unchecked.map((each) => each.what)).toEqual([
    'The plugin policy.open-cluster-management.io/v1 PolicyGenerator',
  ]);
});

test('test data that is asked for is judged, and fixtures that no test has are manifests', () => {
  const tree = { 'lint/tests/fixtures/a/web.yaml': service('web'), 'fixtures/b.yaml': service('b') };
  expect(read(tree, ['lint/tests/fixtures/a']).names).toEqual(['web']);
  expect(read(tree).names).toEqual(['b']);
});

test('a part of a workload beside whole objects is a patch; a workload that lacks one thing is judged', () => {
  const part = (rest: string) => `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n${rest}`;
  const env = '  template: {spec: {containers: [{name: web, args: [start]}]}}\n';
  const patch = read({ 'a/all.yaml': `${service('web')}---\n${part(env)}` });
  expect(patch.repository.objects.map((each) => each.kind)).toEqual(['Service']);
  expect(patch.repository.unchecked.map((each) => [each.what, each.file])).toEqual([['patch', 'a/all.yaml']]);
  const image = '  template: {spec: {containers: [{name: web, image: web:v1}]}}\n';
  for (const rest of [image, `  selector: {matchLabels: {app: web}}\n${env}`]) {
    expect(read({ 'a/all.yaml': part(rest) }).repository.objects.map((each) => each.kind)).toEqual(['Deployment']);
  }
});
