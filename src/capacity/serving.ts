import type { JsonObject } from '../diagnostics/diagnostic.js';
import type { Rollout } from './facts.js';
import { inferenceSet, multiRoleInference, workspace } from './kaito.js';
import { inferenceService, llmInferenceService, type ServingSettings, servingSettings } from './kserve.js';
import { type KubeaiSettings, kubeaiModel } from './kubeai.js';

export { type ServingSettings, servingSettings };

import { at, integerAt, isObject, objectAt, objectsAt, stringAt, stringsAt } from './read.js';
import { bareTemplate, countOrPercent, deploymentRollout, type Shape, type ShapeTemplate } from './shape.js';

/**
 * The serving kinds: what their controllers will make of them. Versions read: KServe 0.20, NIM operator 3.1.2, KubeAI 0.23,
 * KAITO 0.12, production-stack operator 0.1.12, KubeRay 1.4, AIBrix 0.7, Volcano 1.12, JobSet 0.8.
 */

type Reader = (object: JsonObject, context: ServingContext) => Shape;

/** What serving objects are read with. */
export interface ServingContext {
  readonly kubeai?: KubeaiSettings;
  readonly serving?: ServingSettings;
}

const readers: Readonly<Record<string, Reader>> = {
  'serving.kserve.io/InferenceService': inferenceService,
  'serving.kserve.io/LLMInferenceService': llmInferenceService,
  'apps.nvidia.com/NIMService': nimService,
  'production-stack.vllm.ai/VLLMRuntime': vllmRuntime,
  'kubeai.org/Model': (object, { kubeai }) => kubeaiModel(object, kubeai),
  'kaito.sh/Workspace': workspace,
  'kaito.sh/InferenceSet': inferenceSet,
  'kaito.sh/MultiRoleInference': multiRoleInference,
  'inference.llm-d.io/LLMDeployment': llmDeployment,
  'ray.io/RayCluster': (object) => rayCluster(objectAt(object, 'spec'), 'replace'),
  'ray.io/RayService': (object) => rayCluster(objectAt(object, 'spec', 'rayClusterConfig'), 'copy'),
  'ray.io/RayJob': (object) => rayCluster(objectAt(object, 'spec', 'rayClusterSpec'), 'none'),
  'orchestration.aibrix.ai/RayClusterFleet': rayClusterFleet,
  'orchestration.aibrix.ai/StormService': stormService,
  'batch.volcano.sh/Job': (object) => tasks(objectsAt(object, 'spec', 'tasks')),
  'jobset.x-k8s.io/JobSet': jobSet,
};

/** The shape of a serving object; undefined for a kind that makes no Pods, or that is not known. */
export function servingShape(
  group: string,
  kind: string,
  object: JsonObject,
  context: ServingContext = {},
): Shape | undefined {
  const key = `${group}/${kind}`;
  return Object.hasOwn(readers, key) ? readers[key]?.(object, context) : undefined;
}

const replacing: Rollout = { style: 'replace', maxSurge: 0, maxUnavailable: 1, name: 'replace' };

function rolloutOf(style: 'replace' | 'copy' | 'none', name: string): Rollout {
  return { style, maxSurge: style === 'copy' ? '100%' : 0, maxUnavailable: style === 'copy' ? 0 : 1, name };
}

