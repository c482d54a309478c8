import { demandOf, type WorkloadDemand } from '../capacity/index.js';
import type { Json, JsonObject, OnProblem, Place } from '../diagnostics/diagnostic.js';
import { atLeast, findModel, type ModelFacts, type Precision, parseEngineVersion, SERVED } from '../models/index.js';
import type { Located } from '../spec/spec-set.js';
import type { ClusterConfig, Model, ModelFamily } from '../spec/types.generated.js';
import { autoscalingOf, rangeOf, type ScaleRange } from './autoscaling.js';
import type { PlanInput } from './input.js';
import { type Locked, type LockedCatalog, lockedOf } from './lock.js';
import { joinName, slug } from './names.js';
import type { EnvironmentPlan, PhasePlan, WorkedOut } from './plan.js';
import { affinityOf, type GpuPool, type PlacementChoice, placementOn, reaches } from './pools.js';
import { precisionOf, quantizationOf } from './precision.js';
import { type ModelSettings, settingsOf } from './settings.js';
import { type Sizing, sizingOf } from './sizing.js';
import { type SourcePlan, type StoragePlan, secretsFor, sourceOf, storageOf } from './storage.js';
import { deploymentStrategy, type Strategy } from './strategy.js';
import type { ClusterSite, Topology } from './topology.js';
import type { TreeFacts } from './tree.js';

/** One model in one environment on one cluster, decided as far as it can be without its neighbours on the cluster. */
export interface Draft {
  readonly family: Located<ModelFamily>;
  readonly model: Model;
  readonly slug: string;
  readonly environment: EnvironmentPlan;
  readonly cluster: string;
  readonly site: ClusterSite;
  readonly phase: PhasePlan;
  readonly settings: ModelSettings;
  readonly runtime: string;
  readonly namespace: string;
  readonly range: ScaleRange;
  readonly facts: ModelFacts | undefined;
  readonly precision: Precision;
  readonly source: SourcePlan;
  /** Absent where the runtime's controller chooses it. */
  readonly image: { readonly name: string; readonly tag: string } | undefined;
  readonly engineVersion: string;
  readonly sizing: Sizing;
  readonly pools: readonly GpuPool[];
  readonly placement: PlacementChoice;
  readonly storage: StoragePlan;
  readonly autoscaling: JsonObject | undefined;
  readonly token: { readonly secret: string; readonly key: string } | undefined;
  readonly workedOut: readonly WorkedOut[];
  /** The question that the lock is about. */
  readonly given: JsonObject;
  readonly locked: Locked | undefined;
  /** What the catalog answered where the spec says nothing. */
  readonly catalog: LockedCatalog;
  readonly place: (field: string) => Place;
}

export interface DraftRequest {
  readonly input: PlanInput;
  readonly topology: Topology;
  readonly tree: TreeFacts;
  readonly family: Located<ModelFamily>;
  readonly model: Model;
  readonly index: number;
  readonly phase: PhasePlan;
  readonly environment: EnvironmentPlan;
  readonly cluster: string;
  readonly site: ClusterSite;
}

