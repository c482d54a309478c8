import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { planted } from '../../bench/planted.js';
import { container, demand, deployment, gpu, node, steady } from '../../test/capacity/kit.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import { loadHighs } from '../io/highs.js';
import {
  type Certificate,
  judge,
  type NodeFacts,
  type Placement,
  type Solver,
  verifyCertificate,
  verifyPlacement,
  type WorkloadDemand,
} from './index.js';

let solver: Solver;
beforeAll(async () => {
  solver = await loadHighs();
});

const gpus = (count: number, more: JsonObject = {}) => ({ containers: [container({ [gpu]: count })], ...more });
const host = 'kubernetes.io/hostname';
const apart = (app: string, topologyKey = host) => ({
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey, labelSelector: { matchLabels: { app } } }],
    },
  },
});
const place = (...assignments: readonly [string, string, number][]): Placement => ({
  assignments: assignments.map(([name, on, pods]) => ({ key: `Deployment/ns/${name}#pod`, node: on, pods })),
});

describe('a placement is refused', () => {
  const nodes = [
    node('n'),
    node('m', { zone: 'z' }),
    node('t', { taints: [{ key: 'k', value: '', effect: 'NoSchedule' }] }),
  ];
  it.each<[string, readonly JsonObject[], Placement, string]>([
    [
      'that forgets a Pod',
      [deployment('a', gpus(1), { replicas: 2 })],
      place(['a', 'n', 1]),
      'Deployment/ns/a#pod: 1 of 2 Pods are placed',
    ],
    [
      'that invents one',
      [deployment('a', gpus(1))],
      place(['a', 'n', 2]),
      'Deployment/ns/a#pod: 2 of 1 Pods are placed',
    ],
    [
      'on a node that is not there',
      [deployment('a', gpus(1))],
      place(['a', 'x', 1]),
      '1 Pods of Deployment/ns/a#pod on x: no such Pods, or no such node',
    ],
    [
      'with half a Pod',
      [deployment('a', gpus(1))],
      place(['a', 'n', 0.5]),
      '0.5 Pods of Deployment/ns/a#pod on n: no such Pods, or no such node',
    ],
    [
      'that overfills a node',
      [deployment('a', gpus(5), { replicas: 2 })],
      place(['a', 'n', 2]),
      'n lacks 2 nvidia.com/gpu',
    ],
    ['against a taint', [deployment('a', gpus(1))], place(['a', 't', 1]), 'Deployment/ns/a#pod may not stand on t'],
    [
      'against a selector',
      [deployment('a', gpus(1, { nodeSelector: { x: 'y' } }))],
      place(['a', 'n', 1]),
      'Deployment/ns/a#pod may not stand on n',
    ],
    [
      'against anti-affinity',
      [deployment('a', gpus(1, apart('a')), { replicas: 2 })],
      place(['a', 'n', 2]),
      'Deployment/ns/a#pod and Deployment/ns/a#pod exclude each other in n',
    ],
    [
      'against that of the other',
      [deployment('a', gpus(1)), deployment('b', gpus(1, apart('a')))],
      place(['a', 'n', 1], ['b', 'n', 1]),
      'Deployment/ns/b#pod and Deployment/ns/a#pod exclude each other in n',
    ],
    [
      'with a host port twice',
      [deployment('a', { containers: [container({}, { ports: [{ hostPort: 80 }] })] }, { replicas: 2 })],
      place(['a', 'n', 2]),
      'n lacks 1 hostPort/TCP/80',
    ],
  ])('%s', (_, objects, placement, problem) => {
    const workloads = objects.map((each) => demand(each));
    expect(verifyPlacement(nodes, workloads, steady(workloads), placement)).toContain(problem);
  });

  it('whatever is changed about a right one by moving a Pod from a full cluster', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(), fc.nat(), (seed, from, to) => {
        const { nodes: all, workloads, scenario } = planted({ seed, nodes: 20, workloads: 6, use: 100 });
        const { placement } = judge(all, workloads, scenario, { solver });
        if (placement === undefined) return;
        expect(verifyPlacement(all, workloads, scenario, placement)).toEqual([]);
        const assignments = [...placement.assignments];
        const index = from % assignments.length;
        const one = assignments[index] as (typeof assignments)[number];
        const target = (all[to % all.length] as NodeFacts).name;
        assignments.splice(index, 1, { ...one, node: target });
        const wrong = verifyPlacement(all, workloads, scenario, { assignments });
        const pod = workloads.find((each) => one.key.startsWith(each.id))?.templates[0]?.pod;
        const before = placement.assignments
          .filter((each) => each.node === target)
          .reduce(
            (sum, each) =>
              sum +
              each.pods *
                (workloads.find((w) => each.key.startsWith(`${w.id}#`))?.templates[0]?.pod.requests[gpu] ?? 0),
            0,
          );
        if (target !== one.node && before + one.pods * (pod?.requests[gpu] ?? 0) > 8) expect(wrong).not.toEqual([]);
      }),
      { seed: 11, numRuns: 60 },
    );
  });
});

