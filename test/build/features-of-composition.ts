import { all, type Case, cm, deployment, one, service } from './case.js';

/** Components, replacements, variables, configurations, plugins, and what cannot be built. */
export const composition: readonly Case[] = [
  {
    name: 'components',
    files: {
      'base/kustomization.yaml': 'resources: [d.yaml]\n',
      'base/d.yaml': all,
      'c1/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: c-\nresources: [extra.yaml]\npatches:\n- patch: |-\n    {apiVersion: apps/v1, kind: Deployment, metadata: {name: app}, spec: {replicas: 7}}\n',
      'c1/extra.yaml': cm('extra'),
      'c2/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nconfigMapGenerator:\n- {name: conf, behavior: merge, literals: [z=1]}\n',
      'over/kustomization.yaml': 'resources: [../base]\ncomponents: [../c2, ../c1]\nnameSuffix: -o\n',
    },
    dir: 'over',
  },
  {
    name: 'a component under resources',
    files: {
      'c/kustomization.yaml': 'kind: Component\nresources: [d.yaml]\n',
      'c/d.yaml': cm('a'),
      'kustomization.yaml': 'resources: [c]\n',
    },
    fails: 'kustomize-kind',
  },
  {
    name: 'a kustomization under components',
    files: {
      'c/kustomization.yaml': 'resources: [d.yaml]\n',
      'c/d.yaml': cm('a'),
      'kustomization.yaml': 'components: [c]\n',
    },
    fails: 'kustomize-kind',
  },
  {
    name: 'replacements',
    files: one(
      'replacements:\n- source: {kind: ConfigMap, name: conf, fieldPath: data.a}\n  targets:\n  - select: {kind: Deployment}\n    fieldPaths: ["spec.template.spec.containers.[name=main].env.[name=A].value", spec.template.spec.containers.0.args.1]\n  - select: {kind: Service}\n    reject: [{name: other}]\n    fieldPaths: [metadata.annotations.made]\n    options: {create: true}\n- source: {kind: ConfigMap, name: conf, fieldPath: metadata.name}\n  targets:\n  - select: {kind: Deployment}\n    fieldPaths: ["spec.template.spec.containers.*.image"]\n    options: {delimiter: "/", index: 1}\n- sourceValue: literal\n  targets:\n  - select: {kind: Service}\n    fieldPaths: [metadata.labels.lit]\n    options: {create: true}\n',
      all,
    ),
  },
  {
    name: 'replacement of structures',
    files: one(
      'replacements:\n- source: {kind: Deployment, fieldPath: spec.template.spec.containers.0.ports}\n  targets:\n  - select: {kind: Service}\n    fieldPaths: [spec.copied]\n    options: {create: true}\n- source: {kind: Deployment, fieldPath: "spec.template.metadata.labels"}\n  targets:\n  - select: {kind: Service}\n    fieldPaths: [spec.selector]\n',
      all,
    ),
  },
  {
    name: 'replacement of a number into a string and back',
    files: one(
      'replacements:\n- source: {kind: Service, fieldPath: spec.ports.0.port}\n  targets:\n  - select: {kind: Deployment}\n    fieldPaths: ["spec.template.spec.containers.0.args.1", spec.replicas]\n- source: {kind: ConfigMap, fieldPath: data.a}\n  targets:\n  - select: {kind: Service}\n    fieldPaths: [spec.ports.0.targetPort]\n',
      `${deployment()}---\n${service()}---\n${cm('conf', 'a: "99"')}`,
    ),
  },
  {
    name: 'replacement with escaped dots',
    files: one(
      'replacements:\n- source: {kind: ConfigMap, fieldPath: "data.a\\\\.b"}\n  targets:\n  - select: {kind: Service}\n    fieldPaths: ["metadata.annotations.x\\\\.io/y", "metadata.annotations.[z.io/w]"]\n    options: {create: true}\n'
        .replaceAll('"data.a\\\\.b"', "'data.a\\.b'")
        .replaceAll('"metadata.annotations.x\\\\.io/y"', "'metadata.annotations.x\\.io/y'"),
      `${service()}---\n${cm('conf', 'a.b: "99"')}`,
    ),
  },
  {
    name: 'replacement from a file',
    files: one('replacements:\n- path: r.yaml\n- path: rs.yaml\n', all, {
      'r.yaml':
        'source: {kind: Service, fieldPath: metadata.name}\ntargets:\n- select: {kind: ConfigMap}\n  fieldPaths: [data.a]\n',
      'rs.yaml':
        '- source: {kind: Deployment}\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [data.b]\n    options: {create: true}\n',
    }),
  },
  {
    name: 'replacement with indexes beyond',
    files: one(
      'replacements:\n- source: {kind: ConfigMap, fieldPath: data.a}\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [data.b]\n    options: {delimiter: "-", index: 5}\n- source: {kind: ConfigMap, fieldPath: data.a, options: {delimiter: "_", index: 1}}\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [data.c]\n    options: {delimiter: "-", index: -1}\n',
      cm('conf', 'a: x_y, b: p-q, c: r-s'),
    ),
  },
  {
    name: 'replacement without source',
    files: one(
      'replacements:\n- source: {kind: Nope}\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [data.a]\n',
      all,
    ),
    fails: 'kustomize-replacement',
  },
  {
    name: 'replacement of a field that is missing',
    files: one(
      'replacements:\n- source: {kind: Service}\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [data.nope.deep]\n',
      all,
    ),
    fails: 'kustomize-replacement',
  },
  {
    name: 'replacement that selects nothing',
    files: one(
      'replacements:\n- source: {kind: Service}\n  targets:\n  - select: {kind: Nope}\n    fieldPaths: [data.nope.deep]\n',
      all,
    ),
  },
  {
    name: 'vars',
    files: one(
      'vars:\n- {name: NAME, objref: {apiVersion: v1, kind: Service, name: app}}\n- {name: PORT, objref: {apiVersion: v1, kind: Service, name: app}, fieldref: {fieldPath: "spec.ports[0].port"}}\nnamePrefix: p-\n',
      `${deployment('app', '        command: [run, $(NAME), "$(NAME)-x", $(PORT), $(UNKNOWN), $$(NAME)]\n')}---\n${service()}`,
    ),
  },
  {
    name: 'own configuration',
    files: one(
      'configurations: [conf.yaml]\nnamePrefix: p-\ncommonLabels: {l: v}\ncommonAnnotations: {note: v}\nnamespace: ns\n',
      `${cm('conf')}---\napiVersion: example.com/v1\nkind: Custom\nmetadata: {name: c}\nspec: {ref: conf, refs: [conf, other], deep: {name: conf, namespace: default}, space: old, name: x}\n`,
      {
        'conf.yaml':
          'nameReference:\n- kind: ConfigMap\n  version: v1\n  fieldSpecs:\n  - {kind: Custom, path: spec/ref}\n  - {kind: Custom, path: spec/refs}\n  - {kind: Custom, path: spec/deep}\nnamespace:\n- {kind: Custom, path: spec/space}\nnamePrefix:\n- {kind: Custom, path: spec/name}\ncommonLabels:\n- {kind: Custom, path: spec/labels, create: true}\ncommonAnnotations:\n- {kind: Custom, path: spec/notes, create: true}\n',
      },
    ),
  },
  {
    name: 'local configuration is left out',
    files: one(
      '',
      `${cm('a')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, annotations: {config.kubernetes.io/local-config: "true"}}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, annotations: {config.kubernetes.io/local-config: "false"}}\n`,
    ),
  },
  {
    name: 'a folder twice',
    files: {
      'base/kustomization.yaml': 'resources: [d.yaml]\n',
      'base/d.yaml': cm('a'),
      'kustomization.yaml': 'resources: [base, base]\n',
    },
    fails: 'kustomize-duplicate-id',
  },
  { name: 'an unknown field', files: one('resource: []\n', cm('a')), fails: 'kustomize-unknown-field' },
  { name: 'a field of another type', files: one('namePrefix: 12\n', cm('a')), fails: 'kustomize-invalid-field' },
  {
    name: 'a label that is not a string',
    files: one('commonLabels: {a: 1}\n', cm('a')),
    fails: 'kustomize-invalid-field',
  },
  {
    name: 'a tag that is not a string',
    files: one('images:\n- {name: a, newTag: 1.10}\n', cm('a')),
    fails: 'kustomize-invalid-field',
  },
  {
    name: 'fields in another case',
    files: { 'kustomization.yaml': 'Resources: [objects.yaml]\nnameprefix: p-\n', 'objects.yaml': cm('a') },
  },
  { name: 'an empty kustomization', files: { 'kustomization.yaml': '' }, fails: 'kustomize-empty' },
  { name: 'a kustomization without resources', files: { 'kustomization.yaml': 'namespace: a\n' } },
  { name: 'no kustomization', files: { 'x.yaml': '' }, fails: 'kustomize-no-kustomization' },
  {
    name: 'two kustomizations',
    files: { 'kustomization.yaml': 'resources: []', 'kustomization.yml': 'resources: []' },
    fails: 'kustomize-several-kustomizations',
  },
  { name: 'Kustomization without ending', files: { Kustomization: 'resources: [a.yaml]\n', 'a.yaml': cm('a') } },
  {
    name: 'a cycle',
    files: { 'a/kustomization.yaml': 'resources: [../b]\n', 'b/kustomization.yaml': 'resources: [../a]\n' },
    dir: 'a',
    fails: 'kustomize-cycle',
  },
  { name: 'itself', files: { 'kustomization.yaml': 'resources: [.]\n' }, fails: 'kustomize-cycle' },
  { name: 'a missing file', files: { 'kustomization.yaml': 'resources: [a.yaml]\n' }, fails: 'kustomize-missing-file' },
  {
    name: 'a file outside',
    files: { 'over/kustomization.yaml': 'resources: [../a.yaml]\n', 'a.yaml': cm('a') },
    dir: 'over',
    fails: 'kustomize-outside-root',
  },
  { name: 'a document without kind', files: one('', 'a: b\n'), fails: 'kustomize-not-an-object' },
  {
    name: 'a document without name',
    files: one('', 'apiVersion: v1\nkind: A\nmetadata: {}\n'),
    fails: 'kustomize-not-an-object',
  },
  {
    name: 'a duplicate key',
    files: one('', 'apiVersion: v1\nkind: A\nmetadata: {name: a}\nx: 1\nx: 2\n'),
    fails: 'yaml-duplicate-key',
  },
  { name: 'bad YAML', files: one('', 'apiVersion: v1\nkind: [\n'), fails: 'yaml-syntax' },
  {
    name: 'openAPI, crds and metadata fields',
    files: one('metadata: {name: x}\nbuildMetadata: [managedByLabel]\n', cm('a')),
  },
  {
    name: 'origin annotations',
    files: {
      'base/kustomization.yaml': 'resources: [d.yaml]\nconfigMapGenerator: [{name: g, literals: [a=b]}]\n',
      'base/d.yaml': cm('a'),
      'over/kustomization.yaml':
        'resources: [../base]\nbuildMetadata: [originAnnotations, transformerAnnotations]\nnamePrefix: p-\n',
    },
    dir: 'over',
  },
  {
    name: 'a built-in transformer and generator',
    files: one('transformers: [t.yaml]\ngenerators: [g.yaml]\n', all, {
      't.yaml':
        'apiVersion: builtin\nkind: PrefixTransformer\nmetadata: {name: x}\nprefix: t-\nfieldSpecs: [{path: metadata/name}]\n---\napiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: l}\nlabels: {q: r}\nfieldSpecs: [{path: metadata/labels, create: true}]\n',
      'g.yaml': 'apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: gen}\nliterals: [a=b]\n',
    }),
  },
  {
    name: 'a namespace transformer with options',
    files: one(
      'transformers:\n- |-\n  apiVersion: builtin\n  kind: NamespaceTransformer\n  metadata: {name: x, namespace: ns}\n  setRoleBindingSubjects: allServiceAccounts\n  unsetOnly: true\n  fieldSpecs: [{path: metadata/namespace, create: true}]\n',
      `${cm('a')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: own}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: rb}\nsubjects: [{kind: ServiceAccount, name: x}, {kind: User, name: y}]\n`,
    ),
  },
];