/** Decides one deployment; undefined where something was wrong (reported). */
export function draftOf(request: DraftRequest, onProblem: OnProblem): Draft | undefined {
  const { input, family, model, environment, cluster, site } = request;
  const defaults = input.specs.project?.value.spec.defaults;
  const settings = settingsOf(model, environment.name, defaults);
  const place = placeIn(family, request.index, model, environment.name);
  const subject = `model "${model.name}" in ${environment.name}`;
  const runtime = family.value.spec.runtime ?? defaults?.runtime ?? 'vllm';
  const namespace = settings.namespace ?? joinName(family.value.metadata.name, environment.name);
  const facts = findModel(settings.model ?? model.name) ?? factsOfSource(settings.source);
  const image = imageOf(request, settings, runtime, onProblem);
  const engineVersion =
    settings.engine?.version ??
    /^v?(\d+\.\d+(?:\.\d+)?)/.exec(image?.tag ?? '')?.[1] ??
    input.defaults.engines[runtime]?.version ??
    '0';
  const given = givenOf(settings, engineVersion, site, model.replicas[environment.name] ?? 0);
  const locked = lockFor(request, given);
  const precise =
    locked?.catalog === undefined
      ? precisionOf(settings, facts, subject, place('precision'), onProblem)
      : { precision: locked.catalog.precision, checkpoint: locked.catalog.checkpoint };
  if (precise === undefined) return undefined;
  const source = resolveSource(request, settings, precise, place, subject, onProblem);
  if (source === undefined) return undefined;
  // The licence gate is on the publisher's own repository; converted checkpoints of others are open.
  const gated = locked?.catalog?.gated ?? (facts?.license.gated === true && facts.checkpoints[0]?.id === source.id);
  const question = {
    settings,
    model: facts,
    precision: precise.precision,
    engineVersion,
    storage: site.config.value.spec.modelStorage ?? 'ephemeral',
    defaultContext: defaults?.context ?? SERVED.context,
    cluster: site.config.value,
    subject,
    at: place,
  };
  const sized = sizingOf(locked === undefined ? question : { ...question, locked: locked.sizing }, onProblem);
  if (sized === undefined) return undefined;
  const downloadBytes = sized.sizing.downloadBytes;
  const storage = storageOf(
    {
      source,
      slug: slug(model.name),
      cluster: site.config.value,
      clusterFile: site.config.file,
      kubernetesVersion: site.kubernetesVersion,
      namespace,
      downloadBytes,
      subject,
      at: place('source'),
    },
    onProblem,
  );
  if (storage === undefined) return undefined;
  const range = rangeOf(model.replicas[environment.name] ?? 0);
  const autoscaling = autoscalingOf(
    {
      range,
      cluster: site.config.value,
      namespace,
      servedName: model.name,
      prometheusAddress: input.defaults.prometheus.address,
      runtime,
      subject,
      at: family.place(`/spec/models/${request.index}/replicas/${environment.name}`),
    },
    onProblem,
  );
  const imagesPerPrompt =
    locked?.catalog === undefined ? imagesOf(settings, facts, runtime, engineVersion) : locked.catalog.imagesPerPrompt;
  return {
    family,
    model,
    slug: slug(model.name),
    environment,
    cluster,
    site,
    phase: request.phase,
    settings,
    runtime,
    namespace,
    range,
    facts,
    precision: precise.precision,
    source,
    image,
    engineVersion,
    sizing: sized.sizing,
    pools: sized.pools,
    placement: placementFor(locked, sized.pools, site.config.value),
    storage,
    autoscaling,
    token: tokenOf(site, namespace, source, gated, subject, place('source'), onProblem),
    catalog: {
      precision: precise.precision,
      ...(settings.source === undefined && precise.checkpoint !== undefined ? { checkpoint: precise.checkpoint } : {}),
      gated,
      ...(imagesPerPrompt === undefined ? {} : { imagesPerPrompt }),
    },
    workedOut: imagesPerPrompt === undefined ? sized.workedOut : [...sized.workedOut, imagesWorkedOut(imagesPerPrompt)],
    // A new image alone asks no new question, so the lock stays as it is.
    given: locked === undefined ? given : { ...given, engine: locked.given['engine'] ?? given['engine'] ?? '' },
    locked,
    place,
  };
}

/** Arguments by which a spec says itself how much of images the engine reserves memory for. */
const imageArguments = ['limit-mm-per-prompt', 'language-model-only', 'skip-mm-profiling', 'mm-processor-kwargs'];

/**
 * How many images a prompt may bring. Without a number the profiling run reserves memory for the engine's default of them
 * (vllm#18124). The argument is JSON from 0.9 on.
 */
function imagesOf(
  settings: ModelSettings,
  facts: ModelFacts | undefined,
  runtime: string,
  engineVersion: string,
): number | undefined {
  const version = parseEngineVersion(engineVersion);
  if (facts?.vision !== true || runtime !== 'vllm' || version === undefined || !atLeast(version, 0, 9))
    return undefined;
  const isSaid = Object.keys(settings.engine?.args ?? {}).some((name) =>
    imageArguments.some((each) => name === each || name.startsWith(`${each}.`)),
  );
  return isSaid ? undefined : 1;
}

function imagesWorkedOut(images: number): WorkedOut {
  return {
    field: 'imagesPerPrompt',
    value: String(images),
    why: 'the model takes images, and memory is reserved for as many as a prompt may bring; engine.args says another number as limit-mm-per-prompt',
  };
}

