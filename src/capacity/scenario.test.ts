import { beforeAll, describe, expect, it } from 'vitest';
import { container, demand, deployment, gpu, node, steady } from '../../test/capacity/kit.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import { loadHighs } from '../io/highs.js';
import {
  assess,
  judge,
  judgeQuotas,
  type NodeFacts,
  quotasOf,
  quotasOfCluster,
  rolloutCounts,
  type Scaler,
  type Solver,
  scalerOf,
  scenarios,
  withScalers,
} from './index.js';

let solver: Solver;
beforeAll(async () => {
  solver = await loadHighs();
});

const gpus = (count: number) => ({ containers: [container({ [gpu]: count, cpu: '1', memory: '1Gi' })] });

describe('10: surge and unavailable', () => {
  const rolling = (maxSurge?: string | number, maxUnavailable?: string | number): JsonObject => ({
    type: 'RollingUpdate',
    rollingUpdate: {
      ...(maxSurge === undefined ? {} : { maxSurge }),
      ...(maxUnavailable === undefined ? {} : { maxUnavailable }),
    },
  });
  it.each<[string, JsonObject | undefined, number, number, number]>([
    ['default of 25 % on 1', undefined, 1, 1, 0],
    ['default of 25 % on 3', undefined, 3, 1, 0],
    ['default of 25 % on 4', undefined, 4, 1, 1],
    ['default of 25 % on 10: up and down', undefined, 10, 3, 2],
    ['counts', rolling(2, 1), 10, 2, 1],
    ['counts as text', rolling('2', '1'), 10, 2, 1],
    ['only one given', rolling(0), 4, 0, 1],
    ['both zero is one unavailable', rolling(0, 0), 4, 0, 1],
    ['both round to zero', rolling('0%', '10%'), 4, 0, 1],
    ['100 %', rolling('100%', 0), 7, 7, 0],
    ['unavailable is never more than there are', rolling(0, 9), 3, 0, 3],
    ['Recreate', { type: 'Recreate' }, 3, 0, 3],
    ['no replicas, no rollout', undefined, 0, 0, 0],
  ])('%s', (_, strategy, replicas, surge, unavailable) => {
    const workload = demand(deployment('a', gpus(1), { replicas, ...(strategy === undefined ? {} : { strategy }) }));
    expect(rolloutCounts(workload, replicas)).toEqual({ surge, unavailable });
  });

  const rollout = (strategy: JsonObject): JsonObject => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'a', namespace: 'ns' },
    spec: { replicas: 4, strategy, template: { spec: gpus(1) } },
  });
  const lws = (maxSurge: number): JsonObject => ({
    apiVersion: 'leaderworkerset.x-k8s.io/v1',
    kind: 'LeaderWorkerSet',
    metadata: { name: 'a', namespace: 'ns' },
    spec: {
      replicas: 2,
      leaderWorkerTemplate: { size: 2, workerTemplate: { spec: gpus(8) } },
      rolloutStrategy: { rollingUpdateConfiguration: { maxSurge } },
    },
  });
  it.each<[string, JsonObject, number]>([
    ['blue-green: a second set', rollout({ blueGreen: {} }), 8],
    ['canary behind a router: a second set', rollout({ canary: { trafficRouting: { istio: {} } } }), 8],
    [
      'canary with dynamicStableScale: one more',
      rollout({ canary: { trafficRouting: { istio: {} }, dynamicStableScale: true } }),
      5,
    ],
    ['canary by replicas: its surge', rollout({ canary: {} }), 5],
    ['a LeaderWorkerSet without surge', lws(0), 4],
    ['a LeaderWorkerSet surges by groups', lws(1), 6],
  ])('%s', (_, object, pods) => {
    const workload = demand(object);
    const peak = Math.max(
      ...scenarios([node('n')], [workload], { nodeGone: false }).map((each) => each.replicas[workload.id] ?? 0),
    );
    expect(peak * workload.templates.reduce((sum, each) => sum + each.perReplica, 0)).toBe(pods);
  });

  it.each<[string, number, JsonObject, string, number]>([
    ['the surge that deadlocks', 8, rolling(1, 0), 'deadlock', 0],
    ['room for one of two surge Pods: slower', 9, rolling(2, 0), 'slower', 0],
    ['room for all', 10, rolling(2, 0), 'full-surge', 0],
    ['nothing free, one may be away: slower', 8, rolling(1, 1), 'slower', 1],
    ['in place', 8, rolling(0, 1), 'in-place', 1],
    ['Recreate', 8, { type: 'Recreate' }, 'in-place', 8],
  ])('%s', (_, have, strategy, outcome, dip) => {
    const workload = demand(deployment('a', gpus(1), { replicas: 8, strategy }));
    const { rollouts } = assess([node('n', { gpus: have })], [workload], { solver });
    expect(rollouts).toMatchObject([{ outcome, dip }]);
  });

  it('a second set that does not fit is said so', () => {
    const { rollouts } = assess([node('n', { gpus: 7 })], [demand(rollout({ blueGreen: {} }))], { solver });
    expect(rollouts).toMatchObject([
      { outcome: 'blocked', message: expect.stringContaining('1 Pod (1 × nvidia.com/gpu) short') },
    ]);
  });
});

