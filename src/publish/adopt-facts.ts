import { amountOf } from '../capacity/quantity.js';
import { at, integerAt, objectAt, objectsAt, stringAt } from '../capacity/read.js';
import { requiredLabels } from '../check/placement.js';
import { rangeFields, scalersOf } from '../check/scalers.js';
import type { Engine } from '../check/serving.js';
import { servers, weightsOf } from '../check/workloads.js';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { gpuOfLabel } from '../models/index.js';
import type { Repository } from '../repository/index.js';
import { isWorkload } from '../repository/pods.js';
import { waveOf } from '../repository/waves.js';

/** A vLLM Deployment as it is deployed in one place. */
export interface FoundServer {
  readonly engine: Engine;
  /** The name of the model: the Deployment's, without what names the environment. */
  readonly model: string;
  readonly environment: string;
  /** The identity of the destination; '' where nobody says. */
  readonly cluster: string;
  readonly namespace: string | undefined;
  readonly wave: number;
  readonly replicas: number | { readonly min: number; readonly max: number };
  /** A class of the catalog, where the Pod asks for one card by label. */
  readonly gpu: string | undefined;
  readonly gpus: number;
  readonly storage: string | undefined;
  /** The Service that leads to it, where exactly one does. */
  readonly serviceName: string | undefined;
  readonly tokenSecret: { readonly name: string; readonly key: string } | undefined;
  readonly pullSecrets: readonly string[];
}

/** Something that no draft can say. */
export interface NotRead {
  readonly what: string;
  readonly file: string;
  readonly why: string;
}

export interface Adoption {
  readonly servers: readonly FoundServer[];
  readonly notRead: readonly NotRead[];
}

/** Words that people name environments with, in the order in which releases usually pass them. */
const stages: readonly (readonly [string, readonly string[]])[] = [
  ['development', ['development', 'develop', 'dev', 'sandbox', 'local']],
  ['testing', ['testing', 'test', 'qa', 'integration', 'int']],
  ['staging', ['staging', 'stage', 'stg', 'uat', 'preprod', 'pre-production']],
  ['production', ['production', 'prod', 'prd', 'live']],
];

/** Position of an environment in the order of promotion; names that say nothing come first. */
export function stageOf(environment: string): number {
  return stages.findIndex(([, words]) => words.includes(environment.toLowerCase()));
}

/** Every vLLM Deployment of a repository that an Application deploys, and what could not be read of the rest. */
export function adoptionOf(repository: Repository): Adoption {
  const notRead: NotRead[] = [];
  const found: FoundServer[] = [];
  const engines = servers(repository);
  // Where Applications pin an earlier commit, what stands here now is the same workload and comes with their next pin.
  const identityOf = ({ place: { object } }: Engine) => `${object.kind} ${object.namespace ?? ''}/${object.name}`;
  const deployed = new Set(engines.filter(({ place }) => place.application !== undefined).map(identityOf));
  for (const engine of engines) {
    const { place } = engine;
    const { file } = place.object.resource.origin;
    const what = `${place.object.kind} ${place.object.name}`;
    if (place.application === undefined) {
      if (!deployed.has(identityOf(engine))) notRead.push({ what, file, why: 'no Application deploys it' });
    } else if (place.object.kind !== 'Deployment') notRead.push({ what, file, why: 'it is no Deployment' });
    else {
      found.push(serverOf(repository, engine));
      notRead.push(...gapsOf(engine, what, file));
    }
  }
  const known = new Set(found.map(({ engine }) => engine.place.object));
  for (const { object, application } of repository.deployed) {
    const isOther = isWorkload(object) && !known.has(object) && object.kind !== 'Job';
    const isRoute = ['Ingress', 'HTTPRoute', 'VirtualService', 'Gateway', 'InferencePool'].includes(object.kind);
    if (application === undefined || (!isOther && !isRoute)) continue;
    notRead.push({
      what: `${object.kind} ${object.name}`,
      file: object.resource.origin.file,
      why: isRoute ? 'routes stay yours' : 'it serves no model with vLLM, and stays yours',
    });
  }
  for (const { what, file, reason, minor } of repository.unchecked)
    if (minor !== true) notRead.push({ what, file, why: reason });
  return { servers: found, notRead: distinct(notRead) };
}

function serverOf(repository: Repository, engine: Engine): FoundServer {
  const { place, template, container, facts } = engine;
  const environment = environmentOf(engine);
  const cards = new Set(
    requiredLabels(template).flatMap(({ key, values }) => values.map((value) => gpuOfLabel(key, value)?.id)),
  );
  const [card] = [...cards].filter((each) => each !== undefined);
  const secret = objectsAt(container.value, 'env').find((each) =>
    ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN'].includes(String(each['name'])),
  );
  const tokenName = stringAt(secret, 'valueFrom', 'secretKeyRef', 'name');
  return {
    engine,
    model: modelName(place.object.name, environment),
    environment,
    cluster: place.cluster,
    namespace: place.namespace,
    wave: place.application === undefined ? 0 : waveOf(place.application.object.value),
    replicas: replicasOf(repository, engine),
    gpu: cards.size === 1 ? card : undefined,
    gpus: gpusOf(container.value) ?? facts.tensor * facts.pipeline,
    storage: weightsOf(repository, engine)?.storage,
    serviceName: serviceOf(repository, engine),
    tokenSecret:
      tokenName === undefined
        ? undefined
        : { name: tokenName, key: stringAt(secret, 'valueFrom', 'secretKeyRef', 'key') ?? 'token' },
    pullSecrets: objectsAt(template.spec, 'imagePullSecrets').flatMap((each) => stringAt(each, 'name') ?? []),
  };
}

