import type { JsonObject } from '../diagnostics/diagnostic.js';
import { findModel, type ModelFacts } from '../models/index.js';
import type { Rollout, WholeNodes } from './facts.js';
import { kaitoInstance, kaitoPresets } from './kaito-instances.js';
import { at, integerAt, isObject, objectAt, objectsAt, stringAt, stringsAt } from './read.js';
import { countOrPercent, type Shape } from './shape.js';

/**
 * What KAITO (v0.12) makes of its objects. A Workspace is a StatefulSet with one Pod a node that takes all devices of the node:
 * nodes of an instance type that KAITO adds itself, or nodes that are there and bear the labels. An InferenceSet is so many
 * Workspaces; a MultiRoleInference is two InferenceSets.
 */

const resource = 'nvidia.com/gpu';
const instanceTypeKey = 'node.kubernetes.io/instance-type';

/** A StatefulSet replaces its Pods one after the other. */
const inPlace: Rollout = { style: 'replace', maxSurge: 0, maxUnavailable: 1, name: 'RollingUpdate' };

/** `pkg/workspace/inference/preset_inferences.go`, defaultTolerations (with that of Azure's spot nodes). */
const tolerations: readonly JsonObject[] = [
  { key: resource, operator: 'Exists', effect: 'NoSchedule' },
  { key: 'sku', operator: 'Equal', value: 'gpu', effect: 'NoSchedule' },
  { key: 'kubernetes.azure.com/scalesetpriority', operator: 'Equal', value: 'spot', effect: 'NoSchedule' },
];

/** Labels that KAITO keeps for itself and leaves out of selectors. */
const reserved = /(^|\.)kaito\.sh\//;

interface Part {
  readonly instanceType: string | undefined;
  readonly count: number;
  readonly partition: JsonObject;
  readonly labels: Readonly<Record<string, string>>;
  readonly inference: JsonObject;
  readonly tuning: boolean;
}

export function workspace(object: JsonObject): Shape {
  const own = objectAt(object, 'resource');
  return {
    replicas: 1,
    rollout: inPlace,
    ...podsOf({
      instanceType: stringAt(own, 'instanceType'),
      count: Math.max(1, integerAt(own, 'count') ?? 1),
      partition: objectAt(own, 'partition'),
      labels: labelsOf(objectAt(own, 'labelSelector')),
      inference: objectAt(object, 'inference'),
      tuning: isObject(at(object, 'tuning')),
    }),
  };
}

export function inferenceSet(object: JsonObject): Shape {
  const spec = objectAt(object, 'spec');
  const template = objectAt(spec, 'template');
  const rolling = objectAt(spec, 'updateStrategy', 'rollingUpdate');
  return {
    replicas: Math.max(0, integerAt(spec, 'replicas') ?? 1),
    rollout: { ...inPlace, maxUnavailable: countOrPercent(at(rolling, 'maxUnavailable')) ?? 1 },
    ...podsOf({
      instanceType: stringAt(template, 'resource', 'instanceType'),
      count: 1,
      partition: objectAt(template, 'resource', 'partition'),
      labels: labelsOf(objectAt(spec, 'labelSelector')),
      inference: objectAt(template, 'inference'),
      tuning: false,
    }),
  };
}

/** Each role is an InferenceSet of its own. */
export function multiRoleInference(object: JsonObject): Shape {
  const spec = objectAt(object, 'spec');
  const [first, ...others] = objectsAt(spec, 'roles').map((role): Shape & { readonly part: string } => ({
    part: stringAt(role, 'type') ?? 'role',
    replicas: Math.max(0, integerAt(role, 'replicas') ?? 1),
    rollout: inPlace,
    ...podsOf({
      instanceType: stringAt(role, 'instanceType'),
      count: 1,
      partition: {},
      labels: labelsOf(objectAt(spec, 'labelSelector')),
      inference: { preset: { name: stringAt(spec, 'model', 'name') ?? '' } },
      tuning: false,
    }),
  }));
  return first === undefined ? { replicas: 0, templates: [], rollout: inPlace } : { ...first, others };
}

/** `matchLabels` only: KAITO refuses other expressions than `In` with one value, which mean the same. */
function labelsOf(selector: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(stringsAt(selector, 'matchLabels')).filter(([key]) => !reserved.test(key)));
}

