import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { chartValues, documentOf } from './chart-values.js';
import { amountOf } from './quantity.js';
import { at, integerAt, isObject, objectAt, objectsAt, stringAt } from './read.js';
import type { Shape } from './shape.js';

/**
 * KubeAI (read at v0.23): a Model names a resource profile and how many times it is taken; the profiles stand in the configuration
 * of the KubeAI installation: the ConfigMap of the system, or the values of its Helm chart in an Argo CD Application.
 */
export interface KubeaiSettings {
  /** By name: `{requests, limits, nodeSelector, affinity, tolerations, schedulerName}`. */
  readonly profiles: Readonly<Record<string, JsonObject>>;
  /** Pods that a rollout adds. */
  readonly surge: number;
  /** Whether Pods are patched on their way (`modelServerPods.jsonPatches`). */
  readonly patched: boolean;
}

const gpu = (tolerated: boolean, requests?: JsonObject): JsonObject => ({
  limits: { 'nvidia.com/gpu': '1' },
  ...(requests === undefined ? {} : { requests: { 'nvidia.com/gpu': '1', ...requests } }),
  ...(tolerated
    ? { tolerations: [{ key: 'nvidia.com/gpu', operator: 'Equal', value: 'present', effect: 'NoSchedule' }] }
    : {}),
});

/** What the chart brings along (kubeai-project/kubeai `charts/kubeai/values.yaml`, chart 0.22.1): values are merged into it. */
const chartProfiles: JsonObject = {
  cpu: { requests: { cpu: 1, memory: '2Gi' } },
  'nvidia-gpu-t4': gpu(false, {}),
  'nvidia-gpu-l4': gpu(true, { cpu: '6', memory: '24Gi' }),
  'nvidia-gpu-l40s': gpu(true, { cpu: '6', memory: '24Gi' }),
  'nvidia-gpu-h100': gpu(true),
  'nvidia-gpu-gh200': gpu(true, {}),
  'nvidia-gpu-a100-80gb': gpu(true),
  'nvidia-gpu-a100-40gb': gpu(true),
  'nvidia-gpu-a16': gpu(true),
  'nvidia-gpu-rtx4070-8gb': gpu(true),
  'amd-gpu-mi300x': {
    limits: { 'amd.com/gpu': '1' },
    tolerations: [{ key: 'amd.com/gpu', operator: 'Equal', value: 'present', effect: 'NoSchedule' }],
  },
};

/**
 * The settings among objects of a cluster and the Applications that deploy to it; undefined where neither the ConfigMap nor
 * an Application with the chart's values is there. The ConfigMap wins: it is what the controller reads.
 */
export function kubeaiSettings(objects: Iterable<JsonObject>): KubeaiSettings | undefined {
  let ofChart: KubeaiSettings | undefined;
  for (const object of objects) {
    const kind = stringAt(object, 'kind');
    if (kind === 'ConfigMap') {
      const system = documentOf(stringAt(object, 'data', 'system.yaml'));
      if (isObject(at(system, 'resourceProfiles')) && isObject(at(system, 'modelServers'))) return settingsOf(system);
    }
    if (kind === 'Application') ofChart ??= ofApplication(object);
  }
  return ofChart;
}

function settingsOf(values: JsonObject): KubeaiSettings {
  const profiles = Object.entries(objectAt(values, 'resourceProfiles')).filter((entry): entry is [string, JsonObject] =>
    isObject(entry[1]),
  );
  return {
    profiles: Object.fromEntries(profiles),
    surge: integerAt(values, 'modelRollouts', 'surge') ?? 0,
    patched: objectsAt(values, 'modelServerPods', 'jsonPatches').length > 0,
  };
}

function ofApplication(application: JsonObject): KubeaiSettings | undefined {
  const own = chartValues(application, 'kubeai');
  return own === undefined
    ? undefined
    : settingsOf(merged({ resourceProfiles: chartProfiles, modelRollouts: { surge: 1 } }, own));
}

