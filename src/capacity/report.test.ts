import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { container, demand, deployment, gpu } from '../../test/capacity/kit.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import { loadHighs } from '../io/highs.js';
import {
  type Assessment,
  assess,
  capacityHtml,
  capacityMarkdown,
  capacityReport,
  capacityText,
  nodesOfPool,
  quotasOfCluster,
  type Scaler,
  type Solver,
  scalerOf,
  withScalers,
} from './index.js';

let solver: Solver;
beforeAll(async () => {
  solver = await loadHighs();
});

/** The family of three phases: 5 replicas of one GPU, 3 of two, 2 of eight; 20, 8 and 4 at the maximum. */
function family(): Assessment {
  const host = (app: string): JsonObject => ({
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app } } },
      ],
    },
  });
  const pod = (name: string, gpus: number, pool: string, memory: string, more: JsonObject = {}): JsonObject => ({
    containers: [container({ [gpu]: gpus, cpu: gpus * 4, memory })],
    nodeSelector: { 'node-pool': pool },
    ...more,
    ...(name === 'llama-3-1-8b' ? { affinity: host(name) } : {}),
  });
  const objects: readonly (readonly [JsonObject, number])[] = [
    [deployment('llama-3-1-8b', pod('llama-3-1-8b', 1, 'inference', '32Gi'), { replicas: 5 }), 0],
    [deployment('llama-3-1-13b', pod('llama-3-1-13b', 2, 'inference', '64Gi'), { replicas: 3 }), 10],
    [
      deployment('llama-3-1-70b', pod('llama-3-1-70b', 8, 'enterprise', '640Gi'), {
        replicas: 2,
        strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      }),
      20,
    ],
  ];
  const scalers = (
    [
      ['llama-3-1-8b', 5, 20],
      ['llama-3-1-13b', 3, 8],
      ['llama-3-1-70b', 2, 4],
    ] as const
  ).map(([name, minReplicas, maxReplicas]) =>
    scalerOf({
      kind: 'HorizontalPodAutoscaler',
      metadata: { name, namespace: 'ns' },
      spec: { scaleTargetRef: { kind: 'Deployment', name }, minReplicas, maxReplicas },
    }),
  );
  const workloads = withScalers(
    objects.map(([object, wave]) => demand(object, { wave, environment: 'production' })),
    scalers.filter((each): each is Scaler => each !== undefined),
  );
  const nodes = [
    ...nodesOfPool({
      name: 'inference',
      gpusPerNode: 4,
      nodes: 8,
      allocatable: { cpu: 96, memory: '768Gi' },
      labels: { 'node-pool': 'inference' },
    }),
    ...nodesOfPool({
      name: 'enterprise',
      gpusPerNode: 8,
      nodes: 2,
      allocatable: { cpu: 192, memory: '2000Gi' },
      labels: { 'node-pool': 'enterprise' },
    }),
  ];
  return assess(nodes, workloads, {
    solver,
    quotas: quotasOfCluster({ resourceQuotas: [{ namespace: 'ns', hard: { 'requests.nvidia.com/gpu': 40 } }] }),
  });
}

