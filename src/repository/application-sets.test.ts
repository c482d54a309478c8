import { describe, expect, test } from 'vitest';
import { buildKustomization } from '../build/index.js';
import { treeOf } from '../files/file-map.js';
import { readRepository } from './index.js';

function expand(generators: string, template: string, extra = '', files: Record<string, string> = {}) {
  const set = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: models, namespace: argocd}
spec:
${extra}  generators:
${generators}
  template:
    metadata: {name: '${template}'}
    spec:
      source: {repoURL: https://github.com/acme/fleet, path: m}
      destination: {server: https://kubernetes.default.svc, namespace: x}
`;
  const repository = readRepository(
    treeOf({
      'set.yaml': set,
      'apps/one/config.yaml': 'name: one\ntier: {level: gold}\nzones: [a, b]',
      'apps/two/config.yaml': 'name: two\ntier: {level: silver}\nzones: [c]',
      'apps/skip/config.yaml': 'name: skip',
      'm/c.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n',
      'clusters.yaml': ['west', 'east']
        .map(
          (name) =>
            `apiVersion: v1\nkind: Secret\nmetadata: {name: ${name}, labels: {argocd.argoproj.io/secret-type: cluster, region: ${name}}}\nstringData: {name: ${name}, server: "https://${name}.example"}\n`,
        )
        .join('---\n'),
      ...files,
    }),
    { argocdVersion: '3.3', kubernetesVersion: '1.34', build: buildKustomization },
    () => {},
  );
  return {
    names: repository.applications.map((each) => each.name),
    unchecked: repository.unchecked.map((each) => each.reason),
    repository,
  };
}

const go = '  goTemplate: true\n';
const git = (body: string) => `    - git: {repoURL: https://github.com/acme/fleet, revision: HEAD, ${body}}`;
const directories = git('directories: [{path: apps/*}, {path: apps/skip, exclude: true}]');

describe('generators that need no network', () => {
  test.each<[string, string, string, string, string[]]>([
    ['list', '    - list: {elements: [{name: a, n: 1}, {name: b, n: 2}]}', '{{name}}-{{n}}', '', ['a-1', 'b-2']],
    [
      'list with go templates',
      '    - list: {elements: [{name: A, deep: {x: y}}]}',
      '{{ .name | lower }}-{{ .deep.x }}',
      go,
      ['a-y'],
    ],
    ['git directories', directories, '{{path.basename}}-{{path[0]}}', '', ['one-apps', 'two-apps']],
    [
      'git directories with go templates',
      directories,
      '{{ .path.basename }}-{{ index .path.segments 0 }}',
      go,
      ['one-apps', 'two-apps'],
    ],
    [
      'git files',
      git('files: [{path: "apps/**/config.yaml"}]'),
      '{{name}}-{{tier.level}}',
      '',
      ['one-gold', 'skip-{{tier.level}}', 'two-silver'],
    ],
    [
      'git files with go templates',
      git('files: [{path: apps/*/config.yaml}]'),
      '{{ .name }}-{{ .tier.level | default "none" }}',
      go,
      ['one-gold', 'skip-none', 'two-silver'],
    ],
    [
      'clusters',
      '    - clusters: {selector: {matchLabels: {region: west}}, values: {short: "{{name}}x"}}',
      '{{name}}-{{values.short}}-{{metadata.labels.region}}',
      '',
      ['west-westx-west'],
    ],
    ['all clusters', '    - clusters: {}', '{{ .nameNormalized }}', go, ['west', 'east']],
    [
      'matrix',
      `    - matrix:\n        generators:\n          - clusters: {}\n          - list: {elements: [{m: a}, {m: b}]}`,
      '{{ .name }}-{{ .m }}',
      go,
      ['west-a', 'west-b', 'east-a', 'east-b'],
    ],
    [
      'matrix whose second child uses the first',
      `    - matrix:\n        generators:\n          - list: {elements: [{dir: one}]}\n      ${git('files: [{path: "apps/{{ .dir }}/config.yaml"}]').replace('    - ', '    - ')}`,
      '{{ .dir }}-{{ .tier.level }}',
      go,
      ['one-gold'],
    ],
    [
      'merge',
      `    - merge:\n        mergeKeys: [name]\n        generators:\n          - list: {elements: [{name: a, x: "1"}, {name: b, x: "1"}]}\n          - list: {elements: [{name: b, x: "2"}, {name: c, x: "3"}]}`,
      '{{name}}-{{x}}',
      '',
      ['a-1', 'b-2'],
    ],
    [
      'a selector behind a generator',
      '    - list: {elements: [{name: a, env: dev}, {name: b, env: prod}]}\n      selector: {matchLabels: {env: prod}}',
      '{{name}}',
      '',
      ['b'],
    ],
  ])('%s', (_, generators, template, extra, expected) => {
    expect(expand(generators, template, extra).names).toEqual(expected);
  });

  test('their Applications are followed, and point at the template', () => {
    const { repository } = expand('    - list: {elements: [{name: a}]}', '{{name}}');
    const [application] = repository.applications;
    expect(application?.deployed.map((each) => each.object.name)).toEqual(['c']);
    expect(application?.object.sourceOf('/spec/source/path')).toMatchObject({
      file: 'set.yaml',
      pointer: '/spec/template/spec/source/path',
    });
    expect(application?.namespace).toBe('argocd');
  });
});

describe('what cannot be said here is said', () => {
  test.each<[string, string, string, string, string]>([
    [
      'a service',
      '    - scmProvider: {github: {organization: acme}}',
      '{{ .repository }}',
      go,
      'the generator scmProvider asks a service',
    ],
    [
      'another repository',
      '    - git: {repoURL: https://github.com/acme/other, directories: [{path: "*"}]}\n    - list: {elements: [{path: {basename: a}}]}',
      '{{ .path.basename }}',
      go,
      'the generator reads another repository: https://github.com/acme/other',
    ],
    [
      'a function',
      '    - list: {elements: [{name: a}]}',
      '{{ .name | sha256sum }}',
      go,
      'the function sha256sum in {{.name | sha256sum}}',
    ],
    [
      'a named template',
      '    - list: {elements: [{name: a}]}',
      '{{ template "x" . }}',
      go,
      'template in the template {{template "x" .}}',
    ],
    [
      'a parameter that nobody gives',
      '    - list: {elements: [{name: a}]}',
      '{{ .nam }}',
      go,
      'the parameter .nam, which no generator gives',
    ],
  ])('%s', (_, generators, template, extra, reason) => {
    const { unchecked } = expand(generators, template, extra);
    expect(unchecked[0]).toContain(reason.split(' in {{')[0]!);
  });

  test('elements of a text that nothing fills', () => {
    const { names, unchecked } = expand("    - list: {elementsYaml: '{{ .all | toJson }}'}", '{{ .name }}', go);
    expect(names).toEqual([]);
    expect(unchecked).toEqual(['elementsYaml of a list generator: {{ .all | toJson }}']);
  });

  test('a patch that is no mapping once its conditions are decided', () => {
    const patch = '  templatePatch: |\n    {{- if .name }}\n    - a list\n    {{- end }}\n';
    const { names, unchecked } = expand('    - list: {elements: [{name: a}]}', '{{ .name }}', `${go}${patch}`);
    expect(names).toEqual([]);
    expect(unchecked).toEqual(['a templatePatch that is no mapping once it is filled']);
  });
});

describe('what changes a template', () => {
  test('elements of a text: those of the other child of a matrix, and written ones first', () => {
    const { names } = expand(
      `    - matrix: {generators: [{list: {elements: [{all: [{name: a}, {name: b}]}]}}, {list: {elements: [{name: z}], elementsYaml: '{{ .all | toJson }}'}}]}`,
      '{{ .name }}',
      go,
    );
    expect(names).toEqual(['z', 'a', 'b']);
  });

  test('the template of a generator: its fields stand, the others are those of the ApplicationSet', () => {
    const { repository } = expand(
      `    - list:
        elements: [{name: a}]
        template:
          metadata: {name: ''}
          spec: {project: special, destination: {namespace: own}}
    - list: {elements: [{name: b}]}`,
      '{{name}}',
    );
    const server = 'https://kubernetes.default.svc';
    expect(repository.applications).toMatchObject([
      { name: 'a', project: 'special', destination: { namespace: 'own', server } },
      { name: 'b', project: 'default', destination: { namespace: 'x', server } },
    ]);
    const [a, b] = repository.applications;
    expect(a?.object.sourceOf('/spec/project').pointer).toBe('/spec/generators/0/list/template/spec/project');
    expect(a?.object.sourceOf('/spec/source/path').pointer).toBe('/spec/template/spec/source/path');
    expect(b?.object.sourceOf('/spec/destination/namespace').pointer).toBe('/spec/template/spec/destination/namespace');
  });

  test('a patch: mappings merge, lists are replaced, the project stays', () => {
    const patch = `  templatePatch: |
    metadata: {annotations: {tier: '{{ .tier }}'}}
    spec:
      project: other
      destination: {namespace: '{{ .name }}-{{ .tier }}'}
      syncPolicy: {syncOptions: [CreateNamespace=true]}
`;
    const { repository, unchecked } = expand(
      '    - list: {elements: [{name: a, tier: gold}]}',
      '{{ .name }}',
      `${go}${patch}`,
    );
    const [application] = repository.applications;
    expect(unchecked).toEqual([]);
    expect(application?.object.value).toMatchObject({
      metadata: { name: 'a', annotations: { tier: 'gold' } },
      spec: {
        destination: { namespace: 'a-gold', server: 'https://kubernetes.default.svc' },
        syncPolicy: { syncOptions: ['CreateNamespace=true'] },
      },
    });
    expect(application?.project).toBe('default');
    expect(application?.object.sourceOf('/spec/destination/namespace').pointer).toBe('/spec/templatePatch');
  });
});