function nimService(object: JsonObject): Shape {
  const spec = objectAt(object, 'spec');
  const hpa = objectAt(spec, 'scale', 'hpa');
  const scaled = at(spec, 'scale', 'enabled') === true;
  const replicas = scaled ? (integerAt(hpa, 'minReplicas') ?? 1) : (integerAt(spec, 'replicas') ?? 1);
  const lws = objectAt(spec, 'multiNode', 'parallelism');
  const size = isObject(at(spec, 'multiNode')) ? Math.max(1, integerAt(lws, 'pipeline') ?? 1) : 1;
  const affinity =
    at(spec, 'affinity') ?? (isObject(at(spec, 'podAffinity')) ? { podAffinity: objectAt(spec, 'podAffinity') } : {});
  const podSpec: JsonObject = {
    containers: [{ name: 'nim', resources: objectAt(spec, 'resources') }, ...objectsAt(spec, 'sidecarContainers')],
    initContainers: objectsAt(spec, 'initContainers'),
    nodeSelector: objectAt(spec, 'nodeSelector'),
    tolerations: objectsAt(spec, 'tolerations'),
    affinity,
    ...(stringAt(spec, 'priorityClassName') === undefined
      ? {}
      : { priorityClassName: at(spec, 'priorityClassName') ?? '' }),
  };
  return {
    replicas,
    maximum: scaled ? Math.max(replicas, integerAt(hpa, 'maxReplicas') ?? replicas) : replicas,
    templates: [{ role: 'pod', perReplica: size, template: bareTemplate(podSpec, stringsAt(spec, 'labels')) }],
    rollout: size > 1 ? replacing : deploymentRollout({}),
    unread:
      objectsAt(spec, 'draResources').length > 0
        ? ['spec.draResources: claims made by the operator are not counted']
        : [],
  };
}

/** `deploymentConfig.resources` counts CPU, memory and GPUs by short names; the GPUs are of `gpuType`, NVIDIA's by default. */
function vllmRuntime(object: JsonObject): Shape {
  const spec = objectAt(object, 'spec');
  const deployment = objectAt(spec, 'deploymentConfig');
  const wanted = objectAt(deployment, 'resources');
  const scaling = objectAt(spec, 'autoscalingConfig');
  const scaled = at(scaling, 'enabled') === true;
  const replicas = (scaled ? integerAt(scaling, 'minReplicas') : undefined) ?? integerAt(deployment, 'replicas') ?? 1;
  const gpuType = stringAt(wanted, 'gpuType') ?? 'nvidia.com/gpu';
  const requests: Record<string, string> = {};
  for (const [name, resource] of [
    ['cpu', 'cpu'],
    ['memory', 'memory'],
    ['gpu', gpuType],
  ] as const) {
    const amount = at(wanted, name);
    if (typeof amount === 'string' || typeof amount === 'number') requests[resource] = String(amount);
  }
  const terms = objectsAt(deployment, 'nodeSelectorTerms');
  const podSpec: JsonObject = {
    containers: [{ name: 'vllm', resources: { requests, limits: requests } }],
    tolerations: objectsAt(deployment, 'tolerations'),
    ...(terms.length === 0
      ? {}
      : {
          affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } },
        }),
  };
  const strategy = stringAt(deployment, 'deploymentStrategy') ?? stringAt(deployment, 'deployStrategy');
  return {
    replicas,
    maximum: scaled ? Math.max(replicas, integerAt(scaling, 'maxReplicas') ?? replicas) : replicas,
    templates: [{ role: 'pod', perReplica: 1, template: bareTemplate(podSpec) }],
    rollout: deploymentRollout(strategy === undefined ? {} : { type: strategy }),
  };
}

/** The dialect of the examples that circulate: resources and nodeSelector at the top of the spec, autoscaling beside them. */
function llmDeployment(object: JsonObject): Shape {
  const spec = objectAt(object, 'spec');
  const scaling = objectAt(spec, 'autoscaling');
  const scaled = at(scaling, 'enabled') === true;
  const replicas = integerAt(spec, 'replicas') ?? (scaled ? integerAt(scaling, 'minReplicas') : undefined) ?? 1;
  const own = at(spec, 'template');
  const podSpec: JsonObject = {
    containers: [{ name: 'model', resources: objectAt(spec, 'resources') }],
    nodeSelector: objectAt(spec, 'nodeSelector'),
    tolerations: objectsAt(spec, 'tolerations'),
    affinity: objectAt(spec, 'affinity'),
  };
  return {
    replicas,
    maximum: scaled ? Math.max(replicas, integerAt(scaling, 'maxReplicas') ?? replicas) : replicas,
    templates: [
      {
        role: 'pod',
        perReplica: 1,
        template: isObject(own) ? own : bareTemplate(podSpec, stringsAt(object, 'metadata', 'labels')),
      },
    ],
    rollout: deploymentRollout(objectAt(spec, 'strategy')),
  };
}

