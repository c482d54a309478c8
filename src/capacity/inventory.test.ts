import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import {
  importInventory,
  type NodeFacts,
  nodesOfKubernetes,
  nodesOfPool,
  takenOfKubernetes,
  withTaken,
} from './index.js';

interface Shape {
  readonly labels?: Readonly<Record<string, string>>;
  readonly allocatable?: Readonly<Record<string, string>>;
  readonly taints?: readonly JsonObject[];
  readonly ready?: boolean;
  readonly unschedulable?: boolean;
}

function kubernetesNode(
  name: string,
  { labels = {}, allocatable = {}, taints, ready = true, unschedulable }: Shape = {},
): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', ...labels } },
    spec: { ...(taints === undefined ? {} : { taints }), ...(unschedulable === undefined ? {} : { unschedulable }) },
    status: {
      capacity: { 'nvidia.com/gpu': '99' },
      allocatable: { cpu: '95690m', memory: '1010Gi', 'ephemeral-storage': '900Gi', pods: '110', ...allocatable },
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  };
}

const list = (...items: readonly JsonObject[]): JsonObject => ({ apiVersion: 'v1', kind: 'List', items });
const h100 = {
  'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3',
  'nvidia.com/gpu.count': '8',
  'nvidia.com/gpu.memory': '81559',
};

describe('nodes of a cluster', () => {
  it('offer what is allocatable, not their capacity', () => {
    const [node] = nodesOfKubernetes(
      list(
        kubernetesNode('n', {
          allocatable: { 'nvidia.com/gpu': '8' },
          labels: { 'topology.kubernetes.io/zone': 'a', 'cloud.google.com/gke-nodepool': 'h100' },
        }),
      ),
    );
    expect(node).toMatchObject({
      name: 'n',
      pool: 'h100',
      zone: 'a',
      allocatable: { cpu: 95_690, memory: 1010 * 2 ** 30, pods: 110, 'nvidia.com/gpu': 8 },
    });
  });
  it('take no Pods while they are not ready or cordoned', () => {
    const nodes = nodesOfKubernetes(
      list(kubernetesNode('a', { ready: false }), kubernetesNode('b', { unschedulable: true })),
    );
    expect(nodes.map((each) => [each.taints.map((taint) => taint.key), each.unschedulable])).toEqual([
      [['node.kubernetes.io/not-ready'], undefined],
      [[], true],
    ]);
  });
  it('may come as a list, a stream of objects, or one', () => {
    const one = kubernetesNode('n');
    for (const value of [one, [one], list(one), { kind: 'NodeList', items: [one] }])
      expect(nodesOfKubernetes(value)).toHaveLength(1);
    expect(nodesOfKubernetes(list())).toEqual([]);
  });
  it('have taken what running Pods request', () => {
    const pod = (name: string, nodeName: string | undefined, phase: string): JsonObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'ns' },
      spec: {
        ...(nodeName === undefined ? {} : { nodeName }),
        containers: [{ name: 'c', resources: { requests: { cpu: '1' }, limits: { 'nvidia.com/gpu': 2 } } }],
      },
      status: { phase },
    });
    const taken = takenOfKubernetes(
      list(
        pod('a', 'n', 'Running'),
        pod('b', 'n', 'Pending'),
        pod('c', 'n', 'Succeeded'),
        pod('d', undefined, 'Pending'),
      ),
    );
    expect(withTaken(nodesOfKubernetes(list(kubernetesNode('n'))), taken)[0]?.taken).toEqual({
      cpu: 2000,
      'nvidia.com/gpu': 4,
      pods: 2,
    });
  });
});