describe('11: autoscalers', () => {
  const target = { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' } };
  const hpa = (spec: JsonObject): JsonObject => ({
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'a', namespace: 'ns' },
    spec: { ...target, ...spec },
  });
  const keda = (spec: JsonObject): JsonObject => ({
    kind: 'ScaledObject',
    metadata: { name: 'a', namespace: 'ns' },
    spec: { scaleTargetRef: { name: 'a' }, ...spec },
  });
  it.each<[string, readonly JsonObject[], number, { steady: number; maximum: number }]>([
    ['none', [], 3, { steady: 3, maximum: 3 }],
    ['HPA', [hpa({ minReplicas: 2, maxReplicas: 20 })], 3, { steady: 3, maximum: 20 }],
    ['HPA raises to its minimum', [hpa({ minReplicas: 5, maxReplicas: 20 })], 3, { steady: 5, maximum: 20 }],
    ['HPA lowers to its maximum', [hpa({ maxReplicas: 2 })], 3, { steady: 2, maximum: 2 }],
    ['KEDA', [keda({ minReplicaCount: 1, maxReplicaCount: 8 })], 3, { steady: 3, maximum: 8 }],
    ['KEDA goes to 100 unless told', [keda({})], 3, { steady: 3, maximum: 100 }],
    ['the widest of two', [hpa({ maxReplicas: 4 }), keda({ maxReplicaCount: 9 })], 3, { steady: 3, maximum: 9 }],
    [
      'one for another workload',
      [{ ...hpa({ maxReplicas: 20 }), metadata: { name: 'x', namespace: 'other' } }],
      3,
      { steady: 3, maximum: 3 },
    ],
  ])('%s', (_, objects, replicas, expected) => {
    const found = objects.map((each) => scalerOf(each)).filter((each): each is Scaler => each !== undefined);
    expect(withScalers([demand(deployment('a', gpus(1), { replicas }))], found)[0]?.replicas).toMatchObject(expected);
  });
});

describe('12: a node gone', () => {
  it.each<[string, readonly NodeFacts[], number, readonly string[]]>([
    ['nothing to spare', [node('a', { pool: 'p' }), node('b', { pool: 'p' })], 2, ['impossible']],
    ['one to spare', [node('a', { pool: 'p' }), node('b', { pool: 'p' }), node('c', { pool: 'p' })], 2, ['order-safe']],
    [
      'each kind of node by itself',
      [node('a', { pool: 'p' }), node('b', { pool: 'p', gpus: 16 })],
      2,
      ['possible', 'impossible'],
    ],
  ])('%s', (_, nodes, replicas, expected) => {
    const workload = demand(deployment('a', gpus(8), { replicas }));
    const gone = scenarios(nodes, [workload]).filter((each) => each.kind === 'node-gone');
    const statuses = gone.map((each) => judge(nodes, [workload], each, { solver }).status);
    expect(
      statuses.map((each, index) => (expected[index] === 'possible' && each === 'order-safe' ? 'possible' : each)),
    ).toEqual(expected);
  });
  it('is tried with a node that takes Pods, where an equal one before it is cordoned', () => {
    const nodes = [{ ...node('a', { pool: 'p' }), unschedulable: true }, node('b', { pool: 'p' })];
    const gone = scenarios(nodes, [demand(deployment('w', gpus(1), { replicas: 1 }))]).filter(
      (each) => each.kind === 'node-gone',
    );
    expect(gone.map((each) => each.without)).toEqual([['a'], ['b']]);
  });
  it('a zone gone, where asked for', () => {
    const nodes = [node('a', { zone: 'a' }), node('b', { zone: 'b' })];
    const found = scenarios(nodes, [demand(deployment('a', gpus(8)))], { nodeGone: false, zoneGone: true }).filter(
      (each) => each.kind === 'zone-gone',
    );
    expect(found.map((each) => [each.title, each.without])).toEqual([
      ['zone a gone at wave 0', ['a']],
      ['zone b gone at wave 0', ['b']],
    ]);
  });
});

