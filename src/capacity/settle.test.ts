import { describe, expect, it } from 'vitest';
import { container, demand, deployment, gpu, steady } from '../../test/capacity/kit.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import { nodesOf } from '../plan/pools.js';
import type { ClusterConfig } from '../spec/types.generated.js';
import { judge, nodesOfKubernetes, settle } from './index.js';

/** What a declared inventory leaves open is not held against a Pod, and what a listing of the cluster says is. */
const cluster = (...pools: readonly object[]) =>
  nodesOf({
    apiVersion: 'gitops-gen.io/v1alpha1',
    kind: 'ClusterConfig',
    metadata: { name: 'c' },
    spec: {
      nodePools: pools.map((pool, index) => ({
        name: `p${index}`,
        gpu: 'h100-80gb',
        gpusPerNode: 8,
        nodes: 1,
        allocatable: { cpu: 64, memory: '512Gi' },
        ...pool,
      })),
    },
  } as unknown as ClusterConfig);

function judged(nodes: ReturnType<typeof cluster>, spec: JsonObject) {
  const settled = settle(nodes, [demand(deployment('a', { containers: [container({ [gpu]: 1 })], ...spec }))]);
  const { status } = judge(settled.nodes, settled.workloads, steady(settled.workloads), { order: false });
  return { fits: status !== 'impossible', said: settled.workloads[0]?.unread ?? [] };
}

describe('labels that nobody declared', () => {
  const gke = 'cloud.google.com/gke-accelerator';
  it.each<[string, object, JsonObject, boolean, boolean]>([
    ['the product of the class', {}, { 'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3' }, true, false],
    ['another product of the class', {}, { 'nvidia.com/gpu.product': 'NVIDIA-H100-PCIe' }, true, false],
    ['a product of another class', {}, { 'nvidia.com/gpu.product': 'NVIDIA-L4' }, false, false],
    [
      'another product, where the pool names one',
      { gpu: 'NVIDIA-H100-PCIe' },
      { 'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3' },
      false,
      false,
    ],
    ['the label of a cloud that means the class', {}, { [gke]: 'nvidia-h100-80gb' }, true, false],
    ['the label of a cloud that means another class', {}, { [gke]: 'nvidia-l4' }, false, false],
    ['memory as the driver says it', {}, { 'nvidia.com/gpu.memory': '81559' }, true, false],
    ['memory that no card of the class reports', {}, { 'nvidia.com/gpu.memory': '81920' }, false, false],
    ['an instance type', {}, { 'node.kubernetes.io/instance-type': 'p5.48xlarge' }, true, true],
    [
      'an instance type that is declared',
      { labels: { 'node.kubernetes.io/instance-type': 'p5.48xlarge' } },
      { 'node.kubernetes.io/instance-type': 'p5.48xlarge' },
      true,
      false,
    ],
    ['Linux', {}, { 'kubernetes.io/os': 'linux' }, true, false],
    ['Windows', {}, { 'kubernetes.io/os': 'windows' }, false, false],
    ['a label of their own, which somebody must declare', {}, { team: 'ml' }, false, false],
    ['a host by name', {}, { 'kubernetes.io/hostname': 'gpu-7' }, false, false],
  ])('%s', (_, pool, nodeSelector, fits, isSaid) => {
    const found = judged(cluster(pool), { nodeSelector });
    expect(found.fits).toBe(fits);
    expect(found.said.length > 0).toBe(isSaid);
  });

  it('a pool that declares another value is no place, one that is silent may be', () => {
    const zone = { nodeSelector: { 'topology.kubernetes.io/zone': 'b' } };
    expect(judged(cluster({ zone: 'a' }), zone).fits).toBe(false);
    expect(judged(cluster({ zone: 'a' }, {}), zone).fits).toBe(true);
  });

  it('affinity is read like a selector', () => {
    const terms = (key: string) => ({
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key, operator: 'In', values: ['x'] }] }],
          },
        },
      },
    });
    expect(judged(cluster({}), terms('karpenter.sh/nodepool'))).toMatchObject({ fits: true });
    expect(judged(cluster({}), terms('team')).fits).toBe(false);
  });

  it('a listing of the cluster is the truth', () => {
    const nodes = nodesOfKubernetes([
      {
        kind: 'Node',
        metadata: { name: 'n', labels: {} },
        status: { allocatable: { [gpu]: '8', cpu: '64', memory: '512Gi', pods: '110' } },
      },
    ]);
    expect(judged(nodes, { nodeSelector: { 'node.kubernetes.io/instance-type': 'p5.48xlarge' } }).fits).toBe(false);
  });
});

describe('resources that nobody declared', () => {
  const asks = (name: string) => ({ containers: [container({ [gpu]: 1, [name]: 4 })] });
  it.each<[string, object, string, boolean, boolean]>([
    ['an adapter that no pool mentions', {}, 'vpc.amazonaws.com/efa', true, true],
    ['an adapter that a pool has', { resources: { 'vpc.amazonaws.com/efa': 4 } }, 'vpc.amazonaws.com/efa', true, false],
    ['more of them than it has', { resources: { 'vpc.amazonaws.com/efa': 3 } }, 'vpc.amazonaws.com/efa', false, false],
    ['slices that the pool is not cut into', {}, 'nvidia.com/mig-1g.10gb', false, false],
    ['GPUs of another vendor', {}, 'amd.com/gpu', false, false],
  ])('%s', (_, pool, name, fits, isSaid) => {
    const found = judged(cluster(pool), asks(name));
    expect(found.fits).toBe(fits);
    expect(found.said.length > 0).toBe(isSaid);
  });
});

describe('the taint of the GPUs', () => {
  const taints = (value: string) => [{ key: gpu, value, effect: 'NoSchedule' }];
  it.each<[string, object, boolean]>([
    ['GKE tolerates it by itself: by its taint', { taints: taints('present') }, true],
    ['and by its labels', { taints: taints('true'), labels: { 'cloud.google.com/gke-nodepool': 'p' } }, true],
    ['others do not', { taints: taints('true') }, false],
    [
      'not even GKE tolerates other taints',
      { taints: [...taints('present'), { key: 'team', effect: 'NoSchedule' }] },
      false,
    ],
  ])('%s', (_, pool, fits) => {
    expect(judged(cluster(pool), {}).fits).toBe(fits);
  });
});