describe('inventory import', () => {
  it('puts equal nodes into one pool and leaves out what differs from node to node', () => {
    const shape: Shape = {
      labels: { ...h100, 'eks.amazonaws.com/nodegroup': 'H100_pool', 'topology.kubernetes.io/zone': 'a', team: 'ml' },
      allocatable: { 'nvidia.com/gpu': '8' },
      taints: [{ key: 'nvidia.com/gpu', effect: 'NoSchedule' }],
    };
    const { nodePools, notes } = importInventory(
      list(
        kubernetesNode('n1', shape),
        kubernetesNode('n2', { ...shape, allocatable: { 'nvidia.com/gpu': '8', memory: '1009Gi' } }),
        kubernetesNode('cpu'),
      ),
      undefined,
      {
        gpuOf: (product) => (product === 'NVIDIA-H100-80GB-HBM3' ? 'h100-80gb' : undefined),
      },
    );
    expect(notes).toEqual([]);
    expect(nodePools).toEqual([
      {
        name: 'h100-pool',
        gpu: 'h100-80gb',
        gpusPerNode: 8,
        nodes: 2,
        allocatable: { cpu: '95690m', memory: '1009Gi', ephemeralStorage: '900Gi' },
        labels: { 'eks.amazonaws.com/nodegroup': 'H100_pool', 'kubernetes.io/os': 'linux', team: 'ml' },
        taints: [{ key: 'nvidia.com/gpu', effect: 'NoSchedule' }],
        zone: 'a',
      },
      {
        name: 'nodes',
        nodes: 1,
        allocatable: { cpu: '95690m', memory: '1010Gi', ephemeralStorage: '900Gi' },
        labels: { 'kubernetes.io/os': 'linux' },
      },
    ]);
  });

  it.each<[string, Shape, JsonObject]>([
    [
      'MIG, mixed',
      {
        labels: { ...h100, 'nvidia.com/gpu.count': '2' },
        allocatable: { 'nvidia.com/gpu': '0', 'nvidia.com/mig-1g.10gb': '14' },
      },
      { gpusPerNode: 2, mig: { strategy: 'mixed', profiles: { '1g.10gb': 7 } } },
    ],
    [
      'MIG, single',
      {
        labels: { 'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3-MIG-1g.10gb' },
        allocatable: { 'nvidia.com/gpu': '7' },
      },
      { gpu: 'NVIDIA-H100-80GB-HBM3', gpusPerNode: 1, mig: { strategy: 'single', profiles: { '1g.10gb': 7 } } },
    ],
    [
      'time-slicing',
      {
        labels: { 'nvidia.com/gpu.product': 'Tesla-T4-SHARED', 'nvidia.com/gpu.replicas': '4' },
        allocatable: { 'nvidia.com/gpu': '4' },
      },
      { gpu: 'Tesla-T4', gpusPerNode: 1, timeSlicing: { replicas: 4 } },
    ],
    [
      'GKE',
      { labels: { 'cloud.google.com/gke-accelerator': 'nvidia-l4' }, allocatable: { 'nvidia.com/gpu': '1' } },
      { gpu: 'nvidia-l4', gpusPerNode: 1 },
    ],
  ])('%s', (_, shape, expected) => {
    expect(importInventory(list(kubernetesNode('n', shape)), undefined).nodePools[0]).toMatchObject(expected);
  });

  it('says what it cannot tell', () => {
    const { notes } = importInventory(
      list(
        kubernetesNode('a', { ready: false }),
        kubernetesNode('b', { allocatable: { 'nvidia.com/gpu': '1' } }),
        kubernetesNode('c', { labels: { x: '1' }, allocatable: { 'google.com/tpu': '4' } }),
      ),
      undefined,
    );
    expect(notes).toEqual([
      'Node a takes no Pods now (not ready) and was left out.',
      'Pool nodes has GPUs, and no label that says which: set gpu by hand.',
    ]);
  });

  it('layers what is taken, so that pools give back at most what is free and all GPUs that are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ gpus: fc.integer({ min: 0, max: 8 }), cpu: fc.integer({ min: 0, max: 40 }) }), {
          minLength: 1,
          maxLength: 6,
        }),
        (rows) => {
          const nodes = rows.map((_, index) =>
            kubernetesNode(`n${index}`, { labels: h100, allocatable: { 'nvidia.com/gpu': '8' } }),
          );
          const pods = rows.map(
            (row, index): JsonObject => ({
              kind: 'Pod',
              metadata: { name: `p${index}` },
              spec: {
                nodeName: `n${index}`,
                containers: [{ resources: { limits: { 'nvidia.com/gpu': row.gpus, cpu: row.cpu } } }],
              },
            }),
          );
          const { nodePools } = importInventory(list(...nodes), list(...pods));
          const made = nodePools.flatMap((pool) => nodesOfPool(pool));
          const free = (all: readonly NodeFacts[], name: string) =>
            all.map((each) => (each.allocatable[name] ?? 0) - (each.taken?.[name] ?? 0)).sort((a, b) => a - b);
          const real = withTaken(nodesOfKubernetes(list(...nodes)), takenOfKubernetes(list(...pods)));
          expect(free(made, 'nvidia.com/gpu')).toEqual(free(real, 'nvidia.com/gpu'));
          const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
          expect(sum(free(made, 'cpu'))).toBeLessThanOrEqual(sum(free(real, 'cpu')));
        },
      ),
      { seed: 3, numRuns: 100 },
    );
  });
});
