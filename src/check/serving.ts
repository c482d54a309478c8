import type { PodFacts } from '../capacity/index.js';
import { podFacts } from '../capacity/pod.js';
import { amountOf } from '../capacity/quantity.js';
import { at, integerAt, isObject, listAt, objectAt, objectsAt, stringAt, stringsAt } from '../capacity/read.js';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import {
  type EnvVariable,
  findModel,
  GPU_RESOURCES,
  type ModelFacts,
  type Precision,
  type ServingContext,
  type ServingFacts,
  servingFacts,
  servingPrecision,
  type WordSource,
} from '../models/index.js';
import type { Repository } from '../repository/index.js';
import { clustersMeant, type InventoryCluster } from '../repository/inventory.js';
import type { Deployed, KubeObject } from '../repository/model.js';
import { podTemplates } from '../repository/pods.js';
import { toPointer } from '../yaml/range.js';
import { environmentOf } from './capacity.js';
import { cardsOf, type LandingCard } from './cards.js';
import { found } from './neighbourhood.js';

/** A Pod template wherever a kind keeps it, serving kinds included. */
export interface ServingTemplate {
  /** The pointer of the Pod spec. */
  readonly pointer: string;
  readonly spec: JsonObject;
  readonly labels: Readonly<Record<string, Json>>;
  /** Pods that make up one replica; 1 where every Pod is a replica. */
  readonly podsPerReplica: number;
}

/** A container that runs vLLM, in the place where it is going to run. */
export interface Engine {
  readonly place: Deployed;
  readonly template: ServingTemplate;
  readonly container: { readonly pointer: string; readonly value: JsonObject };
  readonly facts: ServingFacts;
  readonly model: ModelFacts | undefined;
  /** What the weights will be on the GPU, where the model is known. */
  readonly precision: Precision | undefined;
  /** The extended resource that the container asks for. */
  readonly request: ServingContext['request'] | undefined;
  readonly cluster: InventoryCluster | undefined;
  readonly environment: string | undefined;
  /** The cards that the Pod may land on; empty where nobody says. */
  readonly cards: readonly LandingCard[];
  /** One question for each of those cards, or one without a card. */
  readonly contexts: readonly ServingContext[];
  /** The pointer of what states a word: the environment variable behind `$(NAME)`, or the list entry. */
  pointerOf(source: WordSource): string;
}

const known = new WeakMap<Repository, readonly Engine[]>();

/** Every vLLM container of the repository. Worked out once for all rules. */
export function enginesOf(repository: Repository): readonly Engine[] {
  const present = known.get(repository);
  if (present !== undefined) return present;
  const made = repository.deployed.flatMap((place) =>
    servingTemplates(place.object).flatMap((template) => enginesIn(repository, place, template)),
  );
  known.set(repository, made);
  return made;
}

/** The declared cluster that something is deployed to, where it is exactly one. */
export function clusterOf(repository: Repository, place: Deployed): InventoryCluster | undefined {
  if (place.application === undefined || place.cluster === '') return undefined;
  const meant = clustersMeant(repository.inventory, repository.clusters, place.cluster);
  return meant.length === 1 ? meant[0] : undefined;
}

/**
 * The Pod templates of an object: those of Kubernetes' own kinds, Argo Rollouts and LeaderWorkerSets, of KServe's
 * InferenceService (`spec.predictor` is a Pod spec) and LLMInferenceService (`spec.template`, `spec.worker`, the same below
 * `spec.prefill`; KServe 0.20), of KubeRay's head and worker groups, and of AIBrix' StormService roles (0.7).
 */
export function servingTemplates(object: KubeObject): ServingTemplate[] {
  const own = podTemplates(object);
  if (own.length > 0) {
    const podsPerReplica =
      object.kind === 'LeaderWorkerSet' ? (integerAt(object.value, 'spec', 'leaderWorkerTemplate', 'size') ?? 1) : 1;
    return own.map((template) => ({ ...template, podsPerReplica }));
  }
  return customTemplates(object);
}