/** As Helm merges values: maps by key, everything else is replaced, null takes a key away. */
function merged(base: JsonObject, over: JsonObject): JsonObject {
  const result: Record<string, Json> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = result[key];
    if (value === null) delete result[key];
    else result[key] = isObject(value) && isObject(before) ? merged(before, value) : value;
  }
  return result;
}

/** The Pods of a Model. Rollouts add Pods and delete old ones when all are ready (`modelcontroller/pod_plan.go`). */
export function kubeaiModel(object: JsonObject, settings: KubeaiSettings | undefined): Shape {
  const spec = objectAt(object, 'spec');
  const fixed = at(spec, 'autoscalingDisabled') === true;
  const minimum = fixed ? (integerAt(spec, 'replicas') ?? 0) : (integerAt(spec, 'minReplicas') ?? 0);
  const limit = integerAt(spec, 'maxReplicas');
  const wanted = Math.max(minimum, integerAt(spec, 'replicas') ?? minimum);
  const steady = fixed ? minimum : Math.max(1, limit === undefined ? wanted : Math.min(wanted, limit));
  const surge = settings?.surge ?? 1;
  const shape = {
    replicas: steady,
    maximum: fixed ? steady : Math.max(steady, limit ?? steady),
    rollout: {
      style: surge > 0 ? 'rolling' : 'replace',
      maxSurge: surge,
      maxUnavailable: surge > 0 ? 0 : 1,
      name: 'rollout of KubeAI',
    },
  } as const;
  const unlimited =
    fixed || limit !== undefined
      ? []
      : ['spec.maxReplicas is absent: KubeAI adds Pods without limit, and none was assumed'];
  const [name = '', times = ''] = (stringAt(spec, 'resourceProfile') ?? '').split(':');
  const profile = settings?.profiles[name];
  if (settings === undefined) {
    return {
      ...shape,
      templates: [],
      unread: [
        `resource profile ${name || '(none)'} stands in the installation of KubeAI, which is not among the manifests: its Pods are not counted. The ConfigMap with system.yaml, or an Application of the chart kubeai with its values (helm.valuesObject or helm.values), decides it`,
      ],
    };
  }
  if (profile === undefined || !/^\d{1,6}$/.test(times)) {
    return {
      ...shape,
      templates: [],
      unread: [
        profile === undefined
          ? `resource profile ${name || '(none)'} is not one of KubeAI's: ${Object.keys(settings.profiles).sort().join(', ')}; its Pods are not counted, and KubeAI makes none`
          : `resourceProfile ${stringAt(spec, 'resourceProfile')} does not say how many times (name:count): KubeAI makes no Pods`,
      ],
    };
  }
  const factor = Number(times);
  const priority = stringAt(spec, 'priorityClassName');
  const podSpec: JsonObject = {
    containers: [
      {
        name: 'server',
        resources: {
          requests: multiplied(objectAt(profile, 'requests'), factor),
          limits: multiplied(objectAt(profile, 'limits'), factor),
        },
      },
    ],
    nodeSelector: objectAt(profile, 'nodeSelector'),
    affinity: objectAt(profile, 'affinity'),
    tolerations: objectsAt(profile, 'tolerations'),
    ...(stringAt(profile, 'schedulerName') === undefined
      ? {}
      : { schedulerName: at(profile, 'schedulerName') as Json }),
    ...(priority === undefined ? {} : { priorityClassName: priority }),
  };
  const model = stringAt(object, 'metadata', 'name') ?? '';
  return {
    ...shape,
    templates: [
      { role: 'pod', perReplica: 1, template: { metadata: { labels: { app: 'model', model } }, spec: podSpec } },
    ],
    unread: [...unlimited, ...(settings.patched ? ['modelServerPods.jsonPatches of KubeAI are not applied'] : [])],
  };
}

/** Quantities times a whole number. */
function multiplied(amounts: JsonObject, factor: number): JsonObject {
  return Object.fromEntries(
    Object.entries(amounts).map(([name, value]) => {
      const amount = amountOf(name, value);
      if (amount === undefined) return [name, value];
      return [name, `${amount * factor}${name === 'cpu' ? 'm' : ''}`];
    }),
  );
}
