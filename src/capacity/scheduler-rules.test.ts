import { beforeAll, describe, expect, it } from 'vitest';
import { container, demand, deployment, fits, gpu, node, steady, verdictOn } from '../../test/capacity/kit.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import { loadHighs } from '../io/highs.js';
import { judge, nodesOfPool, podContextOf, type Solver, settle, withResourceSlices } from './index.js';

/**
 * The rules by which a Pod fits a node, one table each, in the order in which the scheduler, the controllers and the
 * device plugins apply them.
 */
let solver: Solver;
beforeAll(async () => {
  solver = await loadHighs();
});

const one = (podSpec: JsonObject, replicas = 1) => deployment('a', podSpec, { replicas });
const gpus = (count: number) => container({ [gpu]: count });
const requestsOf = (podSpec: JsonObject) => demand(one(podSpec)).templates[0]?.pod.requests;

describe('1: the request of a Pod', () => {
  const init = (resources: JsonObject, always = false) => ({
    ...container(resources),
    ...(always ? { restartPolicy: 'Always' } : {}),
  });
  it.each<[string, JsonObject, Record<string, number>]>([
    ['containers add up', { containers: [container({ cpu: '1' }), container({ cpu: '500m' })] }, { cpu: 1500 }],
    [
      'an init container counts where it is larger',
      { containers: [container({ cpu: '1' })], initContainers: [init({ cpu: '4' })] },
      { cpu: 4000 },
    ],
    [
      'init containers run one after the other',
      { containers: [container({ cpu: '1' })], initContainers: [init({ cpu: '3' }), init({ cpu: '2' })] },
      { cpu: 3000 },
    ],
    [
      'a sidecar adds to the containers',
      { containers: [container({ cpu: '1' })], initContainers: [init({ cpu: '2' }, true)] },
      { cpu: 3000 },
    ],
    [
      'a sidecar runs beside later init containers',
      { containers: [container({ cpu: '1' })], initContainers: [init({ cpu: '2' }, true), init({ cpu: '4' })] },
      { cpu: 6000 },
    ],
    [
      'and not beside earlier ones',
      { containers: [container({ cpu: '1' })], initContainers: [init({ cpu: '4' }), init({ cpu: '2' }, true)] },
      { cpu: 4000 },
    ],
    [
      'an init container with a GPU holds it once',
      { containers: [gpus(1)], initContainers: [init({ [gpu]: 1 })] },
      { [gpu]: 1 },
    ],
    [
      'the Pod level wins',
      { containers: [container({ cpu: '1' })], resources: { requests: { cpu: '3' } } },
      { cpu: 3000 },
    ],
    [
      'a Pod-level limit stands in for a request',
      { containers: [{ name: 'a' }], resources: { limits: { memory: '1Gi' } } },
      { memory: 2 ** 30 },
    ],
    [
      'overhead is added',
      { containers: [container({ cpu: '1' })], overhead: { cpu: '250m', memory: '64Mi' } },
      { cpu: 1250, memory: 64 * 2 ** 20 },
    ],
  ])('%s', (_, spec, expected) => {
    expect(requestsOf(spec)).toEqual({ ...expected, pods: 1 });
  });
});

describe('2: extended resources', () => {
  it.each<[string, JsonObject, number]>([
    ['a limit is the request too', { limits: { [gpu]: 2 } }, 2],
    ['written as a string', { limits: { [gpu]: '2' } }, 2],
    ['the request is what counts', { limits: { [gpu]: 2 }, requests: { [gpu]: 2 } }, 2],
  ])('%s', (_, resources, expected) => {
    expect(requestsOf({ containers: [{ name: 'a', resources }] })?.[gpu]).toBe(expected);
  });
  it('a name the node does not advertise is 0', () => {
    expect(fits([node('n')], [one({ containers: [container({ 'amd.com/gpu': 1 })] })])).toBe(false);
    expect(fits([node('n')], [one({ containers: [container({ 'nvidia.com/GPU': 1 })] })])).toBe(false);
  });
});

