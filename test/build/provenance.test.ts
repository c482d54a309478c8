import { describe, expect, it } from 'vitest';
import { buildKustomization } from '../../src/build/index.js';
import type { Resource } from '../../src/build/resource.js';
import { treeOf } from '../../src/files/file-map.js';
import { rangeOf } from '../../src/yaml/range.js';
import { deployment, service } from './case.js';

const files: Record<string, string> = {
  'base/kustomization.yaml': 'resources: [objects.yaml]\nlabels:\n- pairs: {layer: base}\n',
  'base/objects.yaml': `${service()}---\n${deployment()}`,
  'versions/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nimages:\n- name: registry.example.com:5000/team/server\n  newTag: v2\n',
  'over/kustomization.yaml': `resources: [../base]
components: [../versions]
namespace: prod
namePrefix: p-
labels:
- pairs: {team: x}
  includeSelectors: true
commonAnnotations:
  note: hello
replicas:
- name: app
  count: 3
configMapGenerator:
- name: conf
  literals: [mode=fast]
  files: [settings.ini]
replacements:
- source: {kind: Service, name: app, fieldPath: metadata.name}
  targets:
  - select: {kind: Deployment}
    fieldPaths: ["spec.template.spec.containers.[name=main].env.[name=A].value"]
patches:
- path: patch.yaml
- target: {kind: Deployment}
  patch: |-
    - op: add
      path: /spec/template/spec/containers/1/args/0
      value: --first
    - op: replace
      path: /spec/strategy
      value:
        type: Recreate
`,
  'over/settings.ini': 'a=b\n',
  'over/patch.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  strategy: {type: RollingUpdate}
  template:
    spec:
      containers:
      - name: side
        image: busybox
      - name: main
        env:
        - name: C
          valueFrom: {configMapKeyRef: {name: conf, key: mode}}
        - {name: B, value: patched}
`,
};

const problems: string[] = [];
const built = buildKustomization(treeOf(files), 'over', (problem) => problems.push(problem.message));
const byKind = (kind: string) => built.resources.find((resource) => resource.value['kind'] === kind) as Resource;

/** File, via, and the text that stands at the place. */
function written(resource: Resource, pointer: string): string {
  const source = resource.sourceOf(pointer);
  const text = files[source.file] as string;
  const { start, end } = rangeOf(text, source);
  return `${source.via} ${source.file}:${start.line} ${text.slice(start.offset, end.offset)}`;
}

describe('who wrote a field', () => {
  it('is known for a build without problems', () => {
    expect(problems).toEqual([]);
    expect(built.ok).toBe(true);
  });

  it.each([
    ['Deployment', '/spec/template/spec/serviceAccountName', 'resource base/objects.yaml:19 sa'],
    ['Deployment', '/spec/replicas', 'replicas over/kustomization.yaml:12 3'],
    ['Deployment', '/metadata/namespace', 'namespace over/kustomization.yaml:3 prod'],
    ['Deployment', '/metadata/name', 'namePrefix over/kustomization.yaml:4 p-'],
    ['Deployment', '/metadata/labels/app', 'resource base/objects.yaml:12 app'],
    ['Deployment', '/metadata/labels/layer', 'labels base/kustomization.yaml:3 base'],
    ['Deployment', '/spec/template/metadata/labels/team', 'labels over/kustomization.yaml:6 x'],
    ['Deployment', '/spec/selector/matchLabels/team', 'labels over/kustomization.yaml:6 x'],
    ['Deployment', '/metadata/annotations/note', 'commonAnnotations over/kustomization.yaml:9 hello'],
    // The container that the patch adds comes first; what is behind it keeps its own origin.
    ['Deployment', '/spec/template/spec/containers/0/image', 'patches over/patch.yaml:10 busybox'],
    ['Deployment', '/spec/template/spec/containers/1/image', 'images versions/kustomization.yaml:5 v2'],
    ['Deployment', '/spec/template/spec/containers/1/args/0', 'patches over/kustomization.yaml:28 --first'],
    ['Deployment', '/spec/template/spec/containers/1/args/1', 'resource base/objects.yaml:23 --port'],
    ['Deployment', '/spec/template/spec/containers/1/args/2', 'resource base/objects.yaml:23 "8080"'],
    ['Deployment', '/spec/template/spec/containers/1/env/0/name', 'patches over/patch.yaml:13 C'],
    [
      'Deployment',
      '/spec/template/spec/containers/1/env/0/valueFrom/configMapKeyRef/key',
      'patches over/patch.yaml:14 mode',
    ],
    ['Deployment', '/spec/template/spec/containers/1/env/1/value', 'patches over/patch.yaml:15 patched'],
    ['Deployment', '/spec/template/spec/containers/1/env/2/name', 'resource base/objects.yaml:25 A'],
    ['Deployment', '/spec/strategy/type', 'patches over/kustomization.yaml:32 Recreate'],
    ['ConfigMap', '/data/mode', 'configMapGenerator over/kustomization.yaml:15 mode=fast'],
    ['Service', '/spec/selector/app', 'resource base/objects.yaml:5 app'],
  ])('%s %s', (kind, pointer, expected) => {
    expect(written(byKind(kind), pointer)).toBe(expected);
  });

  it('names the file of a generated value', () => {
    expect(byKind('ConfigMap').sourceOf('/data/settings.ini')).toMatchObject({
      file: 'over/settings.ini',
      via: 'configMapGenerator',
    });
  });

  it('names the replacement and the reference', () => {
    expect(byKind('Deployment').sourceOf('/spec/template/spec/containers/1/env/2/value')).toMatchObject({
      via: 'replacements',
      file: 'over/kustomization.yaml',
      pointer: '/replacements/0/source',
    });
    expect(
      byKind('Deployment').sourceOf('/spec/template/spec/containers/1/env/0/valueFrom/configMapKeyRef/name'),
    ).toMatchObject({ via: 'nameReference', file: 'over/kustomization.yaml' });
  });

  it('answers with the nearest that somebody wrote where nothing stands', () => {
    expect(byKind('Service').sourceOf('/spec/nope/deeper')).toMatchObject({
      via: 'resource',
      file: 'base/objects.yaml',
      document: 0,
    });
  });

  it('lists who changed an object, each once, in order', () => {
    expect(byKind('Service').changedBy.map(({ via }) => via)).toEqual([
      'labels',
      'namespace',
      'namePrefix',
      'labels',
      'commonAnnotations',
    ]);
    expect(byKind('Service').origin).toEqual({ via: 'resource', file: 'base/objects.yaml', document: 0, pointer: '' });
  });

  it('lists the files that took part', () => {
    expect(built.inputs).toEqual(Object.keys(files).sort());
  });
});
