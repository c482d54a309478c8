import type { Case } from './features.js';

const one = (kustomization: string, objects: string, more: Record<string, string> = {}) => ({
  'kustomization.yaml': `resources: [objects.yaml]\n${kustomization}`,
  'objects.yaml': objects,
  ...more,
});
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
];
