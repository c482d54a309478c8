import { type Case, cm, deployment, one, service } from './case.js';

const jsonPatch = (kind: string, operations: unknown) =>
  `patches:\n- target: {kind: ${kind}}\n  patch: '${JSON.stringify(operations)}'\n`;

/** Corners of the features, each of them met in the real one. */
export const corners: readonly Case[] = [
  {
    name: 'replacement of a number by a word',
    files: one(
      'replacements:\n- sourceValue: abc\n  targets:\n  - select: {kind: Deployment}\n    fieldPaths: [spec.replicas]\n',
      deployment(),
    ),
    fails: 'kustomize-replacement',
  },
  {
    name: 'replacement of a boolean by a word',
    files: one(
      'replacements:\n- sourceValue: abc\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [immutable]\n',
      `${cm('a')}immutable: true\n`,
    ),
    fails: 'kustomize-replacement',
  },
  {
    name: 'replacement of null by a word',
    files: one(
      'replacements:\n- sourceValue: abc\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [x]\n',
      `${cm('a')}x: null\n`,
    ),
    fails: 'kustomize-replacement',
  },
  {
    name: 'replacement of a float by an integer',
    files: one(
      'replacements:\n- sourceValue: "7"\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [x]\n',
      `${cm('a')}x: 1.5\n`,
    ),
  },
  {
    name: 'replacement of an integer by a float',
    files: one(
      'replacements:\n- sourceValue: "7.5"\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [x]\n',
      `${cm('a')}x: 1\n`,
    ),
    fails: 'kustomize-replacement',
  },
  {
    name: 'replacement inside JSON in a string',
    files: one(
      'replacements:\n- sourceValue: new\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [data.config\\.json.host]\n'.replace(
        'data.config\\.json.host',
        '"data.config\\\\.json.host"',
      ),
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  config.json: '{"host": "old", "port": 1}'\n`,
    ),
  },
  {
    name: 'replacement with a wildcard over a map',
    files: one(
      'replacements:\n- sourceValue: new\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: ["data.*"]\n',
      cm('a', 'x: y, z: w'),
    ),
    fails: 'kustomize-replacement',
  },
  {
    name: 'replacement that appends an item',
    files: one(
      'replacements:\n- sourceValue: new\n  targets:\n  - select: {kind: Deployment}\n    fieldPaths: [spec.template.spec.containers.0.args.-]\n    options: {create: true}\n',
      deployment(),
    ),
    fails: 'kustomize-replacement',
  },
  {
    name: 'replacement that makes a named item',
    files: one(
      'replacements:\n- sourceValue: new\n  targets:\n  - select: {kind: Deployment}\n    fieldPaths: ["spec.template.spec.containers.[name=other].image"]\n    options: {create: true}\n',
      deployment(),
    ),
  },
  {
    name: 'keys that are not strings',
    files: one('', 'apiVersion: v1\nkind: A\nmetadata: {name: a}\nx: {1: b}\n'),
    fails: 'kustomize-key',
  },
  {
    name: 'keys that are booleans',
    files: one('', 'apiVersion: v1\nkind: A\nmetadata: {name: a}\nx: {true: b}\n'),
    fails: 'kustomize-key',
  },
  {
    name: 'labels with a key like a number',
    files: one('commonLabels: {"123": a}\n', cm('a')),
    fails: 'kustomize-key',
  },
  {
    name: 'a config map with a key like a number',
    files: one('configMapGenerator:\n- name: g\n  literals: ["123=a"]\n', cm('a')),
    fails: 'kustomize-key',
  },
  { name: 'a namespace of words', files: one('namespace: "on"\n', cm('a')) },
  {
    name: 'a YAML 1.1 word as a value in a JSON patch',
    files: one('patches:\n- target: {kind: ConfigMap}\n  path: p.yaml\n', cm('a'), {
      'p.yaml': '- op: add\n  path: /x\n  value: yes\n- op: add\n  path: /y\n  value: "yes"\n',
    }),
  },
  {
    name: 'a YAML 1.1 word as a value in a merge patch',
    files: one('patches:\n- path: p.yaml\n', cm('a'), { 'p.yaml': `${cm('a', 'x: "yes"')}on: yes\n` }),
  },
  {
    name: 'JSON patch with a negative index',
    files: one(
      jsonPatch('Deployment', [{ op: 'add', path: '/spec/template/spec/containers/0/args/-1', value: 'x' }]),
      deployment(),
    ),
  },
  {
    name: 'JSON patch beyond the end',
    files: one(
      jsonPatch('Deployment', [{ op: 'add', path: '/spec/template/spec/containers/0/args/9', value: 'x' }]),
      deployment(),
    ),
    fails: 'kustomize-json-patch',
  },
  {
    name: 'JSON patch of an unknown operation',
    files: one(jsonPatch('Deployment', [{ op: 'set', path: '/spec', value: 'x' }]), deployment()),
    fails: 'kustomize-json-patch',
  },
  {
    name: 'JSON patch test that fails',
    files: one(jsonPatch('Deployment', [{ op: 'test', path: '/spec/replicas', value: 9 }]), deployment()),
    fails: 'kustomize-json-patch',
  },
  {
    name: 'JSON patch on the annotations of a generated object',
    files: {
      'kustomization.yaml':
        'configMapGenerator:\n- {name: g, literals: [a=b]}\npatches:\n- target: {kind: ConfigMap}\n  patch: \'[{"op":"add","path":"/metadata/annotations","value":{"x":"y"}}]\'\n',
    },
  },
  {
    name: 'merge patch on a generated object',
    files: {
      'kustomization.yaml':
        'configMapGenerator:\n- {name: g, literals: [a=b]}\npatches:\n- patch: |-\n    {apiVersion: v1, kind: ConfigMap, metadata: {name: g, annotations: {x: "y"}}, data: {c: d}}\n',
    },
  },
  {
    name: 'a patch with another API version and a target',
    files: one(
      'patches:\n- target: {kind: Deployment}\n  patch: |-\n    apiVersion: extensions/v1beta1\n    kind: Deployment\n    metadata: {name: nothing}\n    spec: {replicas: 5}\n',
      deployment(),
    ),
  },
  {
    name: 'a patch that adds a map with nulls and directives',
    files: one('patches:\n- path: p.yaml\n', deployment(), {
      'p.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app}\nspec:\n  strategy:\n    type: null\n    rollingUpdate: {maxSurge: 1, gone: {$patch: delete, a: b}}\n  template:\n    spec:\n      volumes:\n      - {name: v, emptyDir: {}}\n      - {name: w, emptyDir: {medium: null}}\n',
    }),
  },
  {
    name: 'a patch of service ports',
    files: one(
      'patches:\n- path: p.yaml\n',
      `${service()}`.replace(
        '[{port: 80, targetPort: 8080}]',
        '[{port: 80, name: a}, {port: 80, protocol: UDP, name: b}, {port: 443}]',
      ),
      {
        'p.yaml':
          'apiVersion: v1\nkind: Service\nmetadata: {name: app}\nspec: {ports: [{port: 443, name: tls}, {port: 80, protocol: UDP, nodePort: 1}]}\n',
      },
    ),
  },
  {
    name: 'a patch of items without keys',
    files: one('patches:\n- path: p.yaml\n', deployment(), {
      'p.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app}\nspec: {template: {spec: {containers: [{image: x}]}}}\n',
    }),
  },
  {
    name: 'a patch of finalizers and owners',
    files: one(
      'patches:\n- path: p.yaml\n',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, finalizers: [x, y], ownerReferences: [{uid: "1", name: o}]}\n',
      {
        'p.yaml':
          'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, finalizers: [z, x], ownerReferences: [{uid: "2", name: p}, {uid: "1", kind: K}]}\n',
      },
    ),
  },
  {
    name: 'a patch of tolerations and affinity',
    files: one(
      'patches:\n- path: p.yaml\n',
      deployment(
        'app',
        '      tolerations: [{key: a}, {key: b}]\n      topologySpreadConstraints: [{topologyKey: z, whenUnsatisfiable: DoNotSchedule, maxSkew: 1}]\n      imagePullSecrets: [{name: x}]\n      hostAliases: [{ip: 1.1.1.1, hostnames: [a]}]\n',
      ),
      {
        'p.yaml':
          'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app}\nspec:\n  template:\n    spec:\n      tolerations: [{key: c}]\n      topologySpreadConstraints: [{topologyKey: z, whenUnsatisfiable: DoNotSchedule, maxSkew: 2}, {topologyKey: y, whenUnsatisfiable: ScheduleAnyway}]\n      imagePullSecrets: [{name: y}]\n      hostAliases: [{ip: 1.1.1.1, hostnames: [b]}]\n',
      },
    ),
  },
  {
    name: 'a patch that turns a quoted quantity into a number',
    files: one(
      'patches:\n- path: p.yaml\n',
      'apiVersion: v1\nkind: Thing\nmetadata: {name: a}\nquoted: "500m"\nplain: 500m\nblock: |-\n  500m\nword: "yes"\nnumber: 1\n',
      {
        'p.yaml':
          'apiVersion: v1\nkind: Thing\nmetadata: {name: a}\nquoted: 2\nplain: 2\nblock: 2\nword: true\nnumber: "3"\n',
      },
    ),
  },
  {
    name: 'names that look like numbers, after a patch',
    files: one(
      'patches:\n- patch: |-\n    {apiVersion: v1, kind: ConfigMap, metadata: {name: "123"}, data: {c: d}}\n',
      cm('"123"'),
    ),
  },
  { name: 'an empty patch file', files: one('patches:\n- path: p.yaml\n', cm('a'), { 'p.yaml': '# nothing\n' }) },
  {
    name: 'a patch that is a scalar',
    files: one('patches:\n- path: p.yaml\n', cm('a'), { 'p.yaml': 'hello\n' }),
    fails: 'kustomize-not-an-object',
  },
  { name: 'an image entry without name', files: one('images:\n- {newTag: a}\n', deployment()) },
  {
    name: 'a container without image',
    files: one(
      'images:\n- {name: nginx, newTag: a}\n',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a}, {name: b, image: nginx}]}\n',
    ),
  },
  {
    name: 'containers that are no list',
    files: one(
      'images:\n- {name: nginx, newTag: a}\n',
      'apiVersion: example.com/v1\nkind: C\nmetadata: {name: p}\nspec: {containers: {a: {image: nginx}}, initContainers: null}\n',
    ),
  },
  {
    name: 'labels on metadata that is null in a template',
    files: one(
      'commonLabels: {a: b}\n',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: p}\nspec:\n  selector:\n  template:\n    metadata:\n',
    ),
  },
  {
    name: 'labels where a list stands',
    files: one('commonLabels: {a: b}\n', 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: p, labels: [a]}\n'),
    fails: 'kustomize-field-kind',
  },
  {
    name: 'null items of lists',
    files: one('', 'apiVersion: v1\nkind: A\nmetadata: {name: a}\nx: [1, null, {a: null}]\n'),
  },
  {
    name: 'ambiguous references',
    files: {
      'a/kustomization.yaml': 'resources: [o.yaml]\nnamePrefix: a-\n',
      'a/o.yaml': cm('conf'),
      'b/kustomization.yaml': 'resources: [o.yaml]\nnamePrefix: b-\n',
      'b/o.yaml': cm('conf'),
      'kustomization.yaml': 'resources: [a, b, d.yaml]\nnamePrefix: p-\n',
      'd.yaml': deployment('app', '        envFrom: [{configMapRef: {name: conf}}]\n'),
    },
    fails: 'kustomize-ambiguous-reference',
  },
  {
    name: 'generators that are objects in a folder',
    files: {
      'kustomization.yaml': 'generators: [g]\n',
      'g/kustomization.yaml': 'resources: [g.yaml]\n',
      'g/g.yaml':
        'apiVersion: builtin\nkind: SecretGenerator\nmetadata: {name: s, namespace: ns}\nliterals: [a=b]\ntype: x/y\noptions: {disableNameSuffixHash: true}\n',
    },
  },
  {
    name: 'more built-in transformers',
    files: one('transformers: [t.yaml]\n', `${deployment()}---\n${service()}`, {
      't.yaml': [
        'kind: AnnotationsTransformer\nmetadata: {name: x}\nannotations: {q: r}\nfieldSpecs: [{path: metadata/annotations, create: true}]',
        'kind: ReplicaCountTransformer\nmetadata: {name: x2}\nreplica: {name: app, count: 4}\nfieldSpecs: [{path: spec/replicas, create: true, kind: Deployment}]',
        'kind: ImageTagTransformer\nmetadata: {name: x3}\nimageTag: {name: registry.example.com:5000/team/server, newTag: z}',
        'kind: PatchTransformer\nmetadata: {name: x4}\ntarget: {kind: Service}\npatch: \'[{"op":"add","path":"/spec/x","value":1}]\'',
        'kind: PatchJson6902Transformer\nmetadata: {name: x5}\ntarget: {kind: Service, name: app}\njsonOp: \'[{"op":"add","path":"/spec/y","value":2}]\'',
        'kind: SuffixTransformer\nmetadata: {name: x6}\nsuffix: -s\nfieldSpecs: [{path: metadata/name}]',
        'kind: ReplacementTransformer\nmetadata: {name: x7}\nreplacements: [{sourceValue: v, targets: [{select: {kind: Service}, fieldPaths: [spec.z], options: {create: true}}]}]',
        'kind: PatchStrategicMergeTransformer\nmetadata: {name: x8}\npatches: \'{"apiVersion":"v1","kind":"Service","metadata":{"name":"app"},"spec":{"w":3}}\'',
      ]
        .map((text) => `apiVersion: builtin\n${text}\n`)
        .join('---\n'),
    }),
  },
  {
    name: 'a component of a component',
    files: {
      'kustomization.yaml': 'resources: [o.yaml]\ncomponents: [c1]\n',
      'o.yaml': cm('a'),
      'c1/kustomization.yaml': 'kind: Component\ncomponents: [../c2]\nnamePrefix: c1-\n',
      'c2/kustomization.yaml': 'kind: Component\nnamePrefix: c2-\n',
    },
  },
  {
    name: 'secrets with several lines',
    files: {
      'kustomization.yaml': 'secretGenerator:\n- name: s\n  files: [a.txt]\n  options: {disableNameSuffixHash: true}\n',
      'a.txt': `${'0123456789'.repeat(10)}\n`,
    },
  },
  {
    name: 'secrets of exactly one line',
    files: {
      'kustomization.yaml': `secretGenerator:\n${[51, 52, 53, 54].map((n) => `- name: s${n}\n  literals: [a=${'x'.repeat(n)}]\n  options: {disableNameSuffixHash: true}\n`).join('')}`,
    },
  },
  {
    name: 'a config map file with windows line ends',
    files: {
      'kustomization.yaml': 'configMapGenerator:\n- name: s\n  files: [a.txt, b.txt, c.txt]\n  envs: [e.env]\n',
      'a.txt': 'a\r\nb\r\n',
      'b.txt': 'tab\there\n',
      'c.txt': ' lead\n  more\n\n\n',
      'e.env': 'A=1\r\nB=2 \r\n',
    },
  },
  {
    name: 'references to what was patched in',
    files: one('namePrefix: p-\npatches:\n- path: p.yaml\n', `${deployment()}---\n${cm('conf')}`, {
      'p.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app}\nspec: {template: {spec: {volumes: [{name: v, configMap: {name: conf}}]}}}\n',
    }),
  },
  {
    name: 'a patch that uses the new name',
    files: {
      'base/kustomization.yaml': 'resources: [o.yaml]\nnamePrefix: b-\n',
      'base/o.yaml': cm('a'),
      'kustomization.yaml':
        'resources: [base]\npatches:\n- patch: |-\n    {apiVersion: v1, kind: ConfigMap, metadata: {name: b-a}, data: {n: w}}\n- patch: |-\n    {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {o: x}}\n',
    },
  },
  {
    name: 'a patch that names the namespace',
    files: {
      'base/kustomization.yaml': 'resources: [o.yaml]\nnamespace: one\n',
      'base/o.yaml': cm('a'),
      'kustomization.yaml':
        'resources: [base]\nnamespace: two\npatches:\n- patch: |-\n    {apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: one}, data: {n: w}}\n',
    },
  },
];