describe('a certificate is refused', () => {
  const nodes = [node('n'), node('m')];
  const workloads = [
    demand(deployment('a', gpus(4), { replicas: 4 })),
    demand(deployment('b', gpus(8, apart('b')), { replicas: 0 })),
  ];
  const key = 'Deployment/ns/a#pod';
  const by = (resources: Record<string, string>, each: Record<string, string> = {}) => ({
    kind: 'resources' as const,
    resources,
    each,
    cliques: [],
  });
  it.each<[string, Certificate, string]>([
    ['that calls a Pod too large', { kind: 'no-node', key }, `${key} fits n`],
    [
      'whose Pods are not worth more',
      { kind: 'prices', prices: { [key]: '4' }, bounds: [{ nodes: ['n', 'm'], by: by({ [gpu]: '1' }) }] },
      'the Pods are worth 16, the nodes hold 16',
    ],
    [
      'that forgets a node',
      { kind: 'prices', prices: { [key]: '4' }, bounds: [{ nodes: ['n'], by: by({ [gpu]: '1' }) }] },
      'm takes Pods and has no bound',
    ],
    [
      'whose bound does not cover a price',
      { kind: 'prices', prices: { [key]: '5' }, bounds: [{ nodes: ['n', 'm'], by: by({ [gpu]: '1' }) }] },
      'the bound of n could not be confirmed',
    ],
    [
      'with negative prices',
      {
        kind: 'prices',
        prices: { [key]: '4' },
        bounds: [{ nodes: ['n', 'm'], by: by({ [gpu]: '1' }, { [key]: '-9' }) }],
      },
      'the bound of n could not be confirmed',
    ],
    [
      'that counts a node twice',
      { kind: 'prices', prices: { [key]: '4' }, bounds: [{ nodes: ['n', 'n', 'm'], by: by({ [gpu]: '1' }) }] },
      'n is bounded twice, or not there',
    ],
    [
      'whose search finds as much',
      { kind: 'prices', prices: { [key]: '4' }, bounds: [{ nodes: ['n', 'm'], by: { kind: 'search' } }] },
      'the Pods are worth 16, the nodes hold 16',
    ],
    [
      'with a clique that is none',
      {
        kind: 'prices',
        prices: { [key]: '1' },
        bounds: [
          {
            nodes: ['n', 'm'],
            by: { kind: 'resources', resources: {}, each: {}, cliques: [{ keys: [key], price: '1' }] },
          },
        ],
      },
      'the bound of n could not be confirmed',
    ],
    [
      'about Pods that are not there',
      { kind: 'prices', prices: { 'Deployment/ns/x#pod': '1' }, bounds: [] },
      'Deployment/ns/x#pod has no price',
    ],
    [
      'about a rule that is not there',
      { kind: 'domains', key, topologyKey: host, rule: 'apart' },
      `${key} has no such rule for ${host}`,
    ],
    ['that nothing fits, where all fit', { kind: 'exhausted' }, 'all Pods can be placed'],
    [
      'of a quota that allows it',
      { kind: 'quota', quota: 'q', resource: 'pods', asked: 3, allowed: 3 },
      'the quota allows what is asked',
    ],
  ])('%s', (_, certificate, problem) => {
    expect(verifyCertificate(nodes, workloads, steady(workloads), certificate)).toContain(problem);
  });

  it('when one GPU more makes room', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.constantFrom('sum' as const, 'pool' as const), (seed, over) => {
        const { nodes: all, workloads: list, scenario } = planted({ seed, nodes: 40, workloads: 10, use: 90, over });
        const { certificate } = judge(all, list, scenario, { solver });
        if (certificate === undefined) throw new Error('no certificate');
        expect(verifyCertificate(all, list, scenario, certificate)).toEqual([]);
        // One node more that takes everything: the old proof says nothing about it.
        const wider = [
          ...all,
          { ...(all[0] as NodeFacts), name: 'more', labels: { ...all[0]?.labels, [host]: 'more' } },
        ];
        expect(verifyCertificate(wider, list, scenario, certificate)).not.toEqual([]);
      }),
      { seed: 12, numRuns: 40 },
    );
  });
});

describe('proofs that sums do not give', () => {
  const cases: readonly (readonly [string, readonly NodeFacts[], readonly WorkloadDemand[], string, string])[] = [
    [
      '5 and 3 GPUs: sizes that do not go together',
      [node('n'), node('m'), node('o')],
      [demand(deployment('five', gpus(5), { replicas: 2 })), demand(deployment('four', gpus(4), { replicas: 3 }))],
      'patterns',
      'the sizes do not go together',
    ],
    [
      'two workloads that exclude each other and themselves',
      [node('n'), node('m'), node('o')],
      [exclusive('x', 2), exclusive('y', 2)],
      'bound',
      'the sizes do not go together',
    ],
    [
      'a set of workloads on too few nodes',
      [node('n', { labels: { p: '1' } }), node('m')],
      [
        demand(deployment('x', gpus(4, { nodeSelector: { p: '1' } }), { replicas: 2 })),
        demand(deployment('y', gpus(1, { nodeSelector: { p: '1' } }))),
      ],
      'sums',
      '1 × nvidia.com/gpu short',
    ],
  ];
  function exclusive(name: string, replicas: number): WorkloadDemand {
    const affinity = {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: host, labelSelector: { matchLabels: { group: 'g' } } },
        ],
      },
    };
    return demand(deployment(name, gpus(1, { affinity }), { replicas, labels: { group: 'g' } }));
  }
  it.each(cases)('%s', (_, nodes, workloads, decidedBy, words) => {
    const verdict = judge(nodes, workloads, steady(workloads), { solver });
    expect([verdict.status, verdict.decidedBy]).toEqual(['impossible', decidedBy]);
    expect(verdict.message).toContain(words);
  });

  it('without a solver they are open, and said to be', () => {
    const [, nodes, workloads] = cases[0] as (typeof cases)[number];
    const verdict = judge(nodes, workloads, steady(workloads));
    expect([verdict.status, verdict.message]).toEqual([
      'unknown',
      'Whether 5 Pods fit 3 nodes is not decided: the heuristic left 1 Pods over, and no solver is at hand to decide.',
    ]);
  });

  it('nor are they decided when the budget is too small', () => {
    const [, nodes, workloads] = cases[0] as (typeof cases)[number];
    expect(judge(nodes, workloads, steady(workloads), { solver, maxSteps: 10 }).status).toBe('unknown');
  });
});
