import { type Case, deployment } from './case.js';

const cr = (body: string, kind = 'Model', name = 'm') =>
  `apiVersion: example.com/v1\nkind: ${kind}\nmetadata: {name: ${name}}\n${body}`;
const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: token}\n';
const typed = { kind: {}, apiVersion: {}, metadata: {} };
const crd = (properties: object, more: object = {}) =>
  JSON.stringify({ 'example.com/v1.Model': { Schema: { properties: { ...typed, ...properties } } }, ...more });
const withCrds = (objects: string, definitions: string, more = 'namePrefix: p-\n', file = 'c.json') => ({
  'kustomization.yaml': `resources: [objects.yaml]\ncrds: [${file}]\n${more}`,
  'objects.yaml': objects,
  [file]: definitions,
});
const reference = (extra: object = {}) => ({
  'x-kubernetes-object-ref-api-version': 'v1',
  'x-kubernetes-object-ref-kind': 'Secret',
  ...extra,
});

const description = (properties: object, more: object = {}, list = {}) =>
  JSON.stringify({
    definitions: {
      'com.example.v1.Model': {
        type: 'object',
        properties,
        'x-kubernetes-group-version-kind': [{ group: 'example.com', version: 'v1', kind: 'Model' }],
        ...list,
      },
      ...more,
    },
  });
const merged = (key: string | undefined, items: object) => ({
  type: 'array',
  items,
  'x-kubernetes-patch-strategy': 'merge',
  ...(key === undefined ? {} : { 'x-kubernetes-patch-merge-key': key }),
});
const patched = (object: string, patch: string, api: string, file = 'api.json') => ({
  'kustomization.yaml': `resources: [objects.yaml]\nopenapi: {path: ${file}}\npatches: [{path: patch.yaml}]\n`,
  'objects.yaml': object,
  'patch.yaml': patch,
  [file]: api,
});
const steps = cr('spec:\n  steps:\n  - {id: a, x: 1}\n  - {id: b, x: 2}\n');
const stepsPatch = cr('spec:\n  steps:\n  - {id: b, y: 3}\n  - {id: c, x: 4}\n');
const spec = (properties: object) => ({ spec: { type: 'object', properties } });

