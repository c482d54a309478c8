import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../build/resource.js';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { fieldChanges } from './field-diff.js';
import { renderedDifference } from './rendered-diff.js';
import { renderedDifferenceText } from './rendered-diff-text.js';

function resource(value: JsonObject): Resource {
  const source = { file: 'x.yaml', via: 'resource' };
  return { value, origin: source, changedBy: [], sourceOf: () => source };
}

const text = (before: readonly JsonObject[], after: readonly JsonObject[]) =>
  renderedDifferenceText(renderedDifference(before.map(resource), after.map(resource)));

const container = {
  name: 'vllm',
  image: 'vllm/vllm-openai:v0.9.0',
  args: ['--model', 'x'],
  resources: { limits: { 'nvidia.com/gpu': 4 } },
};

function deployment(
  more: { replicas?: number; container?: JsonObject; strategy?: JsonObject; metadata?: JsonObject } = {},
): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'llama', namespace: 'prod', ...more.metadata },
    spec: {
      replicas: more.replicas ?? 4,
      strategy: more.strategy ?? { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
      template: { spec: { containers: [{ ...container, ...more.container }] } },
    },
  };
}

const configMap = (name: string, data: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'prod' },
  data,
});

describe('what is said of a change', () => {
  it('a new image restarts Pods, with GPUs and the dip', () => {
    expect(text([deployment()], [deployment({ container: { image: 'vllm/vllm-openai:v0.9.1' } })])).toBe(
      `~ Deployment prod/llama
    spec.template.spec.containers[vllm].image: "vllm/vllm-openai:v0.9.0" → "vllm/vllm-openai:v0.9.1"
    restarts 4 Pods (16 GPUs)
    during the rollout up to 1 Pod fewer (4 GPUs)

0 added, 1 changed, 0 removed, 0 unchanged; 1 workload restarted (16 GPUs)
`,
    );
  });

  it('a new size restarts nothing', () => {
    expect(text([deployment()], [deployment({ replicas: 6 })])).toBe(
      `~ Deployment prod/llama
    spec.replicas: 4 → 6
    GPUs: 16 → 24

0 added, 1 changed, 0 removed, 0 unchanged; GPUs 16 → 24
`,
    );
  });

  it('a list without keys shows its items', () => {
    const args = ['--model', 'x', '--max-model-len=8192'];
    expect(text([deployment()], [deployment({ container: { args } })])).toContain(
      '    spec.template.spec.containers[vllm].args:\n      + "--max-model-len=8192"\n',
    );
  });

  it('objects come and go', () => {
    expect(text([deployment(), configMap('a', {})], [configMap('a', {}), configMap('b', { x: '1' })])).toBe(
      `+ ConfigMap prod/b

- Deployment prod/llama
    GPUs: 16 → 0

1 added, 0 changed, 1 removed, 1 unchanged; GPUs 16 → 0
`,
    );
  });

  it('nothing, where nothing differs', () => {
    expect(text([deployment()], [deployment()])).toBe('no difference in 1 object\n');
  });

  it('a generated name that only has another hash is the same object', () => {
    expect(text([configMap('c-2kf9b8h4tm', { a: '1' })], [configMap('c-7c4gh62m5t', { a: '2' })])).toContain(
      '~ ConfigMap prod/c-7c4gh62m5t (was c-2kf9b8h4tm)\n    data.a: "1" → "2"\n    metadata.name: ',
    );
    const two = renderedDifference(
      [configMap('c-2kf9b8h4tm', {}), configMap('c-bcdfghkmt2', {})].map(resource),
      [configMap('c-7c4gh62m5t', {})].map(resource),
    );
    expect([two.added, two.removed, two.changed]).toEqual([1, 2, 0]);
    expect(text([configMap('plain-one', {})], [configMap('plain-two', {})])).toContain('1 added, 0 changed, 1 removed');
  });

  it('a value cannot steer the terminal or look like a line', () => {
    const out = text(
      [configMap('a', { k: 'x' })],
      [configMap('a', { k: 'y\n+ Secret\u001b[2J\u202e', 'o\u001bdd': '1' })],
    );
    expect(out).not.toMatch(/[\u001b\u202e]/u);
    expect(out.split('\n').filter((line) => line.startsWith('+'))).toEqual([]);
  });
});