function customTemplates(object: KubeObject): ServingTemplate[] {
  const bare = (path: readonly (string | number)[], spec: Json | undefined, labels = {}): ServingTemplate[] =>
    isObject(spec) ? [{ pointer: toPointer(path), spec, labels, podsPerReplica: 1 }] : [];
  const whole = (path: readonly (string | number)[], template: JsonObject): ServingTemplate[] =>
    bare([...path, 'spec'], template['spec'], objectAt(template, 'metadata', 'labels'));
  const spec = objectAt(object.value, 'spec');
  const ray = (path: readonly (string | number)[], cluster: JsonObject): ServingTemplate[] => [
    ...whole([...path, 'headGroupSpec', 'template'], objectAt(cluster, 'headGroupSpec', 'template')),
    ...objectsAt(cluster, 'workerGroupSpecs').flatMap((group, index) =>
      whole([...path, 'workerGroupSpecs', index, 'template'], objectAt(group, 'template')),
    ),
  ];
  switch (`${object.group}/${object.kind}`) {
    case 'serving.kserve.io/InferenceService':
      return bare(['spec', 'predictor'], spec['predictor'], objectAt(spec, 'predictor', 'labels'));
    case 'serving.kserve.io/LLMInferenceService':
      return [
        ...bare(['spec', 'template'], spec['template']),
        ...bare(['spec', 'worker'], spec['worker']),
        ...bare(['spec', 'prefill', 'template'], at(spec, 'prefill', 'template')),
        ...bare(['spec', 'prefill', 'worker'], at(spec, 'prefill', 'worker')),
      ];
    case 'ray.io/RayCluster':
      return ray(['spec'], spec);
    case 'ray.io/RayService':
      return ray(['spec', 'rayClusterConfig'], objectAt(spec, 'rayClusterConfig'));
    case 'orchestration.aibrix.ai/StormService':
      return objectsAt(spec, 'template', 'spec', 'roles').flatMap((role, index) =>
        whole(['spec', 'template', 'spec', 'roles', index, 'template'], objectAt(role, 'template')),
      );
    // Selectors, tolerations and affinity stand directly in the spec; the controller makes the containers.
    case 'inference.llm-d.io/LLMDeployment':
    case 'apps.nvidia.com/NIMService':
      return bare(['spec'], spec);
    default:
      return [];
  }
}

function enginesIn(repository: Repository, place: Deployed, template: ServingTemplate): Engine[] {
  return objectsAt(template.spec, 'containers').flatMap((value, index): Engine[] => {
    const pointer = `${template.pointer}/containers/${index}`;
    const variables = environmentOfContainer(repository, place, value);
    const words = (list: 'command' | 'args') => listAt(value, list).map(String);
    const command = words('command');
    const image = stringAt(value, 'image');
    const facts = servingFacts({
      ...(image === undefined ? {} : { image }),
      ...(command.length === 0 ? {} : { command }),
      args: words('args'),
      env: variables,
    });
    return facts === undefined ? [] : [engineOf(repository, place, template, { pointer, value }, facts)];
  });
}

function engineOf(
  repository: Repository,
  place: Deployed,
  template: ServingTemplate,
  container: Engine['container'],
  facts: ServingFacts,
): Engine {
  const model = facts.model === undefined ? undefined : findModel(facts.model);
  const request = gpuRequest(container.value);
  const cluster = clusterOf(repository, place);
  const cards = cardsOf(podOf(template), request, cluster);
  const pods = podsTogether(template, facts);
  const base: ServingContext = {
    facts,
    ...(model === undefined ? {} : { model }),
    ...(request === undefined ? {} : { request }),
    ...(pods === undefined ? {} : { podsPerReplica: pods }),
  };
  return {
    place,
    template,
    container,
    facts,
    model,
    precision: model === undefined ? undefined : servingPrecision(facts, model),
    request,
    cluster,
    environment:
      place.application === undefined || cluster === undefined ? undefined : environmentOf(place.application, cluster),
    cards,
    contexts: cards.length === 0 ? [base] : cards.map((card) => ({ ...base, ...card })),
    pointerOf: (source) => pointerOf(container, source),
  };
}