describe('3: what is free', () => {
  it.each<[string, Parameters<typeof node>[1], JsonObject, number, boolean]>([
    ['exactly full', {}, { containers: [gpus(4)] }, 2, true],
    ['one more', {}, { containers: [gpus(4)] }, 3, false],
    ['what is taken is gone', { taken: { [gpu]: 1 } }, { containers: [gpus(4)] }, 2, false],
    ['memory counts beside GPUs', { memory: 100 }, { containers: [container({ [gpu]: 1, memory: '60Gi' })] }, 2, false],
    ['to the byte', { memory: 120 }, { containers: [container({ memory: '60Gi' })] }, 2, true],
    ['and one byte more', { memory: 120 }, { containers: [container({ memory: '64424509441' })] }, 2, false],
    ['milli CPU', { cpu: 1 }, { containers: [container({ cpu: '500m' })] }, 2, true],
    ['one milli more', { cpu: 1 }, { containers: [container({ cpu: '501m' })] }, 2, false],
    ['the number of Pods', { pods: 2 }, { containers: [container({ cpu: '1m' })] }, 3, false],
    [
      'ephemeral storage',
      { more: { 'ephemeral-storage': 100 * 2 ** 30 } },
      { containers: [container({ 'ephemeral-storage': '60Gi' })] },
      2,
      false,
    ],
  ])('%s', (_, shape, spec, replicas, expected) => {
    expect(fits([node('n', shape)], [one(spec, replicas)], { solver })).toBe(expected);
  });
  const daemon = (spec: JsonObject): JsonObject => ({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'd', namespace: 'ns' },
    spec: { template: { metadata: { labels: { app: 'd' } }, spec } },
  });
  it('DaemonSet Pods hold their share of every node they match', () => {
    const big = one({ containers: [container({ cpu: '64' })] });
    const small = daemon({ containers: [container({ cpu: '100m' })] });
    expect(fits([node('n')], [big, small])).toBe(false);
    expect(
      fits([node('n')], [big, daemon({ nodeSelector: { other: 'x' }, containers: [container({ cpu: '100m' })] })]),
    ).toBe(true);
  });
  it('a DaemonSet Pod that finds no room is said so', () => {
    const verdict = verdictOn([node('n', { cpu: 1 })], [daemon({ containers: [container({ cpu: '2' })] })]);
    expect([verdict.status, verdict.message]).toEqual([
      'impossible',
      'The DaemonSet Pod of DaemonSet/ns/d has no room on n.',
    ]);
  });
  it('a Pod that keeps away from a DaemonSet keeps away from its nodes', () => {
    const away = one({
      containers: [gpus(1)],
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'd' } } },
          ],
        },
      },
    });
    const here = daemon({ nodeSelector: { d: '1' }, containers: [container({ cpu: '100m' })] });
    expect(fits([node('n', { labels: { d: '1' } })], [away, here], { solver })).toBe(false);
    expect(fits([node('n', { labels: { d: '1' } }), node('m')], [away, here], { solver })).toBe(true);
  });
});

describe('4: Pods that ask for nothing', () => {
  it('are counted as Pods only', () => {
    expect(fits([node('n', { gpus: 0, cpu: 0, memory: 0 })], [one({ containers: [{ name: 'a' }] })])).toBe(true);
    expect(fits([node('n', { pods: 2, taken: { pods: 2 } })], [one({ containers: [{ name: 'a' }] })])).toBe(false);
  });
});