describe('whether Pods restart', () => {
  const kinds: readonly [string, JsonObject, JsonObject, string][] = [
    [
      'template annotation',
      { template: { metadata: {} } },
      { template: { metadata: { annotations: { a: '1' } } } },
      'yes',
    ],
    ['strategy', { strategy: { type: 'Recreate' } }, { strategy: { type: 'RollingUpdate' } }, 'no'],
    ['paused', {}, { paused: true }, 'no'],
  ];
  it.each(kinds)('of a Deployment whose %s changes', (_name, from, to, restarts) => {
    const of = (spec: JsonObject) =>
      resource({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x' }, spec });
    expect(renderedDifference([of(from)], [of(to)]).objects[0]?.effect?.restarts).toBe(restarts);
  });

  const one = (apiVersion: string, kind: string, spec: JsonObject) =>
    resource({ apiVersion, kind, metadata: { name: 'x' }, spec });
  const pod = (image: string) => ({ spec: { containers: [{ name: 'a', image }] } });
  it.each([
    ['a StatefulSet', 'apps/v1', 'StatefulSet', (image: string) => ({ template: pod(image) }), 'yes'],
    [
      'a StatefulSet that waits',
      'apps/v1',
      'StatefulSet',
      (image: string) => ({ template: pod(image), updateStrategy: { type: 'OnDelete' } }),
      'no',
    ],
    [
      'a CronJob',
      'batch/v1',
      'CronJob',
      (image: string) => ({ jobTemplate: { spec: { template: pod(image) } } }),
      'no',
    ],
    [
      'a LeaderWorkerSet',
      'leaderworkerset.x-k8s.io/v1',
      'LeaderWorkerSet',
      (image: string) => ({ leaderWorkerTemplate: { size: 2, workerTemplate: pod(image) } }),
      'yes',
    ],
    [
      'an InferenceService',
      'serving.kserve.io/v1beta1',
      'InferenceService',
      (image: string) => ({ predictor: pod(image).spec }),
      'likely',
    ],
  ] as const)('of %s', (_name, apiVersion, kind, spec, restarts) => {
    const { objects } = renderedDifference([one(apiVersion, kind, spec('a:1'))], [one(apiVersion, kind, spec('a:2'))]);
    expect(objects[0]?.effect?.restarts).toBe(restarts);
  });

  it.each([
    ['a hook', { 'argocd.argoproj.io/hook': 'PreSync' }, 'runs anew'],
    ['any other Job', {}, 'immutable'],
  ])('%s says what becomes of it', (_name, annotations, note) => {
    const job = (image: string) =>
      resource({
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'x', annotations },
        spec: { template: pod(image) },
      });
    const { effect } = renderedDifference([job('a:1')], [job('a:2')]).objects[0] ?? {};
    expect(effect).toMatchObject({ restarts: 'no', note: expect.stringContaining(note) });
  });

  it('Recreate takes all Pods away at once', () => {
    const strategy = { type: 'Recreate' };
    const { objects } = renderedDifference(
      [resource(deployment({ strategy }))],
      [resource(deployment({ strategy, container: { image: 'x' } }))],
    );
    expect(objects[0]?.effect).toMatchObject({ dip: { pods: 4, gpus: 16 }, surge: { pods: 0, gpus: 0 } });
  });

  it('objects without Pods have no effect', () => {
    expect(renderedDifference([], [resource(configMap('a', {}))]).objects[0]).not.toHaveProperty('effect');
  });
});

describe('which fields differ', () => {
  const pods = (spec: JsonObject): JsonObject => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec });
  const cases: readonly [string, JsonObject, JsonObject, readonly string[]][] = [
    [
      'order of keyed lists',
      { containers: [{ name: 'a' }, { name: 'b' }] },
      { containers: [{ name: 'b' }, { name: 'a' }] },
      [],
    ],
    [
      'order of init containers',
      { initContainers: [{ name: 'a' }, { name: 'b' }] },
      { initContainers: [{ name: 'b' }, { name: 'a' }] },
      ['reordered spec.initContainers'],
    ],
    [
      'an item in front',
      { volumes: [{ name: 'b' }] },
      { volumes: [{ name: 'a' }, { name: 'b' }] },
      ['added spec.volumes[a]'],
    ],
    [
      'ports by number',
      { containers: [{ name: 'a', ports: [{ containerPort: 1 }, { containerPort: 2, name: 'x' }] }] },
      { containers: [{ name: 'a', ports: [{ containerPort: 2, name: 'y' }, { containerPort: 1 }] }] },
      ['changed spec.containers[a].ports[2].name'],
    ],
    [
      'mounts by path',
      {
        containers: [
          {
            name: 'a',
            volumeMounts: [
              { mountPath: '/a', name: 'v' },
              { mountPath: '/b', name: 'v' },
            ],
          },
        ],
      },
      {
        containers: [
          {
            name: 'a',
            volumeMounts: [
              { mountPath: '/b', name: 'w' },
              { mountPath: '/a', name: 'v' },
            ],
          },
        ],
      },
      ['changed spec.containers[a].volumeMounts[/b].name'],
    ],
    ['null and absent', { nodeName: null }, {}, []],
    ['a number and a text', { priority: 1 }, { priority: '1' }, ['changed spec.priority']],
    [
      'a list that has no keys',
      { tolerations: [{ key: 'a' }] },
      { tolerations: [{ key: 'b' }] },
      ['changed spec.tolerations[0].key'],
    ],
    [
      'a key with a slash',
      { nodeSelector: { 'a/b': '1' } },
      { nodeSelector: { 'a/b': '2' } },
      ['changed spec.nodeSelector["a/b"]'],
    ],
    ['an empty map', { containers: [] }, { containers: [], securityContext: {} }, ['added spec.securityContext']],
  ];
  it.each(cases)('%s', (_name, before, after, expected) => {
    expect(fieldChanges(pods(before), pods(after)).map((one) => `${one.kind} ${one.path}`)).toEqual(expected);
  });
});

