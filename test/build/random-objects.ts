import fc from 'fast-check';

const names = ['app', 'web', 'llama-3-1-8b', 'db'] as const;
const name = fc.constantFrom(...names);
export const word = fc.constantFrom(
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
export const labels = fc.dictionary(
  fc.constantFrom('app', 'tier', 'example.com/x'),
  fc.constantFrom('a', 'b', '1', 'true'),
  {
    maxKeys: 2,
  },
);
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

export const podSpec = fc.record(
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
export const identity = (one: unknown) => {
  const { apiVersion, kind, metadata: meta } = one as Object;
  return `${apiVersion}/${kind}/${meta.name}`;
};
export const objects = fc.uniqueArray(object, { minLength: 1, maxLength: 6, selector: identity });
