import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { at, integerAt, isObject, objectAt, objectsAt, stringAt, stringsAt } from './read.js';
import { bareTemplate, countOrPercent, deploymentRollout, type Shape, type ShapeTemplate } from './shape.js';

/** Objects of KServe (0.20) that services refer to: runtimes by `namespace/name` (cluster ones by `/name`), configurations likewise. */
export interface ServingSettings {
  readonly runtimes: Readonly<Record<string, JsonObject>>;
  readonly configs: Readonly<Record<string, JsonObject>>;
}

export function servingSettings(objects: Iterable<JsonObject>): ServingSettings {
  const runtimes: Record<string, JsonObject> = {};
  const configs: Record<string, JsonObject> = {};
  for (const object of objects) {
    const kind = stringAt(object, 'kind');
    const name = stringAt(object, 'metadata', 'name') ?? '';
    const key = `${stringAt(object, 'metadata', 'namespace') ?? 'default'}/${name}`;
    if (kind === 'ServingRuntime') runtimes[key] = objectAt(object, 'spec');
    if (kind === 'ClusterServingRuntime') runtimes[`/${name}`] = objectAt(object, 'spec');
    if (kind === 'LLMInferenceServiceConfig') configs[key] = objectAt(object, 'spec');
  }
  return { runtimes, configs };
}

export interface KserveContext {
  readonly serving?: ServingSettings;
}

/** RawDeployment and Serverless alike: minReplicas (1 where absent or 0 in steady use), maxReplicas; workers by pipeline size. */
export function inferenceService(object: JsonObject, context: KserveContext): Shape {
  const predictor = objectAt(object, 'spec', 'predictor');
  const steady = Math.max(1, integerAt(predictor, 'minReplicas') ?? 1);
  const maximum = Math.max(steady, integerAt(predictor, 'maxReplicas') ?? steady);
  const labels = stringsAt(predictor, 'labels');
  const unread: string[] = [];
  const main = withRuntime(predictor, stringAt(object, 'metadata', 'namespace') ?? 'default', context, unread);
  const worker = at(predictor, 'workerSpec');
  const pipeline = isObject(worker) ? (integerAt(worker, 'pipelineParallelSize') ?? 2) : 1;
  const templates: ShapeTemplate[] = [{ role: 'pod', perReplica: 1, template: bareTemplate(main, labels) }];
  if (isObject(worker) && pipeline > 1) {
    templates.push({ role: 'worker', perReplica: pipeline - 1, template: bareTemplate(worker, labels) });
  }
  const others = (['transformer', 'explainer'] as const).flatMap((part) => {
    const found = at(object, 'spec', part);
    return isObject(found) ? [componentOf(part, found)] : [];
  });
  const strategy = objectAt(predictor, 'deploymentStrategy');
  return {
    replicas: steady,
    maximum,
    templates,
    rollout: deploymentRollout(strategy),
    unread,
    ...(others.length === 0 ? {} : { others }),
  };
}

/** Transformer and explainer are Deployments beside the predictor, of plain containers. */
function componentOf(part: string, spec: JsonObject): Omit<Shape, 'others'> & { readonly part: string } {
  const steady = Math.max(1, integerAt(spec, 'minReplicas') ?? 1);
  return {
    part,
    replicas: steady,
    maximum: Math.max(steady, integerAt(spec, 'maxReplicas') ?? steady),
    templates: [{ role: 'pod', perReplica: 1, template: bareTemplate(spec, stringsAt(spec, 'labels')) }],
    rollout: deploymentRollout(objectAt(spec, 'deploymentStrategy')),
  };
}

/** `predictor.model` is the container of the runtime: what it says goes over what the runtime says, the rest of the Pod likewise. */
function withRuntime(
  predictor: JsonObject,
  namespace: string,
  { serving }: KserveContext,
  unread: string[],
): JsonObject {
  const model = at(predictor, 'model');
  if (!isObject(model)) return predictor;
  const name = stringAt(model, 'runtime');
  const runtime =
    name === undefined ? undefined : (serving?.runtimes[`${namespace}/${name}`] ?? serving?.runtimes[`/${name}`]);
  if (runtime === undefined && !isObject(at(model, 'resources'))) {
    unread.push(
      `spec.predictor.model has no resources: those of the runtime${name === undefined ? '' : ` ${name}`} are not counted; the ServingRuntime among the manifests would say them`,
    );
  }
  const { model: _, ...rest } = predictor;
  const own: JsonObject = {
    ...rest,
    containers: [...objectsAt(predictor, 'containers'), { ...model, name: 'kserve-container' }],
  };
  return runtime === undefined ? own : merged(runtime, own);
}