/** Definitions of own kinds, in `crds` and in `openapi`. */
export const apiDescriptions: readonly Case[] = [
  {
    name: 'crds: a reference to a name',
    files: withCrds(
      `${cr('spec: {secret: {name: token}}\n')}---\n${secret}`,
      crd({ spec: { $ref: 'Spec' } }, { Spec: { Schema: { properties: { secret: reference() } } } }),
    ),
  },
  {
    name: 'crds: a reference by another key, in YAML',
    files: withCrds(
      `${cr('spec: {secret: {ref: token}}\n')}---\n${secret}`,
      'example.com/v1.Model:\n  Schema:\n    properties:\n      apiVersion: {type: string}\n      kind: {type: string}\n      metadata: {type: object}\n      spec: {$ref: Spec}\nSpec:\n  Schema:\n    properties:\n      secret:\n        x-kubernetes-object-ref-api-version: v1\n        x-kubernetes-object-ref-kind: Secret\n        x-kubernetes-object-ref-name-key: ref\n',
      'namePrefix: p-\n',
      'c.yaml',
    ),
  },
  {
    name: 'crds: label selectors, annotations and identity',
    files: withCrds(
      cr('spec: {select: {a: b}, notes: {}, id: x, other: {}}\n'),
      crd(
        { spec: { $ref: 'Spec' } },
        {
          Spec: {
            Schema: {
              properties: {
                select: { 'x-kubernetes-label-selector': '' },
                notes: { 'x-kubernetes-annotation': '' },
                id: { 'x-kubernetes-identity': '' },
                other: { 'x-kubernetes-label-selector': 3 },
              },
            },
          },
        },
      ),
      'namePrefix: p-\ncommonLabels: {team: red}\ncommonAnnotations: {note: red}\n',
    ),
  },
  {
    name: 'crds: what is not an object of the API counts for nothing',
    files: withCrds(
      `${cr('secret: {name: token}\n')}---\n${secret}`,
      JSON.stringify({ 'example.com/v1.Model': { Schema: { properties: { secret: reference() } } } }),
    ),
  },
  {
    name: 'crds: of a base',
    files: {
      'base/kustomization.yaml': 'resources: [objects.yaml]\ncrds: [c.json]\n',
      'base/objects.yaml': `${cr('secret: {name: token}\n')}---\n${secret}`,
      'base/c.json': crd({ secret: reference() }),
      'over/kustomization.yaml': 'resources: [../base]\nnameSuffix: -s\n',
    },
    dir: 'over',
  },
  {
    name: 'crds: a CustomResourceDefinition',
    files: withCrds(
      cr(''),
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: m}\n',
      '',
      'c.yaml',
    ),
    fails: 'kustomize-crds',
  },
  {
    name: 'crds: a missing file',
    files: { 'kustomization.yaml': 'crds: [c.json]\n' },
    fails: 'kustomize-missing-file',
  },
  {
    name: 'openapi: a merge key of an own kind',
    files: patched(steps, stepsPatch, description(spec({ steps: merged('id', { type: 'object', properties: {} }) }))),
  },
  {
    name: 'openapi: in YAML',
    files: patched(
      steps,
      stepsPatch,
      'definitions:\n  M:\n    x-kubernetes-group-version-kind:\n    - {group: example.com, version: v1, kind: Model}\n    properties:\n      spec:\n        properties:\n          steps: {type: array, items: {}, x-kubernetes-patch-strategy: merge, x-kubernetes-patch-merge-key: id}\n',
      'api.yaml',
    ),
  },
  {
    name: 'openapi: references between definitions, and one that leads back to itself',
    files: patched(
      cr('spec:\n  steps:\n  - {id: a, steps: [{id: x, v: 1}, {id: y}]}\n'),
      cr('spec:\n  steps:\n  - {id: a, steps: [{id: y, v: 2}, {id: z}]}\n'),
      description(
        { spec: { $ref: '#/definitions/Spec' } },
        {
          Spec: { type: 'object', properties: { steps: merged('id', { $ref: '#/definitions/Step' }) } },
          Step: { type: 'object', properties: { steps: merged('id', { $ref: '#/definitions/Step' }) } },
        },
      ),
    ),
  },
  {
    name: 'openapi: several merge keys',
    files: patched(
      cr('spec:\n  ports:\n  - {port: 1, protocol: TCP, a: 1}\n  - {port: 1, protocol: UDP, a: 2}\n'),
      cr('spec:\n  ports:\n  - {port: 1, protocol: UDP, a: 3}\n'),
      description(
        spec({
          ports: { ...merged('port', { type: 'object' }), 'x-kubernetes-list-map-keys': ['port', 'protocol'] },
        }),
      ),
    ),
  },
  {
    name: 'openapi: a list of scalars that is a set, and one that is replaced',
    files: patched(
      cr('spec:\n  set: [a, b]\n  list: [a, b]\n'),
      cr('spec:\n  set: [c, a]\n  list: [c]\n'),
      description(
        spec({
          set: merged(undefined, { type: 'string' }),
          list: { type: 'array', items: { type: 'string' }, 'x-kubernetes-patch-strategy': 'replace' },
        }),
      ),
    ),
  },
  {
    name: 'openapi: a map of one type',
    files: patched(
      cr('spec:\n  groups:\n    x:\n      steps: [{id: a, v: 1}, {id: b}]\n'),
      cr('spec:\n  groups:\n    x:\n      steps: [{id: a, w: 2}]\n'),
      description(
        spec({
          groups: {
            type: 'object',
            additionalProperties: { type: 'object', properties: { steps: merged('id', { type: 'object' }) } },
          },
        }),
      ),
    ),
  },
  {
    name: 'openapi: a description takes the place of the built-in one',
    files: patched(
      deployment(),
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app}\nspec:\n  template:\n    spec:\n      containers:\n      - {name: main, image: other}\n',
      description({}),
    ),
  },
  {
    name: 'openapi: a patch with $patch below a merge key',
    files: patched(
      steps,
      cr('spec:\n  steps:\n  - {id: a, $patch: delete}\n  - {id: b, x: null}\n'),
      description(spec({ steps: merged('id', { type: 'object' }) })),
    ),
  },
  {
    name: 'openapi: the description of the root counts for its bases',
    files: {
      'base/kustomization.yaml': 'resources: [m.yaml]\npatches: [{path: p.yaml}]\nopenapi: {path: other.json}\n',
      'base/m.yaml': steps,
      'base/p.yaml': stepsPatch,
      'base/other.json': description({}),
      'over/kustomization.yaml': 'resources: [../base]\nopenapi: {path: api.json}\n',
      'over/api.json': description(spec({ steps: merged('id', { type: 'object' }) })),
    },
    dir: 'over',
  },
  {
    name: 'openapi: the built-in version',
    files: {
      'kustomization.yaml': 'resources: [a.yaml]\nopenapi: {version: v1.21.2}\npatches: [{path: p.yaml}]\n',
      'a.yaml': deployment(),
      'p.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app}\nspec:\n  template:\n    spec:\n      containers:\n      - {name: main, image: other}\n',
    },
  },
  {
    name: 'openapi: a version that is not built in',
    files: { 'kustomization.yaml': 'resources: [a.yaml]\nopenapi: {version: v1.30.0}\n', 'a.yaml': deployment() },
    fails: 'kustomize-openapi',
  },
  {
    name: 'openapi: a version and a path',
    files: {
      'kustomization.yaml': 'resources: [a.yaml]\nopenapi: {version: v1.21.2, path: c.json}\n',
      'a.yaml': deployment(),
      'c.json': description({}),
    },
    fails: 'kustomize-openapi',
  },
  {
    name: 'openapi: a missing file',
    files: { 'kustomization.yaml': 'resources: [a.yaml]\nopenapi: {path: c.json}\n', 'a.yaml': deployment() },
    fails: 'kustomize-missing-file',
  },
];
