import { describe, expect, it } from 'vitest';
import { demand, gpu, node, steady } from '../../test/capacity/kit.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import { demandsOf, judge, podsPerReplica, settle, type WorkloadDemand } from './index.js';
import { nodesFor } from './kaito.js';
import { kaitoInstances } from './kaito-instances.js';

const workspace = (resource: JsonObject, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'kaito.sh/v1beta1',
  kind: 'Workspace',
  metadata: { name: 'w', namespace: 'ns' },
  resource,
  inference: { preset: { name: 'phi-4-mini-instruct' } },
  ...more,
});
const labels = { labelSelector: { matchLabels: { apps: 'llm' } } };
const instance = (type: string) => ({ 'node.kubernetes.io/instance-type': type });

function short(workload: WorkloadDemand | undefined): string {
  if (workload === undefined) return 'none';
  const pod = workload.templates[0]?.pod;
  const devices = Object.entries(pod?.requests ?? {}).filter(([name]) => name.includes('/'));
  return `${workload.replicas.steady} × ${podsPerReplica(workload)} Pods × ${devices.map(([name, count]) => `${count} ${name}`).join()}`;
}

describe('what KAITO makes of a Workspace', () => {
  it.each<[string, JsonObject, string]>([
    [
      'all devices of the instance type',
      workspace({ instanceType: 'Standard_NC48ads_A100_v4', ...labels }),
      '1 × 1 Pods × 2 nvidia.com/gpu',
    ],
    [
      'as many nodes as the model needs: 131 GiB of weights on two cards of 80 GB',
      workspace(
        { instanceType: 'Standard_NC24ads_A100_v4', ...labels },
        { inference: { preset: { name: 'llama-3.3-70b-instruct' } } },
      ),
      '1 × 3 Pods × 1 nvidia.com/gpu',
    ],
    [
      'the case of the name does not matter',
      workspace({ instanceType: 'standard_nd96isr_h100_v5', ...labels }),
      '1 × 1 Pods × 8 nvidia.com/gpu',
    ],
    [
      'a slice of a card that is there',
      workspace({ partition: { mode: 'mig', profile: '2g.20gb' }, ...labels }),
      '1 × 1 Pods × 1 nvidia.com/mig-2g.20gb',
    ],
    [
      'some of the cards that are there',
      workspace({ partition: { mode: 'accelerator', count: 2 }, ...labels }),
      '1 × 1 Pods × 2 nvidia.com/gpu',
    ],
    [
      'a template says what it asks for, on as many nodes as it says',
      workspace(
        { instanceType: 'Standard_NC24ads_A100_v4', count: 2, ...labels },
        { inference: { template: { spec: { containers: [{ name: 'c', resources: { limits: { [gpu]: 1 } } }] } } } },
      ),
      '1 × 2 Pods × 1 nvidia.com/gpu',
    ],
    [
      'an InferenceSet is so many Workspaces',
      {
        apiVersion: 'kaito.sh/v1beta1',
        kind: 'InferenceSet',
        metadata: { name: 's' },
        spec: {
          replicas: 3,
          ...labels,
          template: {
            resource: { instanceType: 'Standard_NC24ads_A100_v4' },
            inference: { preset: { name: 'phi-4-mini-instruct' } },
          },
        },
      },
      '3 × 1 Pods × 1 nvidia.com/gpu',
    ],
  ])('%s', (_, manifest, expected) => {
    expect(short(demand(manifest))).toBe(expected);
  });

  it('a MultiRoleInference is a set for each role', () => {
    const manifest = {
      apiVersion: 'kaito.sh/v1alpha1',
      kind: 'MultiRoleInference',
      metadata: { name: 'm' },
      spec: {
        ...labels,
        model: { name: 'phi-4-mini-instruct' },
        roles: [
          { type: 'prefill', replicas: 2, instanceType: 'Standard_NC48ads_A100_v4' },
          { type: 'decode', replicas: 4, instanceType: 'Standard_NC24ads_A100_v4' },
        ],
      },
    };
    expect(demandsOf(manifest).map(short)).toEqual(['2 × 1 Pods × 2 nvidia.com/gpu', '4 × 1 Pods × 1 nvidia.com/gpu']);
  });

  it('says where the number of nodes is not known', () => {
    const manifest = workspace(
      { instanceType: 'Standard_NC24ads_A100_v4', ...labels },
      { inference: { preset: { name: 'acme/own-model' } } },
    );
    expect(demand(manifest).unread).toEqual([
      'how many nodes the model acme/own-model takes is worked out by KAITO from its files, which are not in the catalog: 1 was counted',
    ]);
  });
});