/** By what the project says, the folder of the overlay, or a word in the names of Application and namespace. */
function environmentOf({ environment, place }: Engine): string {
  if (environment !== undefined) return environment;
  const paths = (place.application?.sources ?? []).map(({ path }) => path ?? '');
  for (const path of paths) {
    const folder = /(?:^|\/)(?:overlays|environments|envs|env)\/([A-Za-z0-9.-]+)/u.exec(path)?.[1];
    if (folder !== undefined) return folder;
  }
  const texts = [...paths, place.application?.name ?? '', place.namespace ?? ''];
  for (const text of texts)
    for (const word of text.split(/[/._-]/u).reverse())
      if (stageOf(word) >= 0) return stages[stageOf(word)]?.[0] ?? word;
  return place.namespace ?? 'default';
}

/** `llama-8b-prod` and `prod-llama-8b` are `llama-8b`; a Deployment that is only called vllm takes the name of its model. */
function modelName(name: string, environment: string): string {
  const words = stages.find(([, each]) => each.includes(environment.toLowerCase()))?.[1] ?? [environment];
  for (const word of [environment, ...words]) {
    if (name.endsWith(`-${word}`)) return name.slice(0, -word.length - 1);
    if (name.startsWith(`${word}-`)) return name.slice(word.length + 1);
  }
  return name;
}

function replicasOf(repository: Repository, { place }: Engine): FoundServer['replicas'] {
  const declared = integerAt(place.object.value, 'spec', 'replicas') ?? 1;
  const [scaler] = scalersOf(repository, place);
  if (scaler === undefined) return declared;
  const { min, max } = rangeFields(scaler.object);
  const spec = objectAt(scaler.object.value, 'spec');
  // Defaults of KEDA (0 and 100) and of the HorizontalPodAutoscaler (1; its maximum is required).
  const least = integerAt(spec, min) ?? (scaler.object.kind === 'ScaledObject' ? 0 : 1);
  return { min: least, max: Math.max(least, integerAt(spec, max) ?? 100) };
}

function gpusOf(container: JsonObject): number | undefined {
  const limits = { ...objectAt(container, 'resources', 'requests'), ...objectAt(container, 'resources', 'limits') };
  return amountOf('nvidia.com/gpu', limits['nvidia.com/gpu'] as Json | undefined);
}

function serviceOf(repository: Repository, { place, template }: Engine): string | undefined {
  const { labels } = template;
  const leading = (repository.byKind.get('/Service') ?? []).filter((service) => {
    const selector = Object.entries(objectAt(service.object.value, 'spec', 'selector'));
    const isHere = service.cluster === place.cluster && service.namespace === place.namespace;
    return isHere && selector.length > 0 && selector.every(([key, value]) => labels[key] === value);
  });
  return leading.length === 1 ? leading[0]?.object.name : undefined;
}

/** Variables and volumes that the blueprint sets by itself. */
const ownVariables = /^(?:HF_TOKEN|HUGGING_FACE_HUB_TOKEN|HF_HOME|HF_HUB_CACHE|HOME|USER|VLLM_NO_USAGE_STATS)$/u;

/** What of the Deployment itself no field of a ModelFamily can say. */
function gapsOf({ template, container, facts }: Engine, what: string, file: string): NotRead[] {
  const gaps: string[] = [];
  const others = objectsAt(template.spec, 'containers').length - 1;
  if (others > 0) gaps.push(`${others} more container${others === 1 ? '' : 's'} in its Pod`);
  const init = objectsAt(template.spec, 'initContainers').length;
  if (init > 0) gaps.push(`${init} init container${init === 1 ? '' : 's'}`);
  const used = new Set(
    ['args', 'command'].flatMap((field) =>
      (Array.isArray(container.value[field]) ? (container.value[field] as readonly Json[]) : [])
        .map(String)
        .flatMap((word) => [...word.matchAll(/\$\(?([A-Z0-9_]+)\)?/gu)].map(([, name]) => name)),
    ),
  );
  const variables = objectsAt(container.value, 'env')
    .map((each) => String(each['name']))
    .filter((name) => !ownVariables.test(name) && !used.has(name));
  if (variables.length > 0) gaps.push(`variables ${variables.join(', ')}`);
  if (objectsAt(container.value, 'envFrom').length > 0) gaps.push('variables that come in bulk (envFrom)');
  if (facts.configFile) gaps.push('settings in a file (--config)');
  if (facts.unresolved.length > 0) gaps.push(`flags whose value is not known here: ${facts.unresolved.join(', ')}`);
  for (const { flag, value, needs } of facts.malformed) gaps.push(`--${flag} ${value} (${needs} is expected)`);
  if (at(template.spec, 'serviceAccountName') !== undefined)
    gaps.push(
      `ServiceAccount ${String(at(template.spec, 'serviceAccountName'))} (the rendered one is the model's own)`,
    );
  return gaps.map((why) => ({ what, file, why }));
}

function distinct(list: readonly NotRead[]): NotRead[] {
  return [...new Map(list.map((each) => [JSON.stringify(each), each])).values()];
}