describe('5: taints', () => {
  const tainted = (effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute', value = 'present') => [
    node('n', { taints: [{ key: gpu, value, effect }] }),
  ];
  const tolerating = (toleration: JsonObject) => one({ containers: [gpus(1)], tolerations: [toleration] });
  it.each<[string, ReturnType<typeof tainted>, JsonObject, boolean]>([
    ['NoSchedule keeps away', tainted('NoSchedule'), one({ containers: [gpus(1)] }), false],
    ['NoExecute keeps away', tainted('NoExecute'), one({ containers: [gpus(1)] }), false],
    ['PreferNoSchedule does not', tainted('PreferNoSchedule'), one({ containers: [gpus(1)] }), true],
    ['Exists', tainted('NoSchedule'), tolerating({ key: gpu, operator: 'Exists' }), true],
    ['Exists without a key is everything', tainted('NoSchedule'), tolerating({ operator: 'Exists' }), true],
    ['Equal', tainted('NoSchedule'), tolerating({ key: gpu, operator: 'Equal', value: 'present' }), true],
    ['Equal is the default', tainted('NoSchedule'), tolerating({ key: gpu, value: 'present' }), true],
    ['another value', tainted('NoSchedule'), tolerating({ key: gpu, value: 'true' }), false],
    ['no value is the empty value', tainted('NoSchedule', ''), tolerating({ key: gpu }), true],
    ['another effect', tainted('NoExecute'), tolerating({ key: gpu, operator: 'Exists', effect: 'NoSchedule' }), false],
    ['a cordoned node', [node('n', { unschedulable: true })], one({ containers: [gpus(1)] }), false],
    [
      'tolerated cordon',
      [node('n', { unschedulable: true })],
      tolerating({ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }),
      true,
    ],
  ])('%s', (_, nodes, object, expected) => {
    expect(fits(nodes, [object])).toBe(expected);
  });
});

describe('6: nodeSelector and node affinity', () => {
  const labelled = node('n', { labels: { pool: 'h100', memory: '81559', zone: 'a' } });
  const affine = (...nodeSelectorTerms: readonly JsonObject[]) =>
    one({
      containers: [gpus(1)],
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
    });
  const expression = (key: string, operator: string, ...values: readonly string[]) => ({
    matchExpressions: [{ key, operator, ...(values.length > 0 ? { values } : {}) }],
  });
  it.each<[string, JsonObject, boolean]>([
    ['selector', one({ containers: [gpus(1)], nodeSelector: { pool: 'h100' } }), true],
    ['selector with another value', one({ containers: [gpus(1)], nodeSelector: { pool: 'a100' } }), false],
    ['selector on a label nothing sets', one({ containers: [gpus(1)], nodeSelector: { 'gpu-type': 'a100' } }), false],
    ['In', affine(expression('pool', 'In', 'a100', 'h100')), true],
    ['NotIn', affine(expression('pool', 'NotIn', 'h100')), false],
    ['NotIn where the key is absent', affine(expression('absent', 'NotIn', 'x')), true],
    ['Exists', affine(expression('pool', 'Exists')), true],
    ['DoesNotExist', affine(expression('pool', 'DoesNotExist')), false],
    ['Gt', affine(expression('memory', 'Gt', '80000')), true],
    ['Gt is strict', affine(expression('memory', 'Gt', '81559')), false],
    ['Lt', affine(expression('memory', 'Lt', '80000')), false],
    ['Gt on what is no number', affine(expression('pool', 'Gt', '1')), false],
    ['terms are alternatives', affine(expression('pool', 'In', 'a100'), expression('zone', 'In', 'a')), true],
    [
      'expressions of a term go together',
      affine({
        matchExpressions: [
          { key: 'pool', operator: 'In', values: ['h100'] },
          { key: 'zone', operator: 'In', values: ['b'] },
        ],
      }),
      false,
    ],
    ['an empty term matches nothing', affine({}), false],
    ['no term at all matches nothing', affine(), false],
    ['matchFields', affine({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n'] }] }), true],
    [
      'matchFields with another name',
      affine({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['m'] }] }),
      false,
    ],
    [
      'preferred is a wish',
      one({
        containers: [gpus(1)],
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 1, preference: expression('pool', 'In', 'a100') },
            ],
          },
        },
      }),
      true,
    ],
    ['nodeName', one({ containers: [gpus(1)], nodeName: 'm' }), false],
  ])('%s', (_, object, expected) => {
    expect(fits([labelled], [object])).toBe(expected);
  });
});

