import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import type { Gate } from '../spec/types.generated.js';
import { showCpu, showMemory } from './amounts.js';
import type { Draft } from './draft.js';
import { joinName } from './names.js';
import { affinityOf } from './pools.js';
import { dtypeOf } from './precision.js';
import { secretsFor } from './storage.js';
import { deploymentStrategy, type Strategy } from './strategy.js';

/** What every rendered object of a model is known by. */
const managedBy = 'gitops-gen';
/** The ServiceAccount of the check, in every namespace that has one. */
export const gpuCheckAccount = 'gitops-gen-gpu-check';
/** Image pull and scheduling come before the probes do. */
const beforeStartSeconds = 600;
const probePeriod = 10;
/** How long load must be low before a replica goes: longer than one takes to load, at most what the API takes (autoscaling/v2). */
const shortestStabilization = 600;
const longestStabilization = 3600;

/** The first part of every path that templates may read: what `valuesOf` publishes, and what the renderer adds. */
export const publishedNames: readonly string[] = [
  ...['name', 'modelName', 'family', 'environment', 'cluster', 'place', 'namespace', 'phase', 'tier', 'labels'],
  ...['annotations', 'serviceName', 'names', 'image', 'imagePullSecrets', 'hook', 'source', 'precision', 'model'],
  ...['replicas', 'scale', 'strategy', 'engine', 'resources', 'startup', 'storage', 'token', 'identity', 'placement'],
  ...['autoscaling', 'disruptionBudget', 'monitoring', 'route', 'gate', 'gpuCheck', 'notes', 'base', 'patch'],
];

/** What the templates of a blueprint may place for one deployment: the published plan of one model. */
export function valuesOf(draft: Draft, strategy: Strategy, hookImage: string, place: string): JsonObject {
  const { sizing, storage, source, settings, phase, site } = draft;
  const labels = labelsOf(draft);
  const resource = draft.pools[0]?.gpu.resource ?? 'nvidia.com/gpu';
  const scale = draft.range.max > draft.range.min;
  const startupSeconds = Math.ceil(sizing.startupSeconds / probePeriod) * probePeriod;
  const pull = secretsFor(site.config.value, draft.namespace, 'image-pull').map((secret) => ({ name: secret.name }));
  return compact({
    name: draft.slug,
    modelName: draft.model.name,
    family: { name: draft.family.value.metadata.name },
    environment: draft.environment.name,
    cluster: draft.cluster,
    place,
    namespace: draft.namespace,
    phase: { name: phase.name, wave: String(phase.wave) },
    tier: settings.tier,
    labels: labels as Json,
    annotations: nonEmpty(settings.annotations),
    serviceName: settings.serviceName ?? draft.slug,
    names: { gpuCheck: joinName(draft.slug, 'gpu-check'), gate: joinName(draft.slug, 'gate') },
    image: draft.image === undefined ? undefined : { name: draft.image.name },
    imagePullSecrets: pull.length === 0 ? undefined : pull,
    hook: { image: hookImage },
    source: compact({ ...source }),
    precision: draft.precision,
    model:
      draft.facts === undefined
        ? undefined
        : { id: draft.facts.id, parameters: draft.facts.parameters, maxContext: draft.facts.maxContext },
    replicas: draft.range.min,
    scale: scale ? { ...draft.range } : undefined,
    strategy: deploymentStrategy(strategy),
    engine: engineOf(draft),
    resources: {
      gpu: { class: sizing.gpu, resource, count: sizing.gpusPerPod },
      requests: compact({
        cpu: showCpu(sizing.cpuRequest),
        memory: showMemory(sizing.memoryRequest),
        'ephemeral-storage': storage.ephemeralBytes === undefined ? undefined : showMemory(storage.ephemeralBytes),
        [resource]: String(sizing.gpusPerPod),
      }),
      limits: compact({
        cpu: sizing.cpuLimit === undefined ? undefined : showCpu(sizing.cpuLimit),
        memory: showMemory(sizing.memoryLimit),
        [resource]: String(sizing.gpusPerPod),
      }),
      sharedMemory: showMemory(sizing.sharedMemory),
    },
    startup: {
      seconds: startupSeconds,
      failureThreshold: startupSeconds / probePeriod,
      progressDeadlineSeconds: startupSeconds + beforeStartSeconds,
    },
    storage: compact({ ...storage, ephemeralBytes: undefined } as Readonly<Record<string, Json | undefined>>),
    token: draft.token === undefined ? undefined : { ...draft.token },
    identity: compact({ annotations: nonEmpty(site.config.value.spec.identity?.serviceAccountAnnotations) }),
    placement: compact({
      affinity: affinityOf(draft.placement.choice),
      tolerations: nonEmptyList(draft.placement.tolerations),
      nodeSelector: { key: draft.placement.choice.key, values: draft.placement.choice.values },
    }),
    autoscaling: withScaleDown(draft.autoscaling, startupSeconds),
    disruptionBudget: draft.range.min > 1 ? true : undefined,
    monitoring: site.config.value.spec.installed?.prometheus === undefined ? undefined : true,
    // A model on its way out has no Service: nothing may route to it, and no gate can ask it.
    route: draft.model.retiring === true ? undefined : true,
    // Where a workflow leads, it asks these questions itself.
    gate: draft.model.retiring === true || isLed(draft) ? undefined : gateOf(draft),
    gpuCheck: gpuCheckOf(draft),
    notes: notesOf(draft, strategy),
  });
}