describe('on which nodes', () => {
  const on = (nodes: Parameters<typeof settle>[0], manifest: JsonObject) => {
    const settled = settle(nodes, [demand(manifest)]);
    const verdict = judge(settled.nodes, settled.workloads, steady(settled.workloads), { order: false });
    return { ...settled, verdict };
  };
  it('a pool of the instance type holds it or does not', () => {
    const manifest = workspace({ instanceType: 'Standard_NC48ads_A100_v4', ...labels });
    const pool = [node('a', { gpus: 2, labels: instance('Standard_NC48ads_A100_v4') })];
    expect(on(pool, manifest).verdict.status).not.toBe('impossible');
    const busy = [{ ...pool[0], taken: { [gpu]: 1 } }] as typeof pool;
    expect(on(busy, manifest).verdict.status).toBe('impossible');
  });
  it('where no pool is of the type, KAITO adds nodes: counted, and said not to be judged', () => {
    const { nodes, workloads, verdict } = on(
      [node('cpu', { gpus: 0 })],
      workspace({ instanceType: 'Standard_ND96isr_H100_v5', ...labels }),
    );
    expect(nodes).toHaveLength(2);
    expect(verdict.pools.map(({ pool, asked }) => [pool, asked[gpu] ?? 0])).toEqual([
      ['nodes', 0],
      ['Standard_ND96isr_H100_v5 (added by KAITO)', 8],
    ]);
    expect(workloads[0]?.unread).toEqual([
      'KAITO adds 1 node of type Standard_ND96isr_H100_v5 for it; no pool of the inventory is of this type, so whether the cloud gives them is not judged. A pool with the label node.kubernetes.io/instance-type: Standard_ND96isr_H100_v5 and a range of nodes decides it',
    ]);
  });
  it('nodes that are there give all their cards, and as many nodes as the model needs', () => {
    const product = { 'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-80GB' };
    const pool = [0, 1, 2].map((number) => node(`n${number}`, { gpus: 1, labels: { apps: 'llm', ...product } }));
    const manifest = workspace({ ...labels }, { inference: { preset: { name: 'llama-3.3-70b-instruct' } } });
    expect(short(on(pool, manifest).workloads[0])).toBe('1 × 3 Pods × 1 nvidia.com/gpu');
    expect(on(pool, manifest).verdict.status).not.toBe('impossible');
    expect(on(pool.slice(1), manifest).verdict.status).toBe('impossible');
  });
  it('nodes without its labels are no place for it', () => {
    expect(on([node('n')], workspace({ ...labels })).verdict.status).toBe('impossible');
  });
});

describe('the number of nodes that KAITO works out', () => {
  it('is at least one, and falls as cards grow', () => {
    const model = { checkpoints: [{ sizeGiB: 131.4 }], layers: 80, keyValueHeads: 8, headDimension: 128 } as never;
    const rows = [24, 40, 80, 94, 141].map((memory) => nodesFor(model, 1, memory));
    expect(rows).toEqual([9, 5, 3, 2, 2]);
    expect(nodesFor(model, 8, 80)).toBe(1);
    expect(nodesFor(model, 1, 2)).toBeUndefined();
  });
  it('every instance type of the table has devices and memory', () => {
    for (const { devices, deviceMemoryGiB } of kaitoInstances()) {
      expect(devices).toBeGreaterThan(0);
      expect(deviceMemoryGiB).toBeGreaterThan(7);
    }
  });
});