describe('14: names of slices and shares', () => {
  const pool = (more: object) =>
    nodesOfPool({ name: 'p', gpusPerNode: 2, nodes: 1, allocatable: { cpu: 64, memory: '512Gi' }, ...more });
  it.each<[string, object, string, number]>([
    ['whole GPUs', {}, gpu, 2],
    ['MIG, mixed', { mig: { strategy: 'mixed', profiles: { '1g.10gb': 7 } } }, 'nvidia.com/mig-1g.10gb', 14],
    ['MIG, single', { mig: { strategy: 'single', profiles: { '1g.10gb': 7 } } }, gpu, 14],
    ['time-slicing', { timeSlicing: { replicas: 4 } }, gpu, 8],
    ['time-slicing, renamed', { timeSlicing: { replicas: 4, renameByDefault: true } }, 'nvidia.com/gpu.shared', 8],
    ['another vendor', { gpuResource: 'amd.com/gpu' }, 'amd.com/gpu', 2],
  ])('%s', (_, more, resource, count) => {
    const devices = Object.entries(pool(more)[0]?.allocatable ?? {}).filter(([name]) => name.includes('/'));
    expect(devices).toEqual([[resource, count]]);
    expect(fits(pool(more), [one({ containers: [container({ [resource]: 1 })] }, count)])).toBe(true);
    expect(fits(pool(more), [one({ containers: [container({ [resource]: 1 })] }, count + 1)])).toBe(false);
  });
  it('slices never stand in for whole GPUs', () => {
    expect(
      fits(pool({ mig: { strategy: 'mixed', profiles: { '1g.10gb': 7 } } }), [one({ containers: [gpus(1)] })]),
    ).toBe(false);
  });
});

describe('15: devices by claim', () => {
  const template: JsonObject = {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaimTemplate',
    metadata: { name: 'two', namespace: 'ns' },
    spec: {
      spec: { devices: { requests: [{ name: 'gpu', exactly: { deviceClassName: 'gpu.nvidia.com', count: 2 } }] } },
    },
  };
  const slice: JsonObject = {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceSlice',
    metadata: { name: 's' },
    spec: {
      nodeName: 'n',
      driver: 'gpu.nvidia.com',
      devices: [{ name: '0' }, { name: '1' }, { name: '2' }, { name: '3' }],
    },
  };
  const claiming = (replicas: number) =>
    deployment(
      'a',
      {
        containers: [{ name: 'a', resources: { claims: [{ name: 'gpu' }] } }],
        resourceClaims: [{ name: 'gpu', resourceClaimTemplateName: 'two' }],
      },
      { replicas },
    );
  it.each([
    [2, 'possible'],
    [3, 'impossible'],
  ])('%i Pods of two devices each on a node that publishes four: %s', (replicas, expected) => {
    const published = withResourceSlices([node('n', { gpus: 0 })], [slice]);
    const workload = demand(claiming(replicas), podContextOf([template]));
    const { nodes, workloads } = settle(published, [workload]);
    expect(workloads[0]?.templates[0]?.pod.requests['dra/gpu.nvidia.com']).toBe(2);
    expect(judge(nodes, workloads, steady(workloads), { solver, order: false }).status).toBe(expected);
  });
  it('says so where a claim is not among the manifests', () => {
    expect(demand(claiming(1)).unread).toEqual([
      'resource claim two is not among the manifests: its devices were not counted',
    ]);
  });
});

describe('host ports', () => {
  const port = (more: JsonObject) => ({ containers: [container({ cpu: '1' }, { ports: [more] })] });
  it.each<[string, JsonObject, boolean]>([
    ['one Pod a node', port({ containerPort: 8000, hostPort: 8000 }), false],
    ['container ports are free', port({ containerPort: 8000 }), true],
    ['hostNetwork makes them ports of the host', { ...port({ containerPort: 8000 }), hostNetwork: true }, false],
  ])('%s', (_, spec, expected) => {
    expect(fits([node('n')], [one(spec, 2)])).toBe(expected);
  });
});
