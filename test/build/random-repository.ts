import fc from 'fast-check';
import type { Files } from '../support/judge.js';

/** Repositories as people write them: a base or two, layers of overlays, components, with any mixture of features. */
export interface Repository {
  readonly files: Files;
  readonly dir: string;
}

const names = ['app', 'web', 'llama-3-1-8b', 'db'] as const;
const name = fc.constantFrom(...names);
const word = fc.constantFrom(
  'a',
  'b',
  'yes',
  '1',
  'true',
  '1.0',
  'x y',
  'a: b',
  '#',
  '010',
  'null',
  'off',
  '1e3',
  '2020-01-01',
  '-',
  '~',
  '',
  'long '.repeat(30).trim(),
  "it's",
  '"q"',
  'line\nbreak',
  ' lead',
  'é',
);
const image = fc.constantFrom(
  'nginx',
  'nginx:1.0',
  'registry.io:5000/team/vllm:v0.6',
  'team/vllm@sha256:abc',
  'busybox',
);
const labels = fc.dictionary(fc.constantFrom('app', 'tier', 'example.com/x'), fc.constantFrom('a', 'b', '1', 'true'), {
  maxKeys: 2,
});
const scalar = fc.oneof(word, fc.integer({ min: -5, max: 100000 }), fc.boolean(), fc.constantFrom(0.5, 1.5));

const container = (own: string) =>
  fc.record(
    {
      name: fc.constant(own),
      image,
      args: fc.array(word, { maxLength: 3 }),
      env: fc.uniqueArray(fc.constantFrom('A', 'B', 'C'), { maxLength: 3 }).chain((keys) =>
        fc.tuple(
          ...keys.map((key) =>
            fc.oneof(
              word.map((value) => ({ name: key, value })),
              name.map((ref) => ({ name: key, valueFrom: { configMapKeyRef: { name: ref, key: 'k' } } })),
            ),
          ),
        ),
      ),
      ports: fc.uniqueArray(
        fc.record(
          { containerPort: fc.constantFrom(80, 8080), protocol: fc.constantFrom('TCP', 'UDP') },
          { requiredKeys: ['containerPort'] },
        ),
        { maxLength: 2, selector: (port) => port.containerPort },
      ),
      volumeMounts: fc.uniqueArray(fc.record({ name: name, mountPath: fc.constantFrom('/a', '/b') }), {
        maxLength: 2,
        selector: (mount) => mount.mountPath,
      }),
      envFrom: fc.array(
        fc.oneof(
          name.map((ref) => ({ configMapRef: { name: ref } })),
          name.map((ref) => ({ secretRef: { name: ref } })),
        ),
        { maxLength: 2 },
      ),
      resources: fc.constantFrom(
        { limits: { 'nvidia.com/gpu': 1 } },
        { limits: { 'nvidia.com/gpu': '8', memory: '1Gi' } },
        {},
      ),
    },
    { requiredKeys: ['name', 'image'] },
  );

const podSpec = fc.record(
  {
    containers: fc
      .tuple(container('main'), fc.option(container('side'), { nil: undefined }))
      .map((list) => list.filter((item) => item !== undefined)),
    volumes: fc.uniqueArray(
      fc.oneof(
        name.map((ref) => ({ name: `v-${ref}`, configMap: { name: ref } })),
        name.map((ref) => ({ name: `w-${ref}`, secret: { secretName: ref } })),
        name.map((ref) => ({ name: `p-${ref}`, persistentVolumeClaim: { claimName: ref } })),
      ),
      { maxLength: 2, selector: (volume) => volume.name },
    ),
    serviceAccountName: name,
    nodeSelector: labels,
    tolerations: fc.array(fc.record({ key: word, operator: fc.constant('Exists') }), { maxLength: 2 }),
    initContainers: container('init').map((item) => [item]),
  },
  { requiredKeys: ['containers'] },
);

const metadata = (own: fc.Arbitrary<string>) =>
  fc.record(
    {
      name: own,
      labels,
      annotations: fc.dictionary(fc.constantFrom('note', 'example.com/y'), word, { maxKeys: 2 }),
      namespace: fc.constantFrom('default', 'prod'),
    },
    { requiredKeys: ['name'] },
  );