describe('the report of a family of three phases', () => {
  it('counts 5, 6 and 16 GPUs steady and 68 at the maximum', () => {
    const { waves } = family();
    const sum = (index: number, field: 'steady' | 'maximum') =>
      waves[index]?.pools.reduce((total, pool) => total + (pool[field] ?? 0), 0);
    expect([sum(0, 'steady'), sum(1, 'steady'), sum(2, 'steady'), sum(2, 'maximum')]).toEqual([5, 11, 27, 68]);
  });

  it('as text', () => {
    expect(`\n${capacityText(family())}`).toMatchInlineSnapshot(`
      "
      production, wave 0: fits, in any order of arrival
        pool        have  taken  steady  rollout  maximum  node gone  free
        inference     32      0       5       13       20         28    27  ████▒▒▒▒▒▒▒▒▒▒▒·········
        enterprise    16      0       0       16        0          8    16  ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
        ! All autoscalers at their maximum at wave 0: 20 Pods of ns/llama-3-1-8b need 1 × nvidia.com/gpu, 4 CPU and 32 GiB memory each on one node, one a node by their required anti-affinity; pool inference (8 nodes) holds 8, at most 1 a node: 12 Pods (12 × nvidia.com/gpu) short.

      production, wave 10: fits, in any order of arrival
        pool        have  taken  steady  rollout  maximum  node gone  free
        inference     32      0      11       13       36         28    21  ████████▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▶
        enterprise    16      0       0       16        0          8    16  ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
        ! All autoscalers at their maximum at wave 10: 20 Pods of ns/llama-3-1-8b need 1 × nvidia.com/gpu, 4 CPU and 32 GiB memory each on one node, one a node by their required anti-affinity; pool inference (8 nodes) holds 8, at most 1 a node: 12 Pods (12 × nvidia.com/gpu) short.

      production, wave 20: fits, in any order of arrival
        pool        have  taken  steady  rollout  maximum  node gone  free
        inference     32      0      11       11       36         28    21  ████████▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▶
        enterprise    16      0      16       24       32          8     0  ████████████████████████▶
        ! All autoscalers at their maximum at wave 20: 20 Pods of ns/llama-3-1-8b need 1 × nvidia.com/gpu, 4 CPU and 32 GiB memory each on one node, one a node by their required anti-affinity; pool inference (8 nodes) holds 8, at most 1 a node: 12 Pods (12 × nvidia.com/gpu) short. 4 Pods of ns/llama-3-1-70b need 8 × nvidia.com/gpu, 32 CPU and 640 GiB memory each on one node; pool enterprise (2 nodes) holds 2, at most 1 a node: 2 Pods (16 × nvidia.com/gpu) short.
        ! Node enterprise-1 gone at wave 20: 2 Pods of ns/llama-3-1-70b need 8 × nvidia.com/gpu, 32 CPU and 640 GiB memory each on one node; pool enterprise (1 node) holds 1: 1 Pod (8 × nvidia.com/gpu) short.
        ! A rollout of llama-3-1-70b never ends: maxUnavailable is 0 and not one surge replica finds a place. 3 Pods of ns/llama-3-1-70b need 8 × nvidia.com/gpu, 32 CPU and 640 GiB memory each on one node; pool enterprise (2 nodes) holds 2, at most 1 a node: 1 Pod (8 × nvidia.com/gpu) short. Set maxSurge: 0 and maxUnavailable: 1, or Recreate for one replica.
        ! ResourceQuota/ns allows 40 of requests.nvidia.com/gpu; Deployment/ns/llama-3-1-8b, Deployment/ns/llama-3-1-13b, Deployment/ns/llama-3-1-70b ask for 68 (all autoscalers at their maximum at wave 20): 28 too much.
      "
    `);
  });

  it('as Markdown, with nothing of a name becoming markup', () => {
    expect(`\n${capacityMarkdown(family())}`).toMatchInlineSnapshot(`
      "
      | environment | wave | verdict | pool | have | taken | steady | rollout | maximum | node gone | free |  |
      | --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
      | production | 0 | fits, in any order of arrival | inference | 32 | 0 | 5 | 13 | 20 | 28 | 27 | ███▒▒▒▒▒▒▒······ |
      |  |  |  | enterprise | 16 | 0 | 0 | 16 | 0 | 8 | 16 | ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ |
      | production | 10 | fits, in any order of arrival | inference | 32 | 0 | 11 | 13 | 36 | 28 | 21 | ██████▒▒▒▒▒▒▒▒▒▒▶ |
      |  |  |  | enterprise | 16 | 0 | 0 | 16 | 0 | 8 | 16 | ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ |
      | production | 20 | fits, in any order of arrival | inference | 32 | 0 | 11 | 11 | 36 | 28 | 21 | ██████▒▒▒▒▒▒▒▒▒▒▶ |
      |  |  |  | enterprise | 16 | 0 | 16 | 24 | 32 | 8 | 0 | ████████████████▶ |

      - **production, wave 0**: All autoscalers at their maximum at wave 0: 20 Pods of ns/llama-3-1-8b need 1 × nvidia.com/gpu, 4 CPU and 32 GiB memory each on one node, one a node by their required anti-affinity; pool inference (8 nodes) holds 8, at most 1 a node: 12 Pods (12 × nvidia.com/gpu) short.
      - **production, wave 10**: All autoscalers at their maximum at wave 10: 20 Pods of ns/llama-3-1-8b need 1 × nvidia.com/gpu, 4 CPU and 32 GiB memory each on one node, one a node by their required anti-affinity; pool inference (8 nodes) holds 8, at most 1 a node: 12 Pods (12 × nvidia.com/gpu) short.
      - **production, wave 20**: All autoscalers at their maximum at wave 20: 20 Pods of ns/llama-3-1-8b need 1 × nvidia.com/gpu, 4 CPU and 32 GiB memory each on one node, one a node by their required anti-affinity; pool inference (8 nodes) holds 8, at most 1 a node: 12 Pods (12 × nvidia.com/gpu) short. 4 Pods of ns/llama-3-1-70b need 8 × nvidia.com/gpu, 32 CPU and 640 GiB memory each on one node; pool enterprise (2 nodes) holds 2, at most 1 a node: 2 Pods (16 × nvidia.com/gpu) short.
      - **production, wave 20**: Node enterprise-1 gone at wave 20: 2 Pods of ns/llama-3-1-70b need 8 × nvidia.com/gpu, 32 CPU and 640 GiB memory each on one node; pool enterprise (1 node) holds 1: 1 Pod (8 × nvidia.com/gpu) short.
      - **production, wave 20**: A rollout of llama-3-1-70b never ends: maxUnavailable is 0 and not one surge replica finds a place. 3 Pods of ns/llama-3-1-70b need 8 × nvidia.com/gpu, 32 CPU and 640 GiB memory each on one node; pool enterprise (2 nodes) holds 2, at most 1 a node: 1 Pod (8 × nvidia.com/gpu) short. Set maxSurge: 0 and maxUnavailable: 1, or Recreate for one replica.
      - **production, wave 20**: ResourceQuota/ns allows 40 of requests.nvidia.com/gpu; Deployment/ns/llama-3-1-8b, Deployment/ns/llama-3-1-13b, Deployment/ns/llama-3-1-70b ask for 68 (all autoscalers at their maximum at wave 20): 28 too much.
      "
    `);
    const odd = assess(
      nodesOfPool({ name: 'a|<b>*@team', gpusPerNode: 1, nodes: 1, allocatable: { cpu: 1, memory: '1Gi' } }),
      [demand(deployment('x', { containers: [container({ [gpu]: 2 })] }))],
      {},
    );
    expect(capacityMarkdown(odd)).toContain('a\\|&#60;b&#62;\\*&#64;team');
    expect(capacityHtml(odd)).not.toContain('<b>');
  });

  it('as JSON that its schema accepts', () => {
    const schema = JSON.parse(
      readFileSync(new URL('../../schemas/capacity-report.schema.json', import.meta.url), 'utf8'),
    );
    const validate = new Ajv({ strict: true, strictRequired: false, allErrors: true }).compile(schema);
    for (const allPlacements of [false, true]) {
      const report = JSON.parse(JSON.stringify(capacityReport(family(), { allPlacements })));
      validate(report);
      expect(validate.errors ?? []).toEqual([]);
    }
    expect(capacityReport(family())).toMatchObject({ schemaVersion: 1, verdict: 'order-safe' });
  });

  it('as HTML with a bar for every pool', () => {
    expect(capacityHtml(family()).match(/<svg/g)).toHaveLength(6);
  });
});
