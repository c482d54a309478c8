import { describe, expect, it } from 'vitest';
import { kubectlKustomize, realKubectl, withFolder } from '../../test/support/real-kubectl.js';
import { treeOf } from '../files/file-map.js';
import { buildKustomization, emitStream } from './index.js';

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: app, labels: { a: b } }
spec:
  replicas: 1
  selector: { matchLabels: { app: app } }
  template:
    metadata: { labels: { app: app } }
    spec:
      volumes:
        - { name: conf, configMap: { name: conf } }
      containers:
        - name: main
          image: nginx:1.0
          env:
            - { name: A, value: "yes" }
            - { name: B, valueFrom: { configMapKeyRef: { name: conf, key: a } } }
`;
const files = {
  'base/kustomization.yaml':
    'resources: [deployment.yaml, service.yaml]\nconfigMapGenerator:\n- name: conf\n  literals: [a=b, "c=d e"]\n',
  'base/deployment.yaml': deployment,
  'base/service.yaml':
    'apiVersion: v1\nkind: Service\nmetadata: {name: app}\nspec: {selector: {app: app}, ports: [{port: 80}]}\n',
  'component/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nimages:\n- {name: nginx, newTag: "2.0"}\n',
  'over/kustomization.yaml': `resources: [../base]
components: [../component]
namespace: prod
namePrefix: p-
labels:
- pairs: {team: x}
  includeSelectors: true
commonAnnotations: {note: "1"}
replicas:
- {name: app, count: 3}
patches:
- path: patch.yaml
- target: {kind: Deployment}
  patch: |-
    - {op: add, path: /spec/template/spec/containers/0/args, value: [--x, "1.0"]}
replacements:
- source: {kind: Service, name: app, fieldPath: metadata.name}
  targets:
  - select: {kind: Deployment}
    fieldPaths: ["spec.template.spec.containers.[name=main].env.[name=A].value"]
`,
  'over/patch.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  template:
    spec:
      containers:
      - name: side
        image: busybox
      - name: main
        env:
        - {name: C, value: c}
`,
};

const kubectl = realKubectl();

describe('a build', () => {
  it.skipIf(kubectl.skip !== undefined)('prints what the real kubectl prints', () => {
    const problems: unknown[] = [];
    const result = buildKustomization(treeOf(files), 'over', (problem) => problems.push(problem));
    expect(problems).toEqual([]);
    const real = withFolder(files, (folder) => kubectlKustomize(kubectl.path as string, `${folder}/over`));
    expect(emitStream(result.resources)).toBe(real.stdout);
  });
});
