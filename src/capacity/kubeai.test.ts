import { describe, expect, it } from 'vitest';
import { demand, gpu } from '../../test/capacity/kit.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import { podContextOf } from './index.js';

const model = (spec: JsonObject): JsonObject => ({
  apiVersion: 'kubeai.org/v1',
  kind: 'Model',
  metadata: { name: 'm', namespace: 'kubeai' },
  spec: { url: 'hf://acme/model', engine: 'VLLM', features: ['TextGeneration'], ...spec },
});
const system = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'kubeai-config' },
  data: {
    'system.yaml': [
      'resourceProfiles:',
      '  h100:',
      '    limits: {nvidia.com/gpu: "1"}',
      '    requests: {nvidia.com/gpu: "1", cpu: 1500m, memory: 24Gi}',
      '    nodeSelector: {pool: h100}',
      'modelServers: {VLLM: {images: {default: vllm}}}',
      'modelRollouts: {surge: 0}',
    ].join('\n'),
  },
};
const chart = (helm: JsonObject): JsonObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'kubeai' },
  spec: { source: { repoURL: 'https://www.kubeai.org', chart: 'kubeai', targetRevision: '0.22.1', helm } },
});

describe('a Model of KubeAI', () => {
  it('takes its profile from the ConfigMap of the system, so many times', () => {
    const found = demand(model({ resourceProfile: 'h100:4', minReplicas: 2, maxReplicas: 5 }), podContextOf([system]));
    expect(found.templates[0]?.pod).toMatchObject({
      requests: { [gpu]: 4, cpu: 6000, memory: 96 * 2 ** 30 },
      nodeSelector: { pool: 'h100' },
    });
    expect(found.replicas).toMatchObject({ steady: 2, maximum: 5 });
    expect(found.rollout).toMatchObject({ style: 'replace', maxSurge: 0 });
    expect(found.unread).toEqual([]);
  });

  it.each<[string, JsonObject, string, number]>([
    ['the profiles of the chart', {}, 'nvidia-gpu-l4:2', 2],
    [
      'values as text, merged into them',
      { values: 'resourceProfiles: {nvidia-gpu-h100: {nodeSelector: {pool: h100}}}' },
      'nvidia-gpu-h100:8',
      8,
    ],
    [
      'values as an object, with a profile of their own',
      { valuesObject: { resourceProfiles: { own: { limits: { [gpu]: 3 } } } } },
      'own:1',
      3,
    ],
  ])('from an Application of the chart: %s', (_, helm, resourceProfile, gpus) => {
    const found = demand(model({ resourceProfile, minReplicas: 1, maxReplicas: 1 }), podContextOf([chart(helm)]));
    expect(found.templates[0]?.pod.requests[gpu]).toBe(gpus);
    expect(found.rollout).toMatchObject({ style: 'rolling', maxSurge: 1, maxUnavailable: 0 });
  });

  it('says what would decide it where nothing is known of the installation', () => {
    for (const objects of [[], [chart({ valueFiles: ['$values/kubeai.yaml'] })]]) {
      const found = demand(model({ resourceProfile: 'h100:1', maxReplicas: 1 }), podContextOf(objects));
      expect(found.templates).toEqual([]);
      expect(found.unread).toEqual([
        'resource profile h100 stands in the installation of KubeAI, which is not among the manifests: its Pods are not counted. The ConfigMap with system.yaml, or an Application of the chart kubeai with its values (helm.valuesObject or helm.values), decides it',
      ]);
    }
  });

  it.each([
    [
      'a profile that is not there',
      'a100:1',
      "resource profile a100 is not one of KubeAI's: h100; its Pods are not counted, and KubeAI makes none",
    ],
    [
      'a profile without a number',
      'h100',
      'resourceProfile h100 does not say how many times (name:count): KubeAI makes no Pods',
    ],
  ])('%s', (_, resourceProfile, said) => {
    expect(demand(model({ resourceProfile, maxReplicas: 1 }), podContextOf([system])).unread).toEqual([said]);
  });

  it('is never scaled below one Pod in steady use, nor beyond a maximum that nobody set', () => {
    const found = demand(model({ resourceProfile: 'h100:1' }), podContextOf([system]));
    expect(found.replicas).toMatchObject({ steady: 1, maximum: 1 });
    expect(found.unread).toEqual(['spec.maxReplicas is absent: KubeAI adds Pods without limit, and none was assumed']);
    const fixed = demand(
      model({ resourceProfile: 'h100:1', autoscalingDisabled: true, replicas: 0 }),
      podContextOf([system]),
    );
    expect(fixed.replicas).toMatchObject({ steady: 0, maximum: 0 });
  });
});