describe('13: quotas', () => {
  const quota = (hard: JsonObject, more: JsonObject = {}): JsonObject => ({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'q', namespace: 'ns' },
    spec: { hard, ...more },
  });
  const workloads = [demand(deployment('a', gpus(2), { replicas: 4 }))];
  const over = (object: JsonObject, replicas = 4) =>
    judgeQuotas(quotasOf([object]), workloads, { ...steady(workloads), replicas: { 'Deployment/ns/a': replicas } });
  it.each<[string, JsonObject, number, readonly string[]]>([
    ['exactly used', quota({ 'requests.nvidia.com/gpu': '8' }), 4, []],
    ['one over, by a surge Pod', quota({ 'requests.nvidia.com/gpu': '8' }), 5, ['requests.nvidia.com/gpu 10 of 8']],
    ['memory', quota({ 'requests.memory': '3Gi' }), 4, ['requests.memory 4294967296 of 3221225472']],
    ['cpu in short', quota({ cpu: '3500m' }), 4, ['cpu 4000 of 3500']],
    ['limits', quota({ 'limits.cpu': '3' }), 4, ['limits.cpu 4000 of 3000']],
    ['Pods', quota({ pods: '3' }), 4, ['pods 4 of 3']],
    ['counts of other objects', quota({ 'count/services': '1' }), 4, []],
    ['another namespace', { ...quota({ pods: '1' }), metadata: { name: 'q', namespace: 'other' } }, 4, []],
    [
      'a scope that does not match',
      quota(
        { pods: '1' },
        { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }] } },
      ),
      4,
      [],
    ],
    ['a scope that matches', quota({ pods: '1' }, { scopes: ['NotBestEffort'] }), 4, ['pods 4 of 1']],
  ])('%s', (_, object, replicas, expected) => {
    expect(over(object, replicas).map((each) => `${each.resource} ${each.asked} of ${each.allowed}`)).toEqual(expected);
  });
  it('says who asks for how much', () => {
    expect(over(quota({ 'requests.nvidia.com/gpu': 6 }))[0]?.message).toBe(
      'ResourceQuota/ns/q allows 6 of requests.nvidia.com/gpu; Deployment/ns/a ask for 8 (steady): 2 too much.',
    );
  });
  it('a Pod that names no memory is refused where memory is limited', () => {
    const silent = [demand(deployment('a', { containers: [container({ [gpu]: 1 })] }))];
    const found = judgeQuotas(
      quotasOf([quota({ 'limits.memory': '64Gi', 'requests.nvidia.com/gpu': 4 })]),
      silent,
      steady(silent),
    );
    expect(found.map((each) => [each.problem, each.resource])).toEqual([['silent', 'limits.memory']]);
  });

  const queue = (name: string, nominal: number, more: JsonObject = {}, flavor: JsonObject = {}): JsonObject => ({
    apiVersion: 'kueue.x-k8s.io/v1beta2',
    kind: 'ClusterQueue',
    metadata: { name },
    spec: {
      resourceGroups: [
        {
          coveredResources: [gpu],
          flavors: [{ name: 'h100', resources: [{ name: gpu, nominalQuota: nominal, ...flavor }] }],
        },
      ],
      ...more,
    },
  });
  const local = (name: string, clusterQueue: string): JsonObject => ({
    apiVersion: 'kueue.x-k8s.io/v1beta2',
    kind: 'LocalQueue',
    metadata: { name, namespace: 'ns' },
    spec: { clusterQueue },
  });
  const queued = (name: string, replicas: number, queueName: string) =>
    demand({
      ...deployment(name, gpus(1), { replicas }),
      metadata: { name, namespace: 'ns', labels: { 'kueue.x-k8s.io/queue-name': queueName } },
    });
  it.each<[string, readonly JsonObject[], readonly ReturnType<typeof queued>[], readonly string[]]>([
    ['a queue', [queue('cq', 4), local('q', 'cq')], [queued('a', 5, 'q')], ['ClusterQueue/cq']],
    [
      'two local queues of one',
      [queue('cq', 4), local('q', 'cq'), local('r', 'cq')],
      [queued('a', 3, 'q'), queued('b', 2, 'r')],
      ['ClusterQueue/cq'],
    ],
    [
      'borrowing from the cohort',
      [queue('cq', 4, { cohort: 'co' }), queue('dq', 4, { cohort: 'co' }), local('q', 'cq')],
      [queued('a', 7, 'q')],
      [],
    ],
    [
      'up to the limit',
      [queue('cq', 4, { cohort: 'co' }, { borrowingLimit: 1 }), queue('dq', 4, { cohort: 'co' }), local('q', 'cq')],
      [queued('a', 7, 'q')],
      ['ClusterQueue/cq'],
    ],
    [
      'the cohort is shared',
      [queue('cq', 4, { cohortName: 'co' }), queue('dq', 4, { cohortName: 'co' }), local('q', 'cq'), local('r', 'dq')],
      [queued('a', 5, 'q'), queued('b', 4, 'r')],
      ['Cohort/co'],
    ],
    ['no label, no queue', [queue('cq', 1), local('q', 'cq')], [demand(deployment('a', gpus(1), { replicas: 5 }))], []],
  ])('Kueue: %s', (_, objects, list, expected) => {
    expect(judgeQuotas(quotasOf(objects), list, steady(list)).map((each) => each.quota)).toEqual(expected);
  });
  it('as a ClusterConfig declares them', () => {
    const declared = quotasOfCluster({
      resourceQuotas: [{ namespace: 'ns', hard: { 'requests.nvidia.com/gpu': 6 } }],
      kueue: [{ localQueue: 'q', clusterQueue: 'cq', nominal: { [gpu]: 4 } }],
    });
    const list = [queued('a', 7, 'q')];
    expect(judgeQuotas(declared, list, steady(list)).map((each) => [each.quota, each.asked, each.allowed])).toEqual([
      ['ResourceQuota/ns', 7, 6],
      ['ClusterQueue/cq', 7, 4],
    ]);
  });
});

