import { beforeAll, describe, expect, it } from 'vitest';
import { container, demand, deployment, gpu, node } from '../../test/capacity/kit.js';
import { loadHighs } from '../io/highs.js';
import { assess, joinedTitle, type Solver } from './index.js';

let solver: Solver;
beforeAll(async () => {
  solver = await loadHighs();
});

const at = (name: string, wave: number, replicas: number) => ({
  ...demand(
    deployment(
      name,
      { containers: [container({ [gpu]: 1, cpu: '1', memory: '1Gi' })] },
      { replicas, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } },
    ),
  ),
  wave,
});
const kinds = (nodes: Parameters<typeof assess>[0], workloads: Parameters<typeof assess>[1]) =>
  assess(nodes, workloads, { solver }).scenarios.map(
    ({ scenario, status }) => `${scenario.wave} ${scenario.kind} ${status === 'impossible' ? 'no' : 'yes'}`,
  );

describe('scenarios of several waves', () => {
  it('do not blame an earlier rollout for a later wave without a place', () => {
    expect(kinds([node('n', { gpus: 4 })], [at('a', 0, 2), at('b', 10, 6)])).toEqual([
      '0 steady yes',
      '0 rollout yes',
      '10 steady no',
      '10 node-gone no',
    ]);
  });

  it('ask for one surge replica only where not all of them fit at once', () => {
    const wide = { ...at('a', 0, 6), rollout: { ...at('a', 0, 6).rollout, surge: 2 } };
    expect(kinds([node('n', { gpus: 7 })], [at('a', 0, 6)])).not.toContain('0 progress yes');
    expect(kinds([node('n', { gpus: 6 })], [wide])).toContain('0 progress no');
  });

  it('lose each zone where there are several', () => {
    const nodes = ['x', 'y'].map((zone) => ({ ...node(zone, { gpus: 4 }), zone }));
    expect(kinds(nodes, [at('a', 0, 3)]).filter((each) => each.includes('zone'))).toEqual([
      '0 zone-gone yes',
      '0 zone-gone yes',
    ]);
    expect(kinds(nodes, [at('a', 0, 5)]).filter((each) => each.includes('zone'))).toEqual([
      '0 zone-gone no',
      '0 zone-gone no',
    ]);
  });
});

it.each([
  [['steady at wave 0', 'rollout at wave 0'], 'steady at wave 0'],
  [['node a gone at wave 1'], 'node a gone at wave 1'],
  [['node a gone at wave 1', 'node b gone at wave 1'], 'node a or b gone at wave 1'],
  [['a', 'b', 'c', 'd'].map((each) => `node ${each} gone at wave 1`), 'node a, b or 2 more gone at wave 1'],
  [['node a gone at wave 1', 'zone x gone at wave 1'], 'node a, or zone x gone at wave 1'],
])('titles of one outcome: %j', (titles, joined) => {
  expect(joinedTitle(titles)).toBe(joined);
});
