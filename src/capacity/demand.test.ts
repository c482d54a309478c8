import { describe, expect, it } from 'vitest';
import { container, gpu } from '../../test/capacity/kit.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import { demandOf, demandsOf, podContextOf, podsPerReplica } from './index.js';

const spec = (gpus: number): JsonObject => ({ containers: [container({ [gpu]: gpus })] });
const object = (apiVersion: string, kind: string, body: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  apiVersion,
  kind,
  metadata: { name: 'x', namespace: 'ns', ...metadata },
  spec: body,
});
const template = { metadata: { labels: { app: 'x' } }, spec: spec(2) };

/** `replicas × Pods a replica × GPUs of all Pods of a replica, up to maximum, rollout style`. */
function short(manifest: JsonObject): string {
  const sets = demandsOf(manifest).map((demand) => {
    const gpus = demand.templates.reduce((sum, each) => sum + each.perReplica * (each.pod.requests[gpu] ?? 0), 0);
    return `${demand.replicas.steady} × ${podsPerReplica(demand)} Pods × ${gpus} GPUs, up to ${demand.replicas.maximum}, ${demand.rollout.style}${demand.daemon === true ? ', daemon' : ''}`;
  });
  return sets.length === 0 ? 'none' : sets.join('; ');
}

describe('what an object asks for', () => {
  it.each<[string, JsonObject, string]>([
    ['Deployment', object('apps/v1', 'Deployment', { replicas: 3, template }), '3 × 1 Pods × 2 GPUs, up to 3, rolling'],
    [
      'Deployment without replicas',
      object('apps/v1', 'Deployment', { template }),
      '1 × 1 Pods × 2 GPUs, up to 1, rolling',
    ],
    [
      'Deployment of none',
      object('apps/v1', 'Deployment', { replicas: 0, template }),
      '0 × 1 Pods × 2 GPUs, up to 0, rolling',
    ],
    [
      'StatefulSet',
      object('apps/v1', 'StatefulSet', { replicas: 2, template }),
      '2 × 1 Pods × 2 GPUs, up to 2, replace',
    ],
    ['DaemonSet', object('apps/v1', 'DaemonSet', { template }), '1 × 1 Pods × 2 GPUs, up to 1, replace, daemon'],
    [
      'Job',
      object('batch/v1', 'Job', { parallelism: 4, completions: 3, template }),
      '3 × 1 Pods × 2 GPUs, up to 3, none',
    ],
    ['suspended Job', object('batch/v1', 'Job', { suspend: true, template }), '0 × 1 Pods × 2 GPUs, up to 0, none'],
    [
      'CronJob',
      object('batch/v1', 'CronJob', { jobTemplate: { spec: { parallelism: 2, template } } }),
      '2 × 1 Pods × 2 GPUs, up to 2, none',
    ],
    [
      'Pod',
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec: spec(2) },
      '1 × 1 Pods × 2 GPUs, up to 1, none',
    ],
    [
      'Rollout, canary',
      object('argoproj.io/v1alpha1', 'Rollout', { replicas: 4, strategy: { canary: {} }, template }),
      '4 × 1 Pods × 2 GPUs, up to 4, rolling',
    ],
    [
      'Rollout, blue-green',
      object('argoproj.io/v1alpha1', 'Rollout', { replicas: 4, strategy: { blueGreen: {} }, template }),
      '4 × 1 Pods × 2 GPUs, up to 4, copy',
    ],
    [
      'LeaderWorkerSet',
      object('leaderworkerset.x-k8s.io/v1', 'LeaderWorkerSet', {
        replicas: 2,
        leaderWorkerTemplate: { size: 4, workerTemplate: { spec: spec(8) } },
      }),
      '2 × 4 Pods × 32 GPUs, up to 2, rolling',
    ],
    [
      'LeaderWorkerSet with a leader of its own',
      object('leaderworkerset.x-k8s.io/v1', 'LeaderWorkerSet', {
        leaderWorkerTemplate: { size: 2, leaderTemplate: { spec: spec(1) }, workerTemplate: { spec: spec(8) } },
      }),
      '1 × 2 Pods × 9 GPUs, up to 1, rolling',
    ],
    [
      'InferenceService',
      object('serving.kserve.io/v1beta1', 'InferenceService', {
        predictor: { minReplicas: 2, maxReplicas: 5, model: { resources: { limits: { [gpu]: 2 } } } },
      }),
      '2 × 1 Pods × 2 GPUs, up to 5, rolling',
    ],
    [
      'InferenceService that sleeps',
      object('serving.kserve.io/v1beta1', 'InferenceService', {
        predictor: { minReplicas: 0, maxReplicas: 5, containers: [container({ [gpu]: 1 })] },
      }),
      '1 × 1 Pods × 1 GPUs, up to 5, rolling',
    ],
    [
      'InferenceService over nodes',
      object('serving.kserve.io/v1beta1', 'InferenceService', {
        predictor: {
          model: { resources: { limits: { [gpu]: 8 } } },
          workerSpec: { pipelineParallelSize: 2, ...spec(8) },
        },
      }),
      '1 × 2 Pods × 16 GPUs, up to 1, rolling',
    ],
    [
      'LLMInferenceService',
      object('serving.kserve.io/v1alpha2', 'LLMInferenceService', { replicas: 3, template: spec(4) }),
      '3 × 1 Pods × 4 GPUs, up to 3, rolling',
    ],
    [
      'LLMInferenceService, scaled',
      object('serving.kserve.io/v1alpha2', 'LLMInferenceService', {
        scaling: { minReplicas: 2, maxReplicas: 6 },
        template: spec(4),
      }),
      '2 × 1 Pods × 4 GPUs, up to 6, rolling',
    ],
    [
      'LLMInferenceService with data parallelism over nodes',
      object('serving.kserve.io/v1alpha2', 'LLMInferenceService', {
        replicas: 2,
        parallelism: { data: 16, dataLocal: 8 },
        template: spec(8),
        worker: spec(8),
      }),
      '2 × 2 Pods × 16 GPUs, up to 2, rolling',
    ],
    [
      'LLMInferenceService with prefill',
      object('serving.kserve.io/v1alpha2', 'LLMInferenceService', {
        replicas: 2,
        template: spec(4),
        prefill: { replicas: 4, template: spec(1) },
      }),
      '2 × 1 Pods × 4 GPUs, up to 2, rolling; 4 × 1 Pods × 1 GPUs, up to 4, rolling',
    ],
    [
      'NIMService',
      object('apps.nvidia.com/v1alpha1', 'NIMService', { replicas: 2, resources: { limits: { [gpu]: 4 } } }),
      '2 × 1 Pods × 4 GPUs, up to 2, rolling',
    ],
    [
      'NIMService, scaled',
      object('apps.nvidia.com/v1alpha1', 'NIMService', {
        scale: { enabled: true, hpa: { minReplicas: 2, maxReplicas: 9 } },
        resources: { limits: { [gpu]: 4 } },
      }),
      '2 × 1 Pods × 4 GPUs, up to 9, rolling',
    ],
    [
      'VLLMRuntime',
      object('production-stack.vllm.ai/v1alpha1', 'VLLMRuntime', {
        deploymentConfig: {
          replicas: 2,
          deploymentStrategy: 'Recreate',
          resources: { cpu: '8', memory: '32Gi', gpu: '1' },
        },
      }),
      '2 × 1 Pods × 1 GPUs, up to 2, replace',
    ],
    [
      'VLLMRuntime, scaled',
      object('production-stack.vllm.ai/v1alpha1', 'VLLMRuntime', {
        deploymentConfig: { replicas: 1, resources: { gpu: '1' } },
        autoscalingConfig: { enabled: true, maxReplicas: 4 },
      }),
      '1 × 1 Pods × 1 GPUs, up to 4, rolling',
    ],
    [
      'LLMDeployment',
      object('inference.llm-d.io/v1alpha1', 'LLMDeployment', {
        replicas: 2,
        resources: { limits: { [gpu]: '1' } },
        autoscaling: { enabled: true, minReplicas: 2, maxReplicas: 10 },
      }),
      '2 × 1 Pods × 1 GPUs, up to 10, rolling',
    ],
    [
      'RayCluster',
      object('ray.io/v1', 'RayCluster', {
        headGroupSpec: { template: { spec: {} } },
        workerGroupSpecs: [{ replicas: 2, numOfHosts: 2, template }],
      }),
      '1 × 5 Pods × 8 GPUs, up to 1, replace',
    ],
    [
      'RayService',
      object('ray.io/v1', 'RayService', {
        rayClusterConfig: { headGroupSpec: { template: { spec: {} } }, workerGroupSpecs: [{ replicas: 1, template }] },
      }),
      '1 × 2 Pods × 2 GPUs, up to 1, copy',
    ],
    [
      'Volcano Job',
      object('batch.volcano.sh/v1alpha1', 'Job', {
        tasks: [
          { replicas: 2, template },
          { replicas: 1, template },
        ],
      }),
      '1 × 3 Pods × 6 GPUs, up to 1, none',
    ],
    [
      'JobSet',
      object('jobset.x-k8s.io/v1alpha2', 'JobSet', {
        replicatedJobs: [{ replicas: 2, template: { spec: { parallelism: 2, template } } }],
      }),
      '1 × 4 Pods × 8 GPUs, up to 1, none',
    ],
    [
      'StormService',
      object('orchestration.aibrix.ai/v1alpha1', 'StormService', {
        replicas: 2,
        template: {
          spec: {
            roles: [
              { name: 'prefill', replicas: 1, template },
              { name: 'decode', replicas: 2, template },
            ],
          },
        },
      }),
      '2 × 3 Pods × 6 GPUs, up to 2, rolling',
    ],
    ['a Service', object('v1', 'Service', {}), 'none'],
    ['a Deployment of another group', object('example.com/v1', 'Deployment', { template }), 'none'],
    ['an object without a name', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template } }, 'none'],
  ])('%s', (_, manifest, expected) => {
    expect(short(manifest)).toBe(expected);
  });

  it('says what it did not read', () => {
    const unread = (manifest: JsonObject) => demandOf(manifest)?.unread;
    expect(
      unread(object('serving.kserve.io/v1beta1', 'InferenceService', { predictor: { model: { runtime: 'vllm' } } })),
    ).toEqual([
      'spec.predictor.model has no resources: those of the runtime vllm are not counted; the ServingRuntime among the manifests would say them',
    ]);
    expect(
      unread(
        object('apps/v1', 'Deployment', {
          template: { spec: { priorityClassName: 'gold', containers: [container({ memory: '16GB' })] } },
        }),
      ),
    ).toEqual([
      'memory: "16GB" is not a quantity and was counted as 0',
      'priority class gold is not among the manifests: its value is taken as 0',
    ]);
  });

  it('takes what a runtime of KServe asks for, and what the service says over it', () => {
    const runtime = {
      apiVersion: 'serving.kserve.io/v1alpha1',
      kind: 'ClusterServingRuntime',
      metadata: { name: 'vllm' },
      spec: {
        containers: [{ name: 'kserve-container', resources: { limits: { [gpu]: 1, cpu: '8' } } }],
        tolerations: [{ key: gpu, operator: 'Exists' }],
      },
    };
    const service = (model: JsonObject) =>
      demandOf(
        object('serving.kserve.io/v1beta1', 'InferenceService', {
          predictor: { model: { runtime: 'vllm', ...model } },
        }),
        podContextOf([runtime]),
      )?.templates[0]?.pod;
    expect(service({})?.requests).toEqual({ [gpu]: 1, cpu: 8000, pods: 1 });
    expect(service({})?.tolerations).toHaveLength(1);
    expect(service({ resources: { limits: { [gpu]: 4 } } })?.requests).toEqual({ [gpu]: 4, cpu: 8000, pods: 1 });
  });

  it('joins the configurations that an LLMInferenceService names', () => {
    const config = {
      apiVersion: 'serving.kserve.io/v1alpha2',
      kind: 'LLMInferenceServiceConfig',
      metadata: { name: 'base', namespace: 'ns' },
      spec: { replicas: 3, template: { containers: [{ name: 'main', resources: { limits: { [gpu]: 2 } } }] } },
    };
    const service = object('serving.kserve.io/v1alpha2', 'LLMInferenceService', { baseRefs: [{ name: 'base' }] });
    expect(demandOf(service, podContextOf([config]))).toMatchObject({ replicas: { steady: 3 }, unread: [] });
    expect(demandOf(service, podContextOf([config]))?.templates[0]?.pod.requests[gpu]).toBe(2);
    expect(demandOf(service)?.unread).toContain(
      'spec.baseRefs: values of referenced configs that are not among the manifests are not joined',
    );
  });

  it('keeps where it comes from', () => {
    expect(
      demandOf(object('apps/v1', 'Deployment', { template }, { labels: { 'kueue.x-k8s.io/queue-name': 'q' } }), {
        application: 'app',
        wave: 10,
        environment: 'production',
        family: 'llama',
      }),
    ).toMatchObject({
      id: 'Deployment/ns/x',
      application: 'app',
      wave: 10,
      environment: 'production',
      family: 'llama',
      queue: 'q',
    });
  });

  it('a namespace that is not named is the one of the context', () => {
    expect(
      demandOf({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec: {} }, { namespace: 'there' })?.id,
    ).toBe('Pod/there/x');
  });

  it.each([null, 1, 'x', [], { replicas: 'many', template: null }, { template: { spec: { containers: 'none' } } }])(
    'is not upset by a spec of %j',
    (body) => {
      expect(() =>
        demandOf({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x' }, spec: body as JsonObject }),
      ).not.toThrow();
    },
  );
});
