import { type Case, one } from './case.js';

const data = (text: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n${text}`;
const definition = (conversion: string) =>
  `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: models.example.com}\nspec:\n  group: example.com\n${conversion}`;
const folded = '  x: >\n    one\n      two\n      three\n    four\n\n      five\n';
const command = `apiVersion: apps/v1
kind: Deployment
metadata: {name: d}
spec:
  template:
    spec:
      containers:
      - name: c
        command:
        - >
          start $(V)
            in $(V)
          end
        - >-
          $(W)
            $$(V)
`;

const builtins = (line: string, plugin: string) => ({
  'kustomization.yaml': `resources: [a.yaml]\nconfigMapGenerator:\n- {name: g, literals: [a=b]}\n${line}\n`,
  'a.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {volumes: [{name: v, configMap: {name: g}}]}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: ns}\n',
  't.yaml': `apiVersion: builtin\n${plugin}`,
});

/** Corners that public repositories have. */
export const publicCorners: readonly Case[] = [
  {
    name: 'a namespace in a conversion webhook, where there is one',
    files: one(
      'namespace: prod\n',
      definition('  conversion:\n    webhook:\n      clientConfig:\n        service: {name: w, namespace: system}\n'),
    ),
  },
  {
    name: 'no namespace in a conversion that has none',
    files: one(
      'namespace: prod\n',
      `${definition('  conversion: {strategy: None}\n')}---\n${definition('').replace('models', 'others')}`,
    ),
  },
  {
    name: 'field specs for the conversion webhook of a file of one’s own',
    files: one('namespace: prod\nconfigurations: [c.yaml]\n', definition(''), {
      'c.yaml':
        'namespace:\n- {kind: CustomResourceDefinition, version: v1, group: apiextensions.k8s.io, path: spec/conversion/webhook/clientConfig/service/namespace, create: false}\n',
    }),
  },
  {
    name: 'a component by itself',
    files: {
      'kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [objects.yaml]\nnamePrefix: x-\n',
      'objects.yaml': data('  a: b\n'),
    },
  },
  {
    name: 'a component by itself, under the resources of another',
    files: {
      'kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [objects.yaml]\n',
      'objects.yaml': data('  a: b\n'),
      'over/kustomization.yaml': 'resources: [..]\n',
    },
    dir: 'over',
    fails: 'kustomize-kind',
  },
  { name: 'a block that the end of the file cuts off', files: one('', data('  x: |\n    one\n    two')) },
  { name: 'a block that is kept whole and cut off', files: one('', data('  x: |+\n    one\n    two')) },
  { name: 'a block that ends in blanks', files: one('', data('  x: |\n    one\n    ')) },
  { name: 'a block before a comment that is cut off', files: one('', data('  x: |\n    one\n# done')) },
  { name: 'a folded block that is cut off', files: one('', data('  x: >\n    one\n    two')) },
  {
    name: 'a block that the end of an inline patch cuts off',
    files: one(
      `patches:\n- patch: |-\n${data('  y: |\n    one\n    two').replace(/^/gm, '    ')}\n- patch: |\n${data('  z: |\n    one\n    two').replace(/^/gm, '    ')}\n`,
      data('  x: y\n'),
    ),
  },
  {
    name: 'a block that the end of a patch cuts off',
    files: one('patches:\n- path: p.yaml\n', data('  x: y\n'), { 'p.yaml': data('  z: |\n    one') }),
  },
  {
    name: 'blanks before line breaks in quotes',
    files: one('', data(`  x: "one \n    two\t\n\n    three \\ \n    four"\n  y: 'one  \n    two \n\n    three'\n`)),
  },
  { name: 'folded text with indented lines', files: one('', data(folded)) },
  {
    name: 'folded text in every kind of ending',
    files: one(
      '',
      data(
        ['>', '>-', '>+']
          .map(
            (header, i) =>
              `  a${i}: ${header}\n    one\n      two\n    three\n\n\n  b${i}: ${header}\n    one\n      two\n\n`,
          )
          .join(''),
      ),
    ),
  },
  {
    name: 'folded text that starts indented',
    files: one('', data('  x: >2\n      one\n    two\n    three\n\n    four\n')),
  },
  {
    name: 'folded text with blanks at the ends of lines',
    files: one('', data('  x: >\n    one \n      two\n    three\n')),
  },
  {
    name: 'folded text that starts with an empty line',
    files: one('', data('  x: >\n\n    one\n      two\n    three\n')),
  },
  {
    name: 'folded text after a JSON patch',
    files: one(
      'patches:\n- target: {kind: ConfigMap}\n  patch: \'[{"op": "copy", "from": "/data/x", "path": "/data/y"}]\'\n- target: {kind: ConfigMap}\n  patch: \'[{"op": "add", "path": "/data/z", "value": "y"}]\'\n',
      data(folded),
    ),
  },
  {
    name: 'folded text as a patch over text in other styles',
    files: one('patches:\n- path: p.yaml\n', data('  x: "a"\n  y: \'a\'\n  z: a\n  l: |\n    a\n  f: >\n    a\n'), {
      'p.yaml': data(['x', 'y', 'z', 'l', 'f', 'new'].map((key) => folded.replace('x', key)).join('')),
    }),
  },
  {
    name: 'text over folded text',
    files: one('patches:\n- path: p.yaml\n', data('  f: >\n    a\n  g: >-\n    a\n  h: >\n    a\n'), {
      'p.yaml': data('  f: "one\\n  two\\nthree"\n  g: |\n    one\n      two\n    three\n  h: 1\n'),
    }),
  },
  {
    name: 'folded text that a replacement copies, and one that it changes',
    files: one(
      'replacements:\n- source: {kind: ConfigMap, fieldPath: data.x}\n  targets:\n  - {select: {kind: ConfigMap}, fieldPaths: [data.y]}\n- sourceValue: new\n  targets:\n  - {select: {kind: ConfigMap}, fieldPaths: [data.x], options: {delimiter: two, index: 1}}\n',
      data(`${folded}  y: "a"\n`),
    ),
  },
  {
    name: 'variables in folded text',
    files: one(
      'vars:\n- {name: V, objref: {apiVersion: v1, kind: ConfigMap, name: a}, fieldref: {fieldpath: data.x}}\n- {name: W, objref: {apiVersion: v1, kind: ConfigMap, name: a}, fieldref: {fieldpath: data.w}}\n',
      `${data(`${folded}  w: v\n`)}---\n${command}`,
    ),
  },
  {
    name: 'dollar signs where there are variables',
    files: one(
      'vars:\n- {name: V, objref: {apiVersion: v1, kind: ConfigMap, name: a}}\n',
      `${data('  x: y\n')}---\n${command.replaceAll('$(V)', '$$1').replaceAll('$(W)', '$$(X)')}`,
    ),
  },
  {
    name: 'folded text that a generator merges with',
    files: {
      'kustomization.yaml': 'resources: [base]\nconfigMapGenerator:\n- {name: a, behavior: merge, literals: [q=r]}\n',
      'base/kustomization.yaml': 'resources: [objects.yaml]\n',
      'base/objects.yaml': data(folded),
    },
  },
  ...(['namespace', 'commonAnnotations', 'varReference', 'nameReference'] as const).map((key) => ({
    name: `a wildcard in a field spec for ${key}`,
    files: one(
      `namespace: prod\nnamePrefix: x-\ncommonAnnotations: {a: b}\nconfigurations: [c.yaml]\nvars:\n- {name: V, objref: {apiVersion: v1, kind: ConfigMap, name: a}}\n`,
      data('  a: $(V)\n'),
      {
        'c.yaml':
          key === 'nameReference'
            ? 'nameReference:\n- {kind: ConfigMap, version: v1, fieldSpecs: [{kind: ConfigMap, path: data/*}]}\n'
            : `${key}:\n- {kind: ConfigMap, path: data/*}\n`,
      },
    ),
    fails: 'kustomize-field-kind',
  })),
  {
    name: 'a prefix for some kinds takes the place of the prefix for all',
    files: one(
      'namePrefix: x-\nnameSuffix: -y\nconfigurations: [c.yaml]\n',
      `${data('  a: b\n')}---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\n---\napiVersion: a.b/v1\nkind: Model\nmetadata: {name: m}\n---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: v}\n`,
      {
        'c.yaml':
          'namePrefix:\n- {path: metadata/name, kind: Secret}\n- {path: metadata/name, kind: Model, group: a.b}\nnameSuffix:\n- {path: metadata/name, kind: ValidatingWebhookConfiguration}\n',
      },
    ),
  },
  {
    name: 'annotations for one kind, by a configuration of the base and of the overlay',
    files: {
      'kustomization.yaml':
        'resources: [base, objects.yaml]\ncommonAnnotations: {a: b}\ncommonLabels: {c: d}\nconfigurations: [c.yaml]\n',
      'c.yaml': 'commonLabels:\n- {path: data/labels, kind: ConfigMap, create: true}\n',
      'objects.yaml': data('  x: y\n').replace('name: a', 'name: other'),
      'base/kustomization.yaml': 'resources: [objects.yaml]\nconfigurations: [c.yaml]\n',
      'base/c.yaml': 'commonAnnotations:\n- {path: metadata/annotations, kind: Deployment, create: true}\n',
      'base/objects.yaml': `${data('  x: y\n')}---\n${command}`,
    },
  },
  {
    name: 'a configuration that contradicts one for all kinds',
    files: one('commonAnnotations: {a: b}\nconfigurations: [c.yaml]\n', data('  x: y\n'), {
      'c.yaml': 'commonAnnotations:\n- {path: metadata/annotations, kind: Deployment}\n',
    }),
    fails: 'kustomize-conflicting-field-specs',
  },
  {
    name: 'keys that are there twice in a kustomization, in a JSON patch and in a replacement',
    files: one(
      'configMapGenerator:\n- name: g\n  literals: [a=b]\n  literals: [c=d]\nnamePrefix: x-\nnamePrefix: y-\nreplacements: [{path: r.yaml}]\npatches:\n- target: {kind: ConfigMap}\n  patch: |\n    - op: add\n      path: /data/z\n      path: /data/v\n      value: w\n',
      data('  x: z\n'),
      { 'r.yaml': 'sourceValue: a\nsourceValue: b\ntargets: [{select: {name: a}, fieldPaths: [data.x]}]\n' },
    ),
  },
  {
    name: 'a key that is there twice in a configuration',
    files: one('configurations: [c.yaml]\n', data('  x: z\n'), {
      'c.yaml': 'namePrefix: [{path: data/a}]\nnamePrefix: [{path: data/x}]\n',
    }),
    fails: 'yaml-syntax',
  },
  {
    name: 'a key that is there twice in an object',
    files: one('', data('  x: y\n  x: z\n')),
    fails: 'yaml-duplicate-key',
  },
  {
    name: 'a generator as an object with a name of its own, and where things come from',
    files: {
      'kustomization.yaml':
        'generators: [g.yaml, s.yaml]\nbuildMetadata: [originAnnotations, transformerAnnotations]\nnamePrefix: x-\n',
      'g.yaml':
        'apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: config, namespace: n}\nname: bob\nliterals: [a=b]\n',
      's.yaml':
        'apiVersion: builtin\nkind: SecretGenerator\nmetadata: {name: config}\nnamespace: other\nliterals: [a=b]\n',
    },
  },
  ...(['replace', 'merge'] as const).map((behavior) => ({
    name: `where a generated object comes from after ${behavior}`,
    files: {
      'kustomization.yaml': `resources: [base]\nconfigMapGenerator:\n- {name: a, behavior: ${behavior}, literals: [c=d]}\nbuildMetadata: [originAnnotations, transformerAnnotations]\n`,
      'base/kustomization.yaml': 'configMapGenerator:\n- {name: a, literals: [a=b]}\ncommonAnnotations: {x: z}\n',
    },
  })),
  ...['{order: fifo, legacySortOptions: {}}', '{legacySortOptions: {}}', '{}', '{order: other}'].map((options) => ({
    name: `sort options ${options}`,
    files: one(`sortOptions: ${options}\n`, data('  x: y\n')),
    fails: 'kustomize-invalid-field',
  })),
  {
    name: 'an order as a transformer',
    files: one('transformers: [t.yaml]\n', data('  x: y\n'), {
      't.yaml': 'apiVersion: builtin\nkind: SortOrderTransformer\nmetadata: {name: t}\nsortOptions: {order: fifo}\n',
    }),
    fails: 'kustomize-plugin',
  },
  {
    name: 'an image name that is no regular expression',
    files: one('images: [{name: "[", newTag: a}]\n', command.replace('- name: c', '- name: c\n        image: a')),
    fails: 'kustomize-selector',
  },
  ...['', '1', 'true', 'x'].map((namespace) => ({
    name: `the namespace ${namespace || 'of nothing'} of a subject`,
    files: one(
      'namePrefix: x-\n',
      `apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: a}\nroleRef: {kind: Role, name: a, apiGroup: rbac.authorization.k8s.io}\nsubjects:\n- kind: ServiceAccount\n  name: a\n  namespace: ${namespace}\n`,
    ),
    ...(namespace === 'x' ? {} : { fails: 'kustomize-field-kind' }),
  })),
  {
    name: 'names in parameters, annotations and Pod templates of other kinds, and variables wherever they are looked for',
    files: one(
      'namePrefix: x-\nnamespace: prod\nvars:\n- {name: V, objref: {apiVersion: v1, kind: ConfigMap, name: a}}\n- {name: W, objref: {apiVersion: v1, kind: ConfigMap, name: a}, fieldref: {fieldpath: data.port}}\n',
      `${data('  port: 80\n')}---
apiVersion: v1
kind: Secret
metadata: {name: s}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: fast}
parameters: {adminSecretName: s, userSecretName: s, secretName: s, secretRef: s, other: s}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: c, labels: {l: $(V)}, annotations: {l: $(V)}}
spec: {storageClassName: fast}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: c}
spec: {storageClassName: fast, nfs: {server: $(V)}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: s}
spec:
  volumeClaimTemplates:
  - metadata: {name: x}
    spec: {storageClassName: fast, nfs: {server: $(V)}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: j}
spec: {jobTemplate: {spec: {template: {volumes: {nfs: {server: $(V)}}}}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: i
  annotations: {nginx.ingress.kubernetes.io/auth-secret: s, nginx.ingress.kubernetes.io/auth-tls-secret: s, ingress.kubernetes.io/auth-secret: s, nginx.ingress.kubernetes.io/fastcgi-params-configmap: a, nginx.ingress.kubernetes.io/proxy-ssl-secret: s}
---
apiVersion: v1
kind: Service
metadata: {name: svc}
spec: {ports: [{port: $(W)}]}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.x}
spec: {service: {name: svc, namespace: prod}}
---
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: kn}
spec:
  template:
    spec:
      containers:
      - env:
        - {name: a, valueFrom: {secretKeyRef: {name: s, key: k}}}
        - {name: b, valueFrom: {configMapKeyRef: {name: a, key: k}}}
        envFrom: [{secretRef: {name: s}}]
`,
    ),
  },
  {
    name: 'a prefix and a suffix by one transformer',
    files: builtins(
      'transformers: [t.yaml]\nbuildMetadata: [transformerAnnotations]',
      'kind: PrefixSuffixTransformer\nmetadata: {name: t}\nprefix: p-\nsuffix: -s\nfieldSpecs: [{path: metadata/name}]\n',
    ),
  },
  {
    name: 'hashes by a transformer, and by the build once more',
    files: builtins('transformers: [t.yaml]', 'kind: HashTransformer\nmetadata: {name: t}\n'),
  },
  {
    name: 'an account of Google Cloud',
    files: builtins(
      'generators: [t.yaml]\nnamePrefix: p-\nbuildMetadata: [originAnnotations]',
      'kind: IAMPolicyGenerator\nmetadata: {name: t, namespace: q}\ncloud: gke\nkubernetesService: {name: "1.50"}\nserviceAccount: {name: a, projectId: p}\n',
    ),
  },
  {
    name: 'an account of Google Cloud in a namespace',
    files: builtins(
      'generators: [t.yaml]',
      'kind: IAMPolicyGenerator\nmetadata: {name: t}\ncloud: gke\nkubernetesService: {name: k, namespace: n}\nserviceAccount: {name: a, projectId: p}\n',
    ),
  },
  {
    name: 'an account of another cloud',
    files: builtins(
      'generators: [t.yaml]',
      'kind: IAMPolicyGenerator\nmetadata: {name: t}\ncloud: aws\nkubernetesService: {name: k}\nserviceAccount: {name: a, projectId: p}\n',
    ),
    fails: 'kustomize-generator',
  },
  {
    name: 'an account without a name',
    files: builtins(
      'generators: [t.yaml]',
      'kind: IAMPolicyGenerator\nmetadata: {name: t}\ncloud: gke\nkubernetesService: {name: k}\n',
    ),
    fails: 'kustomize-generator',
  },
  {
    name: 'a transformer that does not exist',
    files: builtins('transformers: [t.yaml]', 'kind: SortOrderTransformer\nmetadata: {name: t}\n'),
    fails: 'kustomize-plugin',
  },
  {
    name: 'a generator of charts, which runs Helm',
    files: builtins('generators: [t.yaml]', 'kind: HelmChartInflationGenerator\nmetadata: {name: t}\nname: x\n'),
    fails: 'kustomize-helm',
  },
  // Expressions of Go, of which some would take another engine for ever.
  ...[
    '(a+)+',
    '(a|a)*b?',
    '(?i)AB*',
    '[[:alpha:]]+',
    '\\pL{1,3}',
    'a{2,}',
    '.*.*.*',
    'a|b',
    '(?P<x>a)a',
    '\\Qa\\E+',
    '[^b]+',
    'x*',
  ].map((name) => ({
    name: `names that fit ${name}`,
    files: {
      'kustomization.yaml': `resources: [o.yaml]\npatches:\n- target: {kind: ConfigMap, name: '${name}'}\n  patch: '[{"op": "add", "path": "/data", "value": {"hit": "yes"}}]'\nimages:\n- {name: '${name}', newTag: v2}\n`,
      'o.yaml': ['a', 'aa', 'aab', 'ab', `${'a'.repeat(60)}c`, 'b', 'xyz-1']
        .map(
          (each) =>
            `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${each}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: ${each}}\nspec: {containers: [{name: c, image: "${each}:1"}]}\n`,
        )
        .join('---\n'),
    },
  })),
];