/** A cluster is one replica: a head and its worker groups, each group `replicas` × `numOfHosts` Pods. */
function rayCluster(spec: JsonObject, style: 'replace' | 'copy' | 'none', replicas = 1): Shape {
  const autoscaled = at(spec, 'enableInTreeAutoscaling') === true;
  const templates: ShapeTemplate[] = [
    { role: 'head', perReplica: 1, template: objectAt(spec, 'headGroupSpec', 'template') },
  ];
  for (const group of objectsAt(spec, 'workerGroupSpecs')) {
    const wanted = integerAt(group, 'replicas') ?? integerAt(group, 'minReplicas') ?? 0;
    const count = autoscaled ? Math.max(wanted, integerAt(group, 'maxReplicas') ?? wanted) : wanted;
    templates.push({
      role: stringAt(group, 'groupName') ?? 'worker',
      perReplica: count * (integerAt(group, 'numOfHosts') ?? 1),
      template: objectAt(group, 'template'),
    });
  }
  return {
    replicas,
    templates,
    rollout: rolloutOf(style, style === 'copy' ? 'a second cluster beside the first' : 'replace'),
    ...(autoscaled
      ? { unread: ['enableInTreeAutoscaling: worker groups are counted at their maxReplicas always'] }
      : {}),
  };
}

function rayClusterFleet(object: JsonObject): Shape {
  const spec = objectAt(object, 'spec');
  const shape = rayCluster(objectAt(spec, 'template', 'spec'), 'replace', integerAt(spec, 'replicas') ?? 1);
  return { ...shape, rollout: deploymentRollout(objectAt(spec, 'strategy')) };
}

function stormService(object: JsonObject): Shape {
  const spec = objectAt(object, 'spec');
  const roles = objectsAt(spec, 'template', 'spec', 'roles');
  return {
    replicas: integerAt(spec, 'replicas') ?? 1,
    templates: roles.map((role) => ({
      role: stringAt(role, 'name') ?? 'role',
      perReplica: (integerAt(role, 'replicas') ?? 1) * (integerAt(role, 'podGroupSize') ?? 1),
      template: objectAt(role, 'template'),
    })),
    rollout: {
      style: 'rolling',
      maxSurge: countOrPercent(at(spec, 'updateStrategy', 'maxSurge')) ?? 0,
      maxUnavailable: countOrPercent(at(spec, 'updateStrategy', 'maxUnavailable')) ?? 1,
      name: stringAt(spec, 'updateStrategy', 'type') ?? 'RollingUpdate',
    },
  };
}

function tasks(list: readonly JsonObject[]): Shape {
  return {
    replicas: 1,
    templates: list.map((task) => ({
      role: stringAt(task, 'name') ?? 'task',
      perReplica: integerAt(task, 'replicas') ?? 1,
      template: objectAt(task, 'template'),
    })),
    rollout: rolloutOf('none', 'none'),
  };
}

function jobSet(object: JsonObject): Shape {
  return {
    replicas: at(object, 'spec', 'suspend') === true ? 0 : 1,
    templates: objectsAt(object, 'spec', 'replicatedJobs').map((each) => {
      const job = objectAt(each, 'template', 'spec');
      return {
        role: stringAt(each, 'name') ?? 'job',
        perReplica: (integerAt(each, 'replicas') ?? 1) * (integerAt(job, 'parallelism') ?? 1),
        template: objectAt(job, 'template'),
      };
    }),
    rollout: rolloutOf('none', 'none'),
  };
}
