import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { container, demand, deployment, gpu, node, steady } from '../../test/capacity/kit.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import { assess, judge, type NodeFacts, replay, type WorkloadDemand } from './index.js';
import { generator, Packing } from './pack.js';
import { compile } from './problem.js';

const gpus = (count: number, more: JsonObject = {}) => ({ containers: [container({ [gpu]: count })], ...more });
const host = 'kubernetes.io/hostname';
const two = [node('n'), node('m')];

function order(nodes: readonly NodeFacts[], workloads: readonly WorkloadDemand[]): string {
  return judge(nodes, workloads, steady(workloads)).status;
}

describe('order-safe', () => {
  const of = (name: string, count: number, replicas: number, more: JsonObject = {}) =>
    demand(deployment(name, gpus(count, more), { replicas }));
  const alone = (app: string) => ({
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: host, labelSelector: { matchLabels: { app } } },
        ],
      },
    },
  });
  it.each<[string, readonly WorkloadDemand[], string]>([
    ['one size that divides the node, full', [of('a', 4, 4)], 'order-safe'],
    ['one size that does not divide the node, full', [of('a', 3, 4)], 'order-safe'],
    ['whole nodes', [of('a', 8, 2)], 'order-safe'],
    ['small Pods before a large one', [of('a', 1, 2), of('b', 8, 1)], 'possible'],
    ['one small Pod cannot close both nodes', [of('a', 1, 1), of('b', 8, 1)], 'order-safe'],
    ['twos and fours, full', [of('a', 2, 4), of('b', 4, 2)], 'possible'],
    ['twos and fours with room to spare', [of('a', 2, 1), of('b', 4, 2)], 'order-safe'],
    ['one a node, as many as nodes', [of('a', 1, 2, alone('a'))], 'order-safe'],
    ['one a node, kept away by another workload', [of('a', 1, 2, alone('b')), of('b', 1, 1)], 'possible'],
    [
      'pools of their own',
      [of('a', 8, 1, { nodeSelector: { [host]: 'n' } }), of('b', 1, 8, { nodeSelector: { [host]: 'm' } })],
      'order-safe',
    ],
  ])('%s', (_, workloads, expected) => {
    expect(order(two, workloads)).toBe(expected);
  });

  it('counts memory as well as GPUs', () => {
    const nodes = [node('n', { memory: 100 }), node('m', { memory: 100 })];
    const of2 = (name: string, count: number, memory: string, replicas: number) =>
      demand(deployment(name, { containers: [container({ [gpu]: count, memory })] }, { replicas }));
    expect(order(nodes, [of2('a', 1, '10Gi', 2), of2('b', 1, '60Gi', 1)])).toBe('order-safe');
    expect(order(nodes, [of2('a', 1, '50Gi', 2), of2('b', 1, '60Gi', 1)])).toBe('possible');
  });

  it('one size alone is safe although every resource is scarce', () => {
    const body = { containers: [container({ [gpu]: 4, cpu: '30', memory: '250Gi' })] };
    expect(order(two, [demand(deployment('a', body, { replicas: 4 }))])).toBe('order-safe');
    expect(
      order(two, [demand(deployment('a', body, { replicas: 2 })), demand(deployment('b', body, { replicas: 2 }))]),
    ).toBe('order-safe');
  });

  it('never strands a Pod, whatever the order and wherever the scheduler puts them', () => {
    const workload = fc.record({
      gpus: fc.integer({ min: 1, max: 8 }),
      cpu: fc.integer({ min: 1, max: 8 }),
      count: fc.integer({ min: 1, max: 4 }),
      alone: fc.boolean(),
      pinned: fc.boolean(),
    });
    let safe = 0;
    fc.assert(
      fc.property(
        fc.array(workload, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer(),
        (shapes, count, seed) => {
          const nodes = Array.from({ length: count }, (_, index) =>
            node(`n${index}`, { cpu: 16, labels: { odd: String(index % 2) } }),
          );
          const workloads = shapes.map((shape, index) =>
            demand(
              deployment(
                `w${index}`,
                {
                  containers: [container({ [gpu]: shape.gpus, cpu: shape.cpu })],
                  ...(shape.pinned ? { nodeSelector: { odd: '0' } } : {}),
                  ...(shape.alone ? alone(`w${index}`) : {}),
                },
                { replicas: shape.count },
              ),
            ),
          );
          const scenario = steady(workloads);
          if (judge(nodes, workloads, scenario).status !== 'order-safe') return;
          safe += 1;
          const problem = compile(nodes, workloads, scenario);
          const random = generator(seed);
          for (let round = 0; round < 30; round++) {
            const packing = new Packing(problem);
            const pods = problem.groups
              .flatMap((group) => Array.from({ length: group.count }, () => group.index))
              .sort(() => random() - 0.5);
            for (const group of pods) {
              const open = problem.nodes.map((_, index) => index).filter((index) => packing.fit(group, index) > 0);
              expect(open.length).toBeGreaterThan(0);
              packing.put(group, open[Math.floor(random() * open.length)] as number, 1);
            }
          }
        },
      ),
      { seed: 5, numRuns: 400 },
    );
    expect(safe).toBeGreaterThan(60);
  });
});

describe('replay of arrivals', () => {
  const workloads = [
    demand(deployment('small', gpus(1), { replicas: 8 })),
    demand(deployment('large', gpus(8), { replicas: 1 })),
  ];
  it('shows how the default profile scatters small Pods over all nodes', () => {
    expect(replay(two, workloads, steady(workloads), { orders: 1 })).toEqual({
      orders: 1,
      stranded: 1,
      worstPods: 1,
      worstGpus: 8,
    });
  });
  it('and how a profile that packs does not', () => {
    expect(replay(two, workloads, steady(workloads), { orders: 8, profile: 'MostAllocated' }).stranded).toBe(0);
  });
  it('nor a higher priority for the large ones', () => {
    const pod = { ...gpus(8), priority: 1000 };
    const list = [workloads[0] as WorkloadDemand, demand(deployment('large', pod))];
    expect(replay(two, list, steady(list), { orders: 8 }).stranded).toBe(0);
  });
  it('is the same every time', () => {
    expect(replay(two, workloads, steady(workloads))).toEqual(replay(two, workloads, steady(workloads)));
  });
  it('stops at its budget', () => {
    expect(replay(two, workloads, steady(workloads), { maxSteps: 1 }).orders).toBe(1);
  });
  it('is told in the verdict, with the remedy', () => {
    const { scenarios } = assess(two, workloads, { replay: { orders: 4 } });
    expect(scenarios[0]?.order?.sampled).toMatchObject({ orders: 4, worstGpus: 8 });
    expect(scenarios[0]?.message).toMatch(
      /sampled orders of arrival leave Pods Pending, up to 1 \(8 GPUs\)\. Give large a pool of its own/,
    );
  });
});
