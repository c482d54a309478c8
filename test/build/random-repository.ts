import fc from 'fast-check';
import type { Files } from '../support/judge.js';
import { identity, labels, objects, podSpec, word } from './random-objects.js';

/** Repositories as people write them: a base or two, layers of overlays, components, with any mixture of features. */
export interface Repository {
  readonly files: Files;
  readonly dir: string;
}

const generator = fc.record(
  {
    name: fc.constantFrom('gen', 'conf'),
    literals: fc.uniqueArray(
      fc.tuple(fc.constantFrom('a', 'b', 'c'), word).map(([key, value]) => `${key}=${value}`),
      { selector: (literal) => literal[0], maxLength: 3 },
    ),
    options: fc.record(
      { disableNameSuffixHash: fc.boolean(), labels, annotations: labels, immutable: fc.boolean() },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['name', 'literals'] },
);
const target = fc.oneof(
  fc.constantFrom(
    { kind: 'Deployment' },
    { kind: 'Deployment|StatefulSet' },
    { group: 'apps' },
    { name: 'a.*' },
    { labelSelector: 'app' },
    { labelSelector: 'app=a,tier!=b' },
    { kind: 'Service', name: 'app' },
    { annotationSelector: 'note' },
    { namespace: 'prod' },
    { kind: 'Nope' },
  ),
);
const mergeBody = fc
  .record(
    {
      metadata: fc.record(
        {
          name: fc.constant('x'),
          labels: fc.dictionary(fc.constantFrom('app', 'new'), fc.constantFrom('p', '2'), { maxKeys: 2 }),
          annotations: fc.dictionary(fc.constantFrom('note', 'z'), word, { maxKeys: 1 }),
        },
        { requiredKeys: ['name'] },
      ),
      spec: fc.record(
        {
          replicas: fc.integer({ min: 0, max: 9 }),
          template: fc.record({
            spec: fc.oneof(
              podSpec,
              fc.record({ containers: fc.constant([{ name: 'main', $patch: 'delete' }]) }),
              fc.record({ nodeSelector: fc.constant(null), tolerations: fc.constant([]) }),
            ),
          }),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['metadata'] },
  )
  .map((body) => ({ apiVersion: 'apps/v1', kind: 'Deployment', ...body }));
const operation = fc.constantFrom<unknown>(
  { op: 'add', path: '/metadata/annotations', value: { json: '1' } },
  { op: 'add', path: '/metadata/labels', value: { json: 'yes' } },
  { op: 'add', path: '/spec', value: { made: [1, 1.5, 'on'] } },
);
const patch = fc.oneof(
  fc
    .tuple(
      fc.constantFrom({ kind: 'Deployment' }, { kind: 'Deployment|StatefulSet|DaemonSet', name: 'app' }),
      mergeBody,
    )
    .map(([select, body]) => ({ target: select, patch: JSON.stringify(body) })),
  fc
    .tuple(target, fc.array(operation, { minLength: 1, maxLength: 2 }))
    .map(([select, list]) => ({ target: select, patch: JSON.stringify(list) })),
);
// Sources must select exactly one object: the base has one that is there for this.
const literalReplacement = fc.constantFrom<unknown>(
  {
    sourceValue: 'literal',
    targets: [
      {
        select: { kind: 'ConfigMap|Service' },
        reject: [{ name: 'web' }],
        fieldPaths: ['metadata.labels.set'],
        options: { create: true },
      },
    ],
  },
  {
    sourceValue: '42',
    targets: [{ select: { kind: 'Deployment|StatefulSet' }, fieldPaths: ['spec.replicas'], options: { create: true } }],
  },
  {
    sourceValue: 'mirror.io',
    targets: [
      {
        select: { kind: 'Deployment' },
        fieldPaths: ['spec.template.spec.containers.*.image'],
        options: { delimiter: '/', index: 0 },
      },
    ],
  },
);
const anchorReplacement = fc.constantFrom<unknown>(
  {
    source: { kind: 'ConfigMap', name: 'anchor', fieldPath: 'metadata.name' },
    targets: [
      { select: { kind: 'Deployment' }, fieldPaths: ['metadata.annotations.anchor'], options: { create: true } },
    ],
  },
  {
    source: { kind: 'ConfigMap', name: 'anchor', fieldPath: 'data.image', options: { delimiter: ':', index: 1 } },
    targets: [
      {
        select: { kind: 'StatefulSet|Deployment' },
        fieldPaths: ['spec.template.spec.containers.[name=main].image'],
        options: { delimiter: ':', index: 1 },
      },
    ],
  },
  {
    source: { kind: 'ConfigMap', name: 'anchor', fieldPath: 'data' },
    targets: [
      { select: { kind: 'Service' }, fieldPaths: ['spec.selector', 'metadata.annotations'], options: { create: true } },
    ],
  },
);
const anchor = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'anchor' }, data: { image: 'x:1.0', k: 'on' } };

const settings = fc.record(
  {
    namespace: fc.constantFrom('prod', 'staging'),
    namePrefix: fc.constantFrom('p-', 'dev-'),
    nameSuffix: fc.constantFrom('-v1', '-x'),
    labels: fc.array(
      fc.record(
        { pairs: labels, includeSelectors: fc.boolean(), includeTemplates: fc.boolean() },
        { requiredKeys: ['pairs'] },
      ),
      { maxLength: 2 },
    ),
    commonLabels: labels,
    commonAnnotations: fc.dictionary(fc.constantFrom('note', 'common'), word, { maxKeys: 2 }),
    images: fc.array(
      fc.record(
        {
          name: fc.constantFrom('nginx', 'team/vllm', 'registry.io:5000/team/vllm', '.*'),
          newTag: fc.constantFrom('v2', '1.10'),
          newName: fc.constant('mirror.io/x'),
          digest: fc.constant('sha256:def'),
        },
        { requiredKeys: ['name'] },
      ),
      { maxLength: 2 },
    ),
    patches: fc.array(patch, { maxLength: 2 }),
    replacements: fc.array(literalReplacement, { maxLength: 1 }),
    configMapGenerator: fc.uniqueArray(generator, { maxLength: 1, selector: (one) => one.name }),
    sortOptions: fc.constantFrom({ order: 'fifo' }, { order: 'legacy' }),
  },
  { requiredKeys: [] },
);

type Settings = Record<string, unknown>;
const asYaml = (list: readonly unknown[]) => list.map((one) => JSON.stringify(one, undefined, 1)).join('\n---\n');

/** Random repositories; `over` is built. */
export const repository: fc.Arbitrary<Repository> = fc
  .record({
    objects,
    more: objects,
    base: settings,
    anchored: fc.array(anchorReplacement, { maxLength: 2 }),
    middle: fc.option(settings, { nil: undefined }),
    other: fc.option(settings, { nil: undefined }),
    over: settings,
    component: fc.option(settings, { nil: undefined }),
  })
  .map(({ objects: first, more, base, anchored, middle, other, over, component }) => {
    const known = new Set(first.map(identity));
    const extra = more.filter((one) => !known.has(identity(one)));
    const files: Record<string, string> = {
      'base/kustomization.yaml': JSON.stringify({
        resources: ['objects.yaml'],
        ...rooted({ ...base, replacements: anchored }, 'base'),
      }),
      'base/objects.yaml': asYaml([anchor, ...first]),
    };
    const resources: string[] = [];
    if (middle !== undefined) {
      files['middle/kustomization.yaml'] = JSON.stringify({ resources: ['../base'], ...rooted(middle, 'middle') });
      resources.push('../middle');
    } else resources.push('../base');
    if (other !== undefined) {
      files['other/kustomization.yaml'] = JSON.stringify({
        resources: ['../base'],
        ...rooted(other, 'other'),
        nameSuffix: '-other',
      });
      resources.push('../other');
    }
    const components: string[] = [];
    if (component !== undefined) {
      files['component/kustomization.yaml'] = JSON.stringify({
        apiVersion: 'kustomize.config.k8s.io/v1alpha1',
        kind: 'Component',
        ...rooted(component, 'component'),
      });
      components.push('../component');
    }
    if (extra.length > 0) {
      files['over/extra.yaml'] = asYaml(extra);
      resources.push('extra.yaml');
    }
    files['over/kustomization.yaml'] = JSON.stringify({ resources, components, ...rooted(over, 'over') });
    return { files, dir: 'over' };
  });

/** Names of generated objects differ from layer to layer, and only the root may order. */
function rooted(given: Settings, layer: string): Settings {
  const { sortOptions, configMapGenerator, ...rest } = given;
  const generators = ((configMapGenerator ?? []) as { name: string }[]).map((one) => ({
    ...one,
    name: `${one.name}-${layer}`,
  }));
  return {
    ...rest,
    ...(generators.length > 0 ? { configMapGenerator: generators } : {}),
    ...(layer === 'over' && sortOptions !== undefined ? { sortOptions } : {}),
  };
}