/** Says of what scales on metrics how long load must be low; a controller of the runtime has its own idea. */
function withScaleDown(autoscaling: JsonObject | undefined, startupSeconds: number): JsonObject | undefined {
  if (autoscaling === undefined) return undefined;
  const scaleDownSeconds = Math.min(longestStabilization, Math.max(shortestStabilization, startupSeconds));
  const added = Object.entries(autoscaling).map(([name, value]): [string, Json] => [
    name,
    name === 'controller' ? value : { ...(value as JsonObject), scaleDownSeconds },
  ]);
  return Object.fromEntries(added);
}

function engineOf(draft: Draft): JsonObject {
  const { sizing } = draft;
  const dtype = dtypeOf(draft.settings, draft.facts, draft.source.id, draft.precision);
  const custom = [
    ...(dtype === undefined ? [] : [`--dtype=${dtype}`]),
    ...customArguments(draft),
    ...imageArguments(draft),
  ];
  return compact({
    version: draft.engineVersion,
    tensorParallelSize: sizing.tensor,
    pipelineParallelSize: sizing.pipeline > 1 ? sizing.pipeline : undefined,
    dataParallelSize: sizing.data > 1 ? sizing.data : undefined,
    expertParallelFlag: sizing.expert ? '--enable-expert-parallel' : undefined,
    maxModelLen: sizing.context,
    gpuMemoryUtilization: sizing.gpuMemoryUtilization,
    maxNumSeqs: sizing.maxNumSeqs,
    maxNumBatchedTokens: sizing.maxNumBatchedTokens,
    extraArgs: custom.length === 0 ? undefined : custom,
    args: nonEmptyArgs(draft.settings.engine?.args),
  });
}

/** Arguments that the plan sets itself, by other names; `max-model-len` is `context` in the spec. */
const planned = new Set(['max-num-seqs', 'max-num-batched-tokens', 'gpu-memory-utilization']);

function customArguments(draft: Draft): readonly string[] {
  return (
    Object.entries(draft.settings.engine?.args ?? {})
      .filter(([name, value]) => !planned.has(name) && value !== false)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      // $(NAME) in args is replaced by Kubernetes; $$ is a plain dollar.
      .map(([name, value]) => (value === true ? `--${name}` : `--${name}=${String(value).replaceAll('$(', '$$(')}`))
  );
}

function imageArguments({ catalog }: Draft): readonly string[] {
  const { imagesPerPrompt } = catalog;
  return imagesPerPrompt === undefined ? [] : [`--limit-mm-per-prompt={"image":${imagesPerPrompt}}`];
}

function labelsOf(draft: Draft): JsonObject {
  const own = {
    'app.kubernetes.io/name': draft.slug,
    'app.kubernetes.io/part-of': draft.family.value.metadata.name,
    'app.kubernetes.io/managed-by': managedBy,
  };
  const told = compact({
    'gitops-gen.io/family': draft.family.value.metadata.name,
    'gitops-gen.io/model': draft.model.name,
    'gitops-gen.io/tier': draft.settings.tier,
    'gitops-gen.io/phase': draft.phase.name,
  });
  const user = draft.settings.labels ?? {};
  const { 'app.kubernetes.io/name': name, ...rest } = own;
  const object = {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/component': 'inference',
    ...rest,
    ...told,
    ...withoutKeys(user, own),
  };
  const queue = queueOf(draft);
  const { 'gitops-gen.io/phase': _, ...ofPod } = object as Record<string, Json>;
  return {
    object,
    workload: queue === undefined ? object : { ...object, 'kueue.x-k8s.io/queue-name': queue },
    // Without the phase: moving a model to another phase restarts nothing.
    pod: ofPod,
    selector: { 'app.kubernetes.io/name': draft.slug, 'app.kubernetes.io/component': 'inference' },
    gate: { ...own, 'app.kubernetes.io/component': 'gate' },
    gpuCheck: { ...own, 'app.kubernetes.io/component': 'gpu-check' },
  };
}

