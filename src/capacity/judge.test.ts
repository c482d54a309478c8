import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import { demandOf, judge, nodesOfPool, scenarios, verifyCertificate, verifyPlacement } from './index.js';
import type { Scenario } from './verdict.js';

const h100 = nodesOfPool({ name: 'h100', gpusPerNode: 8, nodes: 2, allocatable: { cpu: 96, memory: '1000Gi' } });

function deployment(name: string, replicas: number, gpus: number, spec: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'llm' },
    spec: {
      replicas,
      template: {
        metadata: { labels: { app: name } },
        spec: {
          ...spec,
          containers: [{ name: 'vllm', resources: { limits: { 'nvidia.com/gpu': gpus, cpu: '8', memory: '64Gi' } } }],
        },
      },
    },
  };
}

function demand(object: JsonObject) {
  const found = demandOf(object);
  if (found === undefined) throw new Error('no demand');
  return found;
}

const steady = (...ids: readonly [string, number][]): Scenario => ({
  kind: 'steady',
  title: 'steady',
  replicas: Object.fromEntries(ids),
});

describe('judge', () => {
  it('says with numbers what is short', () => {
    const workload = demand(deployment('llama-3-1-70b', 3, 8));
    const scenario = steady([workload.id, 3]);
    const verdict = judge(h100, [workload], scenario);
    expect(verdict.status).toBe('impossible');
    expect(verdict.message).toBe(
      '3 Pods of llm/llama-3-1-70b need 8 × nvidia.com/gpu, 8 CPU and 64 GiB memory each on one node; pool h100 (2 nodes) holds 2, at most 1 a node: 1 Pod (8 × nvidia.com/gpu) short.',
    );
    expect(verdict.certificate && verifyCertificate(h100, [workload], scenario, verdict.certificate)).toEqual([]);
  });

  it('gives a placement that the checker accepts', () => {
    const workloads = [demand(deployment('a', 2, 4)), demand(deployment('b', 1, 8))];
    const scenario = steady(...workloads.map((each) => [each.id, each.replicas.steady] as [string, number]));
    const verdict = judge(h100, workloads, scenario);
    expect(verdict.status).toBe('possible');
    expect(verdict.placement && verifyPlacement(h100, workloads, scenario, verdict.placement)).toEqual([]);
    expect(verdict.order).toMatchObject({ safe: false });
  });

  it('claims order-safety for one size on a pool of its own', () => {
    const workload = demand(deployment('a', 4, 4));
    const verdict = judge(h100, [workload], steady([workload.id, 4]));
    expect(verdict.status).toBe('order-safe');
  });

  it('makes scenarios wave by wave', () => {
    const workloads = [demand(deployment('a', 2, 4)), { ...demand(deployment('b', 1, 8)), wave: 10 }];
    expect(
      scenarios(h100, workloads).map((each) => `${each.title}: ${JSON.stringify(each.replicas)}`),
    ).toMatchInlineSnapshot(`
      [
        "steady at wave 0: {"Deployment/llm/a":2}",
        "rollout at full surge at wave 0: {"Deployment/llm/a":3,"Deployment/llm/b":1}",
        "one surge replica of a at wave 0: {"Deployment/llm/a":3,"Deployment/llm/b":1}",
        "steady at wave 10: {"Deployment/llm/a":2,"Deployment/llm/b":1}",
        "rollout at full surge at wave 10: {"Deployment/llm/a":2,"Deployment/llm/b":2}",
        "one surge replica of b at wave 10: {"Deployment/llm/a":2,"Deployment/llm/b":2}",
        "node h100-1 gone at wave 10: {"Deployment/llm/a":2,"Deployment/llm/b":1}",
      ]
    `);
  });
});