/** The Pods that one engine spans. With data parallelism each Pod of a group runs ranks of its own. */
function podsTogether({ podsPerReplica }: ServingTemplate, { flags }: ServingFacts): number | undefined {
  if (podsPerReplica <= 1) return undefined;
  return [...flags.keys()].some((name) => name.startsWith('data-parallel-')) ? undefined : podsPerReplica;
}

/** The only kind of device that a container asks for; undefined where it asks for none, several kinds, or by claim. */
export function gpuRequest(container: JsonObject): ServingContext['request'] | undefined {
  const amounts = new Map<string, number>();
  for (const list of ['requests', 'limits']) {
    for (const [name, value] of Object.entries(objectAt(container, 'resources', list))) {
      const count = isDevice(name) ? amountOf(name, value) : undefined;
      if (count !== undefined) amounts.set(name, count);
    }
  }
  const [only] = amounts;
  return amounts.size === 1 && only !== undefined ? { resource: only[0], count: only[1] } : undefined;
}

/** Extended resources that are GPUs or slices of them. */
export function isDevice(name: string): boolean {
  return GPU_RESOURCES.includes(name) || /^nvidia\.com\/(gpu\.shared|mig-[0-9]+g\.[0-9]+gb(\.shared)?)$/.test(name);
}

/** The environment, with the values of ConfigMaps of the repository; a Secret's or the downward API's is not known. */
function environmentOfContainer(repository: Repository, place: Deployed, container: JsonObject): EnvVariable[] {
  const data = (name: string | undefined): Readonly<Record<string, string>> | undefined => {
    const maps = name === undefined ? [] : found(repository, place, `/ConfigMap/${name}`);
    return maps.length === 1 ? stringsAt(maps[0]?.object.value, 'data') : undefined;
  };
  const out: EnvVariable[] = [];
  for (const source of objectsAt(container, 'envFrom')) {
    const prefix = stringAt(source, 'prefix') ?? '';
    for (const [name, value] of Object.entries(data(stringAt(source, 'configMapRef', 'name')) ?? {}))
      out.push({ name: `${prefix}${name}`, value });
  }
  for (const variable of objectsAt(container, 'env')) {
    const name = stringAt(variable, 'name') ?? '';
    const from = objectAt(variable, 'valueFrom', 'configMapKeyRef');
    const value = isObject(at(variable, 'valueFrom'))
      ? data(stringAt(from, 'name'))?.[stringAt(from, 'key') ?? '']
      : (stringAt(variable, 'value') ?? '');
    out.push({ name, ...(value === undefined ? {} : { value }) });
  }
  return out;
}

function pointerOf(container: Engine['container'], { list, index }: WordSource): string {
  const word = String(listAt(container.value, list)[index] ?? '');
  const name = /\$\(([^()$\s]+)\)/.exec(word)?.[1];
  const variables = objectsAt(container.value, 'env');
  const variable = name === undefined ? -1 : variables.findLastIndex((each) => stringAt(each, 'name') === name);
  if (variable >= 0 && stringAt(variables[variable], 'value') !== undefined)
    return `${container.pointer}/env/${variable}/value`;
  return `${container.pointer}/${list}/${index}`;
}

/** The entry that asks for the devices of an engine, or what stands nearest to it. */
export function requestPointer({ container, request }: Engine): string {
  const { pointer, value } = container;
  if (request === undefined) return `${pointer}/resources`;
  for (const list of ['limits', 'requests']) {
    if (Object.hasOwn(objectAt(value, 'resources', list), request.resource))
      return `${pointer}/resources/${list}${toPointer([request.resource])}`;
  }
  return `${pointer}/resources`;
}

/** What the scheduler reads of a template's Pods. */
export function podOf(template: Pick<ServingTemplate, 'spec' | 'labels'>): PodFacts {
  return podFacts({ metadata: { labels: template.labels }, spec: template.spec }, { namespace: '' });
}