const workload = fc
  .tuple(fc.constantFrom('Deployment', 'StatefulSet', 'DaemonSet'), metadata(name), podSpec, labels)
  .map(([kind, meta, spec, own]) => ({
    apiVersion: 'apps/v1',
    kind,
    metadata: meta,
    spec: {
      ...(kind === 'DaemonSet' ? {} : { replicas: 2 }),
      selector: { matchLabels: { app: meta.name } },
      template: { metadata: { labels: { app: meta.name, ...own } }, spec },
    },
  }));
const job = fc
  .tuple(metadata(name), podSpec)
  .map(([meta, spec]) => ({ apiVersion: 'batch/v1', kind: 'Job', metadata: meta, spec: { template: { spec } } }));
const cronJob = fc.tuple(metadata(name), podSpec).map(([meta, spec]) => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: meta,
  spec: { schedule: '0 0 * * *', jobTemplate: { spec: { template: { spec } } } },
}));
const service = fc.tuple(metadata(name), labels).map(([meta, selector]) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: meta,
  spec: { selector, ports: [{ port: 80, targetPort: 'http' }] },
}));
const configMap = fc
  .tuple(metadata(name), fc.dictionary(fc.constantFrom('k', 'file.txt'), word, { maxKeys: 2 }))
  .map(([meta, data]) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: meta, data }));
const plain = (apiVersion: string, kind: string) =>
  metadata(name).map((meta) => ({ apiVersion, kind, metadata: meta }));
const autoscaler = fc.tuple(metadata(name), name).map(([meta, target]) => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: meta,
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: target } },
}));
const binding = fc
  .tuple(
    fc.constantFrom('RoleBinding', 'ClusterRoleBinding'),
    metadata(name),
    fc.constantFrom('Role', 'ClusterRole'),
    name,
    fc.array(
      fc.record(
        {
          kind: fc.constant('ServiceAccount'),
          name: fc.oneof(name, fc.constant('default')),
          namespace: fc.constantFrom('default', 'prod', 'other'),
        },
        { requiredKeys: ['kind', 'name'] },
      ),
      { maxLength: 2 },
    ),
  )
  .map(([kind, meta, role, target, subjects]) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: meta,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: role, name: target },
    subjects,
  }));
const custom = fc
  .tuple(
    metadata(name),
    fc.dictionary(
      fc.constantFrom('a', 'b', 'list'),
      fc.oneof(
        scalar,
        fc.array(scalar, { maxLength: 3 }),
        fc.array(fc.record({ name: word, value: scalar }), { maxLength: 2 }),
      ),
      { maxKeys: 3 },
    ),
  )
  .map(([meta, spec]) => ({ apiVersion: 'example.com/v1', kind: 'Custom', metadata: meta, spec }));
const object = fc.oneof(
  { weight: 5, arbitrary: workload },
  { weight: 2, arbitrary: fc.oneof(job, cronJob) },
  { weight: 3, arbitrary: service },
  { weight: 3, arbitrary: configMap },
  {
    weight: 2,
    arbitrary: fc.oneof(
      plain('v1', 'Secret'),
      plain('v1', 'ServiceAccount'),
      plain('v1', 'PersistentVolumeClaim'),
      plain('v1', 'Namespace'),
      plain('rbac.authorization.k8s.io/v1', 'Role'),
      plain('rbac.authorization.k8s.io/v1', 'ClusterRole'),
    ),
  },
  { weight: 2, arbitrary: fc.oneof(autoscaler, binding) },
  { weight: 1, arbitrary: custom },
);
type Object = { apiVersion: string; kind: string; metadata: { name: string; namespace?: string } };
const identity = (one: unknown) => {
  const { apiVersion, kind, metadata: meta } = one as Object;
  return `${apiVersion}/${kind}/${meta.name}`;
};
const objects = fc.uniqueArray(object, { minLength: 1, maxLength: 6, selector: identity });

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
