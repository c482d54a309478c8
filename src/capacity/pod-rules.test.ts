import { beforeAll, describe, expect, it } from 'vitest';
import { container, deployment, fits, gpu, node } from '../../test/capacity/kit.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import { loadHighs } from '../io/highs.js';
import type { Solver } from './index.js';

/** The rules between Pods: affinity, spread, and what only scores. Their numbers go on from the rules of one Pod. */
let solver: Solver;
beforeAll(async () => {
  solver = await loadHighs();
});

const one = (podSpec: JsonObject, replicas = 1) => deployment('a', podSpec, { replicas });
const gpus = (count: number) => container({ [gpu]: count });

describe('7: affinity between Pods', () => {
  const zones = [node('a1', { zone: 'a' }), node('a2', { zone: 'a' }), node('b1', { zone: 'b' })];
  const zone = 'topology.kubernetes.io/zone';
  const host = 'kubernetes.io/hostname';
  const term = (topologyKey: string, app: string, more: JsonObject = {}) => ({
    topologyKey,
    labelSelector: { matchLabels: { app } },
    ...more,
  });
  const apart = (name: string, replicas: number, ...terms: readonly JsonObject[]) =>
    deployment(
      name,
      {
        containers: [gpus(1)],
        affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
      },
      { replicas },
    );
  const near = (name: string, replicas: number, count: number, ...terms: readonly JsonObject[]) =>
    deployment(
      name,
      {
        containers: [gpus(count)],
        affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
      },
      { replicas },
    );
  it.each<[string, readonly JsonObject[], boolean]>([
    ['as many as hosts', [apart('x', 3, term(host, 'x'))], true],
    ['more than hosts', [apart('x', 4, term(host, 'x'))], false],
    ['as many as zones', [apart('x', 2, term(zone, 'x'))], true],
    ['more than zones', [apart('x', 3, term(zone, 'x'))], false],
    [
      'the term of one keeps the other away too',
      [apart('x', 2, term(host, 'y')), apart('y', 3, term(host, 'y'))],
      false,
    ],
    [
      'and leaves room beside',
      [apart('x', 2, term(host, 'y')), deployment('y', { containers: [gpus(4)] }, { replicas: 2 })],
      true,
    ],
    [
      'in the namespace of the term only',
      [apart('x', 3, term(host, 'y')), deployment('y', { containers: [gpus(1)] }, { replicas: 3, namespace: 'other' })],
      true,
    ],
    [
      'which may be named',
      [
        apart('x', 3, term(host, 'y', { namespaces: ['other'] })),
        deployment('y', { containers: [gpus(6)] }, { replicas: 3, namespace: 'other' }),
      ],
      false,
    ],
    [
      'or be all',
      [
        apart('x', 3, term(host, 'y', { namespaceSelector: {} })),
        deployment('y', { containers: [gpus(6)] }, { replicas: 3, namespace: 'other' }),
      ],
      false,
    ],
    ['a node without the key never conflicts', [apart('x', 4, term('rack', 'x'))], true],
    ['an absent selector matches nothing', [apart('x', 4, { topologyKey: host })], true],
    [
      'matchLabelKeys narrows it to the own value',
      [apart('x', 4, { topologyKey: host, labelSelector: {}, matchLabelKeys: ['app'] })],
      false,
    ],
    ['affinity: the first of a group may start', [near('x', 2, 8, term(zone, 'x'))], true],
    ['affinity: all in one zone', [near('x', 3, 8, term(zone, 'x'))], false],
    [
      'affinity to another workload',
      [near('x', 1, 1, term(zone, 'y')), deployment('y', { containers: [gpus(1)] })],
      true,
    ],
    ['affinity to nobody', [near('x', 1, 1, term(zone, 'y'))], false],
    ['affinity where nodes lack the key', [near('x', 1, 1, term('rack', 'x'))], false],
  ])('%s', (_, objects, expected) => {
    expect(fits(zones, objects, { solver })).toBe(expected);
  });
});

describe('8: topology spread', () => {
  const zone = 'topology.kubernetes.io/zone';
  const spread = (replicas: number, more: JsonObject = {}, spec: JsonObject = {}) =>
    deployment(
      'x',
      {
        containers: [gpus(1)],
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: zone,
            whenUnsatisfiable: 'DoNotSchedule',
            labelSelector: { matchLabels: { app: 'x' } },
            ...more,
          },
        ],
        ...spec,
      },
      { replicas },
    );
  const zones = [node('a', { zone: 'a', gpus: 4 }), node('b', { zone: 'b', gpus: 1 })];
  const taint = { key: 'dedicated', value: 'x', effect: 'NoSchedule' as const };
  it.each<[string, Parameters<typeof fits>[0], JsonObject, boolean]>([
    ['even', zones, spread(2), true],
    ['skew 1', zones, spread(3), true],
    ['skew 2 is refused though there is room', zones, spread(4), false],
    ['unless maxSkew allows it', zones, spread(4, { maxSkew: 2 }), true],
    ['ScheduleAnyway only scores', zones, spread(4, { whenUnsatisfiable: 'ScheduleAnyway' }), true],
    ['too few domains count as empty ones', zones, spread(3, { minDomains: 3 }), false],
    ['a zone without GPUs counts', [node('a', { zone: 'a' }), node('b', { zone: 'b', gpus: 0 })], spread(2), false],
    [
      'a tainted zone counts as well',
      [node('a', { zone: 'a' }), node('b', { zone: 'b', taints: [taint] })],
      spread(2),
      false,
    ],
    [
      'unless taints are honoured',
      [node('a', { zone: 'a' }), node('b', { zone: 'b', taints: [taint] })],
      spread(2, { nodeTaintsPolicy: 'Honor' }),
      true,
    ],
    [
      'what node affinity excludes does not count',
      [node('a', { zone: 'a', labels: { p: '1' } }), node('b', { zone: 'b' })],
      spread(2, {}, { nodeSelector: { p: '1' } }),
      true,
    ],
    [
      'unless told to ignore it',
      [node('a', { zone: 'a', labels: { p: '1' } }), node('b', { zone: 'b' })],
      spread(2, { nodeAffinityPolicy: 'Ignore' }, { nodeSelector: { p: '1' } }),
      false,
    ],
    ['a node without the key takes none', [node('a')], spread(1), false],
  ])('%s', (_, nodes, object, expected) => {
    expect(fits(nodes, [object], { solver })).toBe(expected);
  });
});

describe('9: scores', () => {
  it('decide where a Pod goes and never whether it can: preferences do not refuse', () => {
    const wish = one(
      {
        containers: [gpus(1)],
        affinity: {
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              {
                weight: 100,
                podAffinityTerm: {
                  topologyKey: 'kubernetes.io/hostname',
                  labelSelector: { matchLabels: { app: 'a' } },
                },
              },
            ],
          },
        },
      },
      8,
    );
    expect(fits([node('n')], [wish])).toBe(true);
  });
});