function queueOf(draft: Draft): string | undefined {
  const { installed, quotas } = draft.site.config.value.spec;
  if (installed?.kueue === undefined) return undefined;
  return quotas?.kueue?.find((queue) => queue.namespaces === undefined || queue.namespaces.includes(draft.namespace))
    ?.localQueue;
}

/** Whether an Argo Workflow leads releases to this environment. */
export function isLed({ family, environment }: Pick<Draft, 'family' | 'environment'>): boolean {
  return family.value.spec.workflow?.environments.includes(environment.name) ?? false;
}

/** What the step of a workflow asks; a phase without a gate is held to its defaults. */
export function validationOf(draft: Draft): JsonObject | undefined {
  if (!isLed(draft) || draft.model.retiring === true || draft.range.min === 0) return undefined;
  const phase = draft.family.value.spec.phases.find((each) => each.name === draft.phase.name);
  return questionsOf(phase?.gate ?? {});
}

function gateOf(draft: Draft): JsonObject | undefined {
  const phase = draft.family.value.spec.phases.find((each) => each.name === draft.phase.name);
  return phase?.gate === undefined || draft.range.min === 0 ? undefined : questionsOf(phase.gate);
}

function questionsOf(gate: Gate): JsonObject {
  const requests = gate.requests ?? 20;
  // A request that takes ten times the limit has failed; without a limit, a minute has to do.
  const timeoutSeconds =
    gate.maxLatencyMs === undefined ? 60 : Math.max(10, Math.ceil((10 * gate.maxLatencyMs) / 1000));
  return compact({
    requests: String(requests),
    minSuccessRate: String(gate.minSuccessRate ?? 0.99),
    maxLatencyMs: gate.maxLatencyMs === undefined ? undefined : String(gate.maxLatencyMs),
    timeoutSeconds: String(timeoutSeconds),
    deadlineSeconds: 120 + 2 * requests * timeoutSeconds,
  });
}

/** Not where a pool can grow: there GPUs that are not free yet will be. */
function gpuCheckOf(draft: Draft): JsonObject | undefined {
  if (draft.pools.some((pool) => pool.grows) || draft.range.min === 0) return undefined;
  return {
    nodeSelector: `${draft.placement.choice.key} in (${draft.placement.choice.values.join(',')})`,
    gpusPerPod: String(draft.sizing.gpusPerPod),
    replicas: String(draft.range.min),
  };
}

function notesOf(draft: Draft, strategy: Strategy): JsonObject {
  const { range, sizing } = draft;
  const scaled = range.max > range.min;
  const surge = strategy === 'surge';
  const inPlace = strategy === 'in-place' && range.min > 0;
  return compact({
    replicas: scaled
      ? `The autoscaler owns this between ${range.min} and ${range.max}; Argo CD ignores the difference.`
      : undefined,
    strategy: surge
      ? `One more Pod at a time: the inventory has ${sizing.gpusPerPod} x ${sizing.gpu} to spare for it.`
      : inPlace
        ? `In place: the inventory or its quotas have no ${sizing.gpusPerPod} x ${sizing.gpu} for one more Pod, so a release runs with ${range.min - 1} of ${range.min} for a while.`
        : undefined,
  });
}

/** What people add, without what identifies the object. */
function withoutKeys(labels: Readonly<Record<string, string>>, reserved: Readonly<Record<string, string>>): JsonObject {
  const kept = Object.entries(labels).filter(
    ([key]) =>
      !Object.hasOwn(reserved, key) && key !== 'app.kubernetes.io/component' && !key.startsWith('gitops-gen.io/'),
  );
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Without what is undefined. */
export function compact(value: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

function nonEmpty(value: Readonly<Record<string, string>> | undefined): JsonObject | undefined {
  return value === undefined || Object.keys(value).length === 0 ? undefined : { ...value };
}

function nonEmptyArgs(value: Readonly<Record<string, string | number | boolean>> | undefined): JsonObject | undefined {
  return value === undefined || Object.keys(value).length === 0 ? undefined : { ...value };
}

function nonEmptyList(value: readonly JsonObject[]): Json | undefined {
  return value.length === 0 ? undefined : (value as Json);
}