describe('for any objects', () => {
  const key = fc.constantFrom('a', 'b', 'name', 'env', 'spec', 'x/y', '~', '__proto__x');
  const json = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<Json>('s', 't', 1, true, null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 3 }),
    ),
  })).value;
  const object = fc
    .dictionary(key, json, { maxKeys: 4 })
    .map((spec) => ({ apiVersion: 'example.com/v1', kind: 'X', metadata: { name: 'x' }, spec }) as JsonObject);

  const shuffled = (value: Json): Json => {
    if (Array.isArray(value)) return (value as Json[]).map(shuffled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, below]) => [name, shuffled(below as Json)]),
    );
  };

  it('the order of keys does not count, and what is equal has no difference', () => {
    fc.assert(
      fc.property(object, (one) => {
        expect(fieldChanges(one, shuffled(one) as JsonObject)).toEqual([]);
      }),
      { seed: 81, numRuns: 500 },
    );
  });

  it('a difference is seen from both sides, and its pointers lead to values that differ', () => {
    fc.assert(
      fc.property(object, object, (one, two) => {
        const there = fieldChanges(one, two);
        const back = fieldChanges(two, one);
        expect(back.length).toBe(there.length);
        const { objects } = renderedDifference([resource(one)], [resource(two)]);
        for (const field of objects[0]?.fields ?? [])
          if (field.kind === 'changed') expect(JSON.stringify(field.before)).not.toBe(JSON.stringify(field.after));
      }),
      { seed: 82, numRuns: 500 },
    );
  });
});

describe('secrets', () => {
  const token = `hf_${'A'.repeat(30)}`;
  const before = [
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { k: 'b2xk' }, stringData: { p: 'old-plain' } },
    deployment({
      container: {
        env: [
          { name: 'HF_TOKEN', value: 'old-literal' },
          { name: 'X', value: token },
        ],
      },
    }),
    configMap('c', { API_KEY: 'old-key', plain: 'seen-old' }),
  ];
  const after = [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      data: { k: 'bmV3', added: 'bmV3' },
      stringData: { p: 'new-plain' },
    },
    deployment({
      container: {
        env: [
          { name: 'HF_TOKEN', value: 'new-literal' },
          { name: 'X', value: `${token}B` },
        ],
      },
      metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'new-plain' } },
    }),
    configMap('c', { API_KEY: 'new-key', plain: 'seen-new' }),
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'new' }, data: { k: 'bmV3' } },
  ];

  it('are named where they change, and never shown', () => {
    const difference = renderedDifference(before.map(resource), after.map(resource));
    const shown = `${JSON.stringify(difference.objects.map(({ fields }) => fields))}${renderedDifferenceText(difference)}`;
    for (const secret of [
      'b2xk',
      'bmV3',
      'old-plain',
      'new-plain',
      'old-literal',
      'new-literal',
      'old-key',
      'new-key',
      token,
    ])
      expect(shown).not.toContain(secret);
    expect(shown).toContain('data.k: changed (values hidden)');
    expect(shown).toContain('containers[vllm].env[HF_TOKEN].value: changed (values hidden)');
    expect(shown).toContain('"seen-old" → "seen-new"');
  });
});