function podsOf(part: Part): Pick<Shape, 'templates' | 'unread' | 'wholeNodes'> {
  const { inference, labels, partition } = part;
  const instanceType = part.instanceType === undefined || part.instanceType === '' ? undefined : part.instanceType;
  const known = instanceType === undefined ? undefined : kaitoInstance(instanceType);
  const mine = instanceType === undefined ? labels : { [instanceTypeKey]: known?.type ?? instanceType };
  const selection = affinityOf(mine);
  const own = objectAt(inference, 'template');
  if (isObject(at(inference, 'template'))) {
    // The affinity of the template is overwritten, tolerations are added (`pkg/workspace/manifests`).
    const spec = objectAt(own, 'spec');
    const template = {
      ...own,
      spec: { ...spec, affinity: selection, tolerations: [...objectsAt(spec, 'tolerations'), ...tolerations] },
    };
    return {
      templates: [{ role: 'pod', perReplica: part.count, template }],
      ...(instanceType === undefined ? {} : { wholeNodes: { instanceType, labels: mine, nodes: part.count } }),
    };
  }
  const slice = stringAt(partition, 'mode') === 'mig' ? stringAt(partition, 'profile') : undefined;
  const whole = stringAt(partition, 'mode') === 'accelerator' ? integerAt(partition, 'count') : undefined;
  const devices = slice !== undefined ? 1 : (whole ?? known?.devices);
  const template: JsonObject = {
    metadata: { labels: {} },
    spec: {
      containers: [
        {
          name: 'workspace',
          resources: { limits: { [slice === undefined ? resource : `nvidia.com/mig-${slice}`]: devices ?? 1 } },
        },
      ],
      affinity: selection,
      tolerations: [
        ...tolerations,
        ...(slice === undefined ? [] : [{ key: `nvidia.com/mig-${slice}`, operator: 'Exists', effect: 'NoSchedule' }]),
      ],
    },
  };
  const preset = stringAt(inference, 'preset', 'name');
  const model = preset === undefined ? undefined : modelOfPreset(preset);
  const nodes = known === undefined || part.tuning ? part.count : nodesFor(model, known.devices, known.deviceMemoryGiB);
  const unread = [
    ...(instanceType !== undefined && known === undefined
      ? [`instance type ${instanceType} is not one that KAITO knows: one device a node was counted`]
      : []),
    ...(preset !== undefined && model === undefined && !part.tuning && slice === undefined
      ? [
          `how many nodes the model ${preset} takes is worked out by KAITO from its files, which are not in the catalog: ${part.count} ${part.count === 1 ? 'was' : 'were'} counted`,
        ]
      : []),
    ...(stringAt(inference, 'config') === undefined
      ? []
      : [
          `the context length of ConfigMap ${stringAt(inference, 'config')} is not read: KAITO's 2,048 tokens were counted`,
        ]),
  ];
  const wholeNodes: WholeNodes = {
    labels: mine,
    nodes: nodes ?? part.count,
    ...(instanceType === undefined ? {} : { instanceType }),
    // Nodes that are there say how many devices they have; a partition asks for a fixed number.
    ...(devices === undefined && instanceType === undefined ? { takesAll: true } : {}),
    ...(model === undefined || part.tuning ? {} : { model: model.id }),
  };
  return { templates: [{ role: 'pod', perReplica: nodes ?? part.count, template }], unread, wholeNodes };
}

function affinityOf(labels: Readonly<Record<string, string>>): JsonObject {
  const wanted = Object.entries(labels);
  if (wanted.length === 0) return {};
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          { matchExpressions: wanted.map(([key, value]) => ({ key, operator: 'In', values: [value] })) },
        ],
      },
    },
  };
}

/** The model of the catalog that a preset names, by KAITO's short name or the Hugging Face id. */
export function modelOfPreset(preset: string): ModelFacts | undefined {
  return findModel(kaitoPresets[preset.toLowerCase()] ?? preset);
}

/**
 * How many nodes KAITO gives one replica (`pkg/workspace/estimator/nodesestimator`): weights times 1.02 over what 84 % of each
 * device leaves beside 2.3 GiB and the KV cache of 2,048 tokens, divided by 1.05; whole nodes. Undefined where the model's files are
 * not known, or the device is too small for anything.
 */
export function nodesFor(model: ModelFacts | undefined, devices: number, deviceMemoryGiB: number): number | undefined {
  const [checkpoint] = model?.checkpoints ?? [];
  if (model === undefined || checkpoint === undefined) return undefined;
  const bytesPerToken = 2 * model.layers * model.keyValueHeads * model.headDimension * 2;
  const cacheGiB = (2048 * bytesPerToken) / devices / 2 ** 30;
  const left = (deviceMemoryGiB * 0.84 - 2.3 - cacheGiB) / 1.05;
  if (left <= 0) return undefined;
  const needed = Math.floor((checkpoint.sizeGiB * 1.02) / left) + 1;
  return Math.ceil(needed / devices);
}