describe('16: waves', () => {
  const wave = (name: string, count: number, replicas: number, at: number, environment = 'production') => ({
    ...demand(deployment(name, gpus(count), { replicas })),
    wave: at,
    environment,
  });
  it('every prefix is judged, with the surge of its own wave', () => {
    const workloads = [wave('a', 1, 4, 0), wave('b', 2, 2, 10), wave('c', 8, 1, 20)];
    const { waves, verdict } = assess([node('n1', { pool: 'p' }), node('n2', { pool: 'p' })], workloads, { solver });
    expect(verdict).toBe('possible');
    expect(
      waves.map((each) => [
        each.wave,
        each.verdict,
        each.pools[0]?.steady,
        each.pools[0]?.rollout,
        each.pools[0]?.free,
      ]),
    ).toEqual([
      [0, 'order-safe', 4, 17, 12],
      [10, 'order-safe', 8, 18, 8],
      [20, 'possible', 16, 24, 0],
    ]);
    expect(waves[2]?.problems).toEqual([
      expect.stringContaining('Node n1 gone at wave 20'),
      expect.stringContaining('A rollout of c never ends'),
    ]);
  });
  it('environments on one cluster share it', () => {
    const workloads = [wave('a', 8, 1, 0), wave('b', 8, 1, 0, 'staging')];
    const { waves } = assess([node('n1')], workloads, { solver });
    expect(waves.map((each) => [each.environment, each.verdict])).toEqual([
      ['production', 'impossible'],
      ['staging', 'impossible'],
    ]);
  });
});