/** The place of a field: in the override of the environment where it stands there, else in the model. */
function placeIn(
  family: Located<ModelFamily>,
  index: number,
  model: Model,
  environment: string,
): (field: string) => Place {
  return (field) => {
    const override = model.environments?.[environment];
    const overridden = override !== undefined && Object.hasOwn(override, field);
    return family.place(
      overridden ? `/spec/models/${index}/environments/${environment}/${field}` : `/spec/models/${index}/${field}`,
    );
  };
}

function factsOfSource(source: string | undefined): ModelFacts | undefined {
  const id = /^hf:\/\/([^@]+)/.exec(source ?? '')?.[1];
  return id === undefined ? undefined : findModel(id);
}

/** Name and tag of the engine's image: versions/<environment> owns the tag, the spec and our defaults only seed it. */
function imageOf(
  request: DraftRequest,
  settings: ModelSettings,
  runtime: string,
  onProblem: OnProblem,
): { name: string; tag: string } | undefined {
  const { input, tree, environment } = request;
  const engine = input.defaults.engines[runtime];
  if (settings.image === undefined && engine?.image === undefined) return undefined;
  const seed =
    settings.image === undefined ? { name: engine?.image ?? '', tag: engine?.tag ?? '' } : splitImage(settings.image);
  const tag = tree.tag(environment.name, seed.name, request.model.name);
  if (tag === null) {
    onProblem({
      ruleId: 'versions-without-image',
      severity: 'error',
      message: `versions/${environment.name}/kustomization.yaml sets no tag for ${seed.name}, which model "${request.model.name}" runs`,
      at: { file: `versions/${environment.name}/kustomization.yaml`, pointer: '/images' },
      hint: `add: - { name: ${seed.name}, newTag: "${seed.tag}" }`,
    });
  }
  return { name: seed.name, tag: tag ?? seed.tag };
}

/** `registry/name:tag@digest` → name, and tag with digest. */
export function splitImage(image: string): { name: string; tag: string } {
  const [, name = image, tag = ''] = /^(.+?)(?::([^/@]+(?:@.+)?)|@(.+))?$/.exec(image) ?? [];
  const digest = /^[^@]+@(.+)$/.exec(image)?.[1];
  return { name, tag: tag !== '' ? tag : digest === undefined ? '' : `@${digest}` };
}

function resolveSource(
  request: DraftRequest,
  settings: ModelSettings,
  precise: { precision: Precision; checkpoint: string | undefined },
  place: (field: string) => Place,
  subject: string,
  onProblem: OnProblem,
): SourcePlan | undefined {
  const uri = settings.source ?? (precise.checkpoint === undefined ? undefined : `hf://${precise.checkpoint}`);
  if (uri === undefined) {
    onProblem({
      ruleId: 'model-without-source',
      severity: 'error',
      message: `${subject} says no source, and the catalog knows no checkpoint of it`,
      at: place('name'),
      hint: 'say `source: hf://<organisation>/<repository>` or another location of the weights',
    });
    return undefined;
  }
  const revision = request.tree.revision(request.environment.name, request.model.name) ?? settings.revision;
  const source = sourceOf(uri, revision);
  if (source.scheme === 'hf' && source.revision === undefined) {
    onProblem({
      ruleId: 'source-without-revision',
      severity: 'warning',
      message: `model "${request.model.name}" follows the newest commit of ${uri}: two Pods may load different weights`,
      at: place(settings.source === undefined ? 'name' : 'source'),
      hint: 'write the commit id as `revision` beside the source, or into versions/<environment>/<model>/revision.yaml',
      key: request.model.name,
    });
  }
  const quantize = quantizationOf(settings, precise.precision);
  return quantize === undefined ? source : { ...source, quantization: quantize };
}

/**
 * The question that was decided: what people say. What a catalog says is part of the answer, so that a newer one changes nothing.
 */