/**
 * As the API merges Pod specs strategically, as far as placement goes: maps by key, containers by name, other lists as a whole
 * (KServe `MergePodSpec`, `MergeSpecs`).
 */
function merged(base: JsonObject, over: JsonObject): JsonObject {
  const result: Record<string, Json> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = result[key];
    if (isObject(value) && isObject(before)) result[key] = merged(before, value);
    else if (/^(initC|c)ontainers$/.test(key) && Array.isArray(before))
      result[key] = byName(objectsAt(base, key), objectsAt(over, key));
    else result[key] = value;
  }
  return result;
}

function byName(base: readonly JsonObject[], over: readonly JsonObject[]): readonly JsonObject[] {
  const nameOf = (each: JsonObject) => stringAt(each, 'name');
  const kept = base.map((each) => {
    const found = over.find((one) => nameOf(one) === nameOf(each));
    return found === undefined ? each : merged(each, found);
  });
  return [...kept, ...over.filter((each) => !base.some((one) => nameOf(one) === nameOf(each)))];
}

/** With a worker: groups (LeaderWorkerSet) of data / dataLocal, or pipeline Pods. Prefill is a set of its own. */
export function llmInferenceService(object: JsonObject, { serving }: KserveContext): Shape {
  const namespace = stringAt(object, 'metadata', 'namespace') ?? 'default';
  const refs = objectsAt(object, 'spec', 'baseRefs').flatMap((each) => stringAt(each, 'name') ?? []);
  const configs = refs.flatMap((name): readonly JsonObject[] => {
    const found = serving?.configs[`${namespace}/${name}`];
    return found === undefined ? [] : [found];
  });
  const spec = [...configs, objectAt(object, 'spec')].reduce((base, over) => merged(base, over));
  const unread: string[] = [];
  if (configs.length < refs.length)
    unread.push('spec.baseRefs: values of referenced configs that are not among the manifests are not joined');
  if (!isObject(at(spec, 'template')))
    unread.push('spec.template is absent: the resources of the default template are not counted');
  const prefill = at(spec, 'prefill');
  return {
    ...setOf(spec, spec),
    unread,
    ...(isObject(prefill) ? { others: [{ part: 'prefill', ...setOf(prefill, spec) }] } : {}),
  };
}

/** Decode and prefill are made alike; how they roll is said once for both. */
function setOf(part: JsonObject, spec: JsonObject): Omit<Shape, 'others'> {
  const scaling = objectAt(part, 'scaling');
  const steady = integerAt(part, 'replicas') ?? integerAt(scaling, 'minReplicas') ?? 1;
  const isGroup = isObject(at(part, 'worker'));
  const rolling = objectAt(spec, 'rolloutStrategy');
  return {
    replicas: steady,
    maximum: Math.max(steady, integerAt(scaling, 'maxReplicas') ?? steady),
    templates: templatesOf(part),
    rollout: {
      style: 'rolling',
      maxSurge: countOrPercent(at(rolling, 'maxSurge')) ?? (isGroup ? 0 : '25%'),
      maxUnavailable: countOrPercent(at(rolling, 'maxUnavailable')) ?? (isGroup ? 1 : '25%'),
      name: 'RollingUpdate',
    },
  };
}

function templatesOf(spec: JsonObject): readonly ShapeTemplate[] {
  const labels = stringsAt(spec, 'labels');
  const template = bareTemplate(objectAt(spec, 'template'), labels);
  const worker = at(spec, 'worker');
  const parallelism = objectAt(spec, 'parallelism');
  const pipeline = integerAt(parallelism, 'pipeline');
  const data = integerAt(parallelism, 'data');
  const size =
    pipeline ?? (data === undefined ? 1 : Math.ceil(data / Math.max(1, integerAt(parallelism, 'dataLocal') ?? 1)));
  if (!isObject(worker) || size <= 1) return [{ role: 'pod', perReplica: 1, template }];
  return [
    { role: 'leader', perReplica: 1, template },
    { role: 'worker', perReplica: size - 1, template: bareTemplate(worker, labels) },
  ];
}