function givenOf(
  settings: ModelSettings,
  engineVersion: string,
  site: ClusterSite,
  replicas: Json | object,
): JsonObject {
  const [major = '0', minor = '0'] = engineVersion.split('.');
  const given: Record<string, Json | undefined> = {
    model: settings.model ?? settings.name,
    source: settings.source,
    precision: settings.precision,
    quantizeAtLoad: settings.quantizeAtLoad,
    engine: `${major}.${minor}`,
    storage: site.config.value.spec.modelStorage ?? 'ephemeral',
    replicas: replicas as Json,
    context: settings.context,
    gpu: settings.gpu,
    parallelism: settings.parallelism as Json | undefined,
    resources: settings.resources as Json | undefined,
    args: settings.engine?.args as Json | undefined,
    strategy: settings.strategy,
  };
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

function lockFor(request: DraftRequest, given: JsonObject): Locked | undefined {
  if (request.input.replan === true) return undefined;
  const locked = lockedOf(
    request.tree.lock(request.family.value.metadata.name),
    request.model.name,
    request.environment.name,
    request.cluster,
  );
  if (locked === undefined) return undefined;
  // The engine's version is no part of the question: a new image alone must not move a model to other GPUs.
  const same = { ...locked.given, engine: given['engine'] ?? '' };
  return stable(same) === stable(given) ? locked : undefined;
}

/** The nodes that were chosen before, as long as one of today's pools is among them: a new pool alone moves no Pod. */
function placementFor(locked: Locked | undefined, pools: readonly GpuPool[], cluster: ClusterConfig): PlacementChoice {
  const before = locked?.placement;
  return before !== undefined && reaches(before, pools, cluster) ? before : placementOn(pools, cluster);
}

/** JSON with sorted keys. */
export function stable(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((each: Json) => stable(each)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const object = value as JsonObject;
  return `{${Object.keys(object)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${stable(object[key] as Json)}`)
    .join(',')}}`;
}

function tokenOf(
  site: ClusterSite,
  namespace: string,
  source: SourcePlan,
  gated: boolean,
  subject: string,
  at: Place,
  onProblem: OnProblem,
): { secret: string; key: string } | undefined {
  if (source.scheme !== 'hf') return undefined;
  const [declared] = secretsFor(site.config.value, namespace, 'huggingface-token');
  if (declared !== undefined) return { secret: declared.name, key: declared.keys?.[0] ?? 'token' };
  if (!gated) return undefined;
  onProblem({
    ruleId: 'gated-model-without-token',
    severity: 'warning',
    message: `${subject}: ${source.id} is gated, and cluster "${site.config.value.metadata.name}" declares no Secret with a Hugging Face token in namespace ${namespace}`,
    at,
    hint: `create it there (kubectl -n ${namespace} create secret generic hf-token --from-file=token) and declare it under spec.externalSecrets with purpose huggingface-token`,
    key: subject,
  });
  return { secret: 'hf-token', key: 'token' };
}

/** What a draft asks of the cluster's nodes, by the shape of the Deployment that it becomes. */
export function demandOfDraft(draft: Draft, strategy: Strategy): WorkloadDemand {
  const { sizing } = draft;
  const resource = draft.pools[0]?.gpu.resource ?? 'nvidia.com/gpu';
  const requests: Record<string, Json> = {
    cpu: `${sizing.cpuRequest}m`,
    memory: sizing.memoryRequest,
    [resource]: sizing.gpusPerPod,
    ...(draft.storage.ephemeralBytes === undefined ? {} : { 'ephemeral-storage': draft.storage.ephemeralBytes }),
  };
  const object: JsonObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: draft.slug, namespace: draft.namespace },
    spec: {
      replicas: draft.range.min,
      strategy: deploymentStrategy(strategy),
      template: {
        metadata: { labels: { 'app.kubernetes.io/name': draft.slug } },
        spec: {
          affinity: affinityOf(draft.placement.choice),
          tolerations: draft.placement.tolerations as Json,
          containers: [
            {
              name: 'engine',
              resources: { requests, limits: { memory: sizing.memoryLimit, [resource]: sizing.gpusPerPod } },
            },
          ],
        },
      },
    },
  };
  const demand = demandOf(object, {
    namespace: draft.namespace,
    application: joinName(draft.model.name, draft.environment.name),
    wave: draft.phase.wave,
    environment: draft.environment.name,
    family: draft.family.value.metadata.name,
  }) as WorkloadDemand;
  return { ...demand, replicas: { steady: draft.range.min, maximum: draft.range.max } };
}
