import { amountOf } from '../capacity/quantity.js';
import { at, integerAt, isObject, listAt, objectAt, objectsAt, stringAt } from '../capacity/read.js';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { type HostRequirements, hostRequirements, type ModelStorage } from '../models/index.js';
import type { Repository } from '../repository/index.js';
import type { Deployed, KubeObject } from '../repository/model.js';
import { isWorkload } from '../repository/pods.js';
import { found } from './neighbourhood.js';
import { type Finding, onField } from './rule.js';
import { type Engine, enginesOf, type ServingTemplate } from './serving.js';

export const gibibyte = 1024 ** 3;

/**
 * Engines that serve from Pods made exactly as they are written: no Jobs, and no kinds whose controller joins a template of
 * its own (KServe), where probes, volumes and ports may stand elsewhere.
 */
export function servers(repository: Repository): readonly Engine[] {
  const known = serversOf.get(repository);
  if (known !== undefined) return known;
  const made = enginesOf(repository).filter(
    ({ place }) => isWorkload(place.object) && !['Job', 'CronJob', 'Pod', 'PodTemplate'].includes(place.object.kind),
  );
  serversOf.set(repository, made);
  return made;
}

// Twenty rules ask the same of the same engines.
const serversOf = new WeakMap<Repository, readonly Engine[]>();

/** A finding on the container of an engine, or on its Pod where `pointer` starts elsewhere. */
export function onServer(
  engine: Engine,
  pointer: string,
  finding: Pick<Finding, 'message' | 'hint' | 'severity' | 'key' | 'allowed'> & { readonly part?: 'key' | 'value' },
): Finding {
  return {
    ...onField(engine.place.object, pointer, {
      ...finding,
      application: engine.place.application,
      namespace: engine.place.namespace,
    }),
    ...(engine.environment === undefined ? {} : { environment: engine.environment }),
  };
}

/** `Deployment llama`, as messages name it. */
export function nameOf({ object }: Pick<Deployed, 'object'>): string {
  return `${object.kind} ${object.name}`;
}

/** A volume where a container sees it. */
export interface Mount {
  readonly path: string;
  readonly pointer: string;
  /** The volume, or `{claimTemplate}` of a StatefulSet; undefined where no volume has the name. */
  readonly volume: JsonObject | undefined;
  readonly volumePointer: string;
}

/** The mounts of a container, with the volumes behind them. */
export function mountsOf(
  object: KubeObject,
  template: Pick<ServingTemplate, 'spec' | 'pointer'>,
  container: Engine['container'],
): readonly Mount[] {
  const volumes = objectsAt(template.spec, 'volumes');
  const claims = objectsAt(object.value, 'spec', 'volumeClaimTemplates');
  return objectsAt(container.value, 'volumeMounts').flatMap((mount, index): Mount[] => {
    const path = stringAt(mount, 'mountPath');
    const name = stringAt(mount, 'name');
    if (path === undefined || name === undefined) return [];
    const own = volumes.findIndex((each) => stringAt(each, 'name') === name);
    const claim = claims.findIndex((each) => stringAt(each, 'metadata', 'name') === name);
    const pointer = `${container.pointer}/volumeMounts/${index}`;
    const base = { path: path.replace(/(.)\/+$/, '$1'), pointer };
    if (own >= 0) return [{ ...base, volume: volumes[own], volumePointer: `${template.pointer}/volumes/${own}` }];
    if (claim < 0) return [{ ...base, volume: undefined, volumePointer: pointer }];
    return [
      {
        ...base,
        volume: { claimTemplate: claims[claim] as Json },
        volumePointer: `/spec/volumeClaimTemplates/${claim}`,
      },
    ];
  });
}

/** The deepest mount that covers a path. */
export function mountAt(mounts: readonly Mount[], path: string): Mount | undefined {
  return mounts
    .filter((each) => path === each.path || path.startsWith(each.path === '/' ? '/' : `${each.path}/`))
    .sort((a, b) => b.path.length - a.path.length)[0];
}

/** A variable that the container states: its value where it is written there, '' where it comes from elsewhere. */
export function variable(container: JsonObject, name: string): string | undefined {
  const found = objectsAt(container, 'env').findLast((each) => stringAt(each, 'name') === name);
  return found === undefined ? undefined : (stringAt(found, 'value') ?? '');
}

/** Whether variables may come in bulk, so that none can be called missing. */
export function takesMoreVariables(container: JsonObject): boolean {
  return objectsAt(container, 'envFrom').length > 0;
}

/** A Hugging Face id: what is neither a path nor an address. */
export function isHubId(model: string | undefined): model is string {
  return model !== undefined && /^[\w.-]+\/[\w.-]+$/.test(model);
}

/** Where the engine keeps the files of its model (huggingface_hub, environment variables; vLLM `--download-dir`). */
export function weightsPath({ facts, container }: Engine): string {
  if (facts.model?.startsWith('/')) return facts.model;
  const stated = facts.flags.get('download-dir')?.value;
  const hub = variable(container.value, 'HF_HUB_CACHE') || variable(container.value, 'HF_HOME');
  const cache = variable(container.value, 'XDG_CACHE_HOME');
  const home = variable(container.value, 'HOME') || '/root';
  return stated ?? (hub || `${cache || `${home}/.cache`}/huggingface`);
}

/** Where an engine's weights come from, and how much room is there. */
export interface Weights {
  readonly storage: ModelStorage;
  readonly mount: Mount | undefined;
  /** A claim of the repository, or the template of one. */
  readonly claim: JsonObject | undefined;
  /** An init container of the Pod has the same volume: it may put the files there before the engine starts. */
  readonly prepared: boolean;
}

/** Read from the volume that covers the path of the weights; undefined where the volume says nothing (CSI, ephemeral). */
export function weightsOf(repository: Repository, engine: Engine): Weights | undefined {
  const known = weightsOfEngine.get(engine);
  if (known !== undefined) return known.weights;
  const weights = findWeights(repository, engine);
  weightsOfEngine.set(engine, { weights });
  return weights;
}

/** An engine stands in one repository. */
const weightsOfEngine = new WeakMap<Engine, { readonly weights: Weights | undefined }>();

function findWeights(repository: Repository, engine: Engine): Weights | undefined {
  const mount = mountAt(mountsOf(engine.place.object, engine.template, engine.container), weightsPath(engine));
  const streams = /^(runai_streamer|tensorizer)/.test(engine.facts.flags.get('load-format')?.value ?? '');
  const prepared =
    mount !== undefined &&
    objectsAt(engine.template.spec, 'initContainers').some((init) =>
      objectsAt(init, 'volumeMounts').some((each) => stringAt(each, 'name') === stringAt(mount.volume, 'name')),
    );
  const base = { mount, prepared, claim: undefined };
  if (streams) return { ...base, storage: 'object-stream' };
  if (mount === undefined) return { ...base, storage: 'ephemeral' };
  const { volume } = mount;
  if (volume === undefined) return undefined;
  if (isObject(at(volume, 'emptyDir'))) return { ...base, storage: 'ephemeral' };
  if (isObject(at(volume, 'image'))) return { ...base, storage: 'oci-volume' };
  if (isObject(at(volume, 'hostPath'))) return { ...base, storage: 'node-cache' };
  if (isObject(at(volume, 'claimTemplate')))
    return { ...base, storage: 'pvc-rox', claim: objectAt(volume, 'claimTemplate') };
  const name = stringAt(volume, 'persistentVolumeClaim', 'claimName');
  if (name === undefined) return undefined;
  const claims = found(repository, engine.place, `/PersistentVolumeClaim/${name}`);
  const claim = claims.length === 1 ? claims[0]?.object.value : undefined;
  const shared = claim === undefined || listAt(claim, 'spec', 'accessModes').includes('ReadWriteMany');
  return { ...base, storage: shared ? 'pvc-rwx' : 'pvc-rox', claim };
}

/** What a Pod of the engine needs of its node; undefined where the model is not known. */
export function hostNeeds({ model, precision, facts, template }: Engine): HostRequirements | undefined {
  if (model === undefined || precision === undefined) return undefined;
  const { tensor, pipeline, data, expert } = facts;
  return hostRequirements(model, precision, { tensor, pipeline, data, expert }, template.podsPerReplica);
}

/** GiB of the files that the engine downloads, where the catalog knows the very repository. */
export function downloadGiB({ model, facts }: Engine): number | undefined {
  const wanted = facts.model?.toLowerCase();
  return model?.checkpoints.find((each) => each.id.toLowerCase() === wanted)?.sizeGiB;
}

/** Seconds that a probe lets pass before the kubelet acts: initialDelaySeconds 0, periodSeconds 10, failureThreshold 3. */
export function probeBudget(probe: JsonObject): number {
  const period = integerAt(probe, 'periodSeconds') ?? 10;
  return (integerAt(probe, 'initialDelaySeconds') ?? 0) + period * (integerAt(probe, 'failureThreshold') ?? 3);
}

/** An amount in bytes of a quantity, or undefined. */
export function bytesOf(value: Json | undefined): number | undefined {
  return value === undefined ? undefined : amountOf('memory', value);
}

/** `12.3 GiB`. */
export function gib(bytes: number): string {
  const value = bytes / gibibyte;
  return `${value >= 10 ? Math.round(value) : Number(value.toFixed(1))} GiB`;
}

/** Ranks of the engine in one Pod. */
export function ranksInPod({ facts, template }: Engine): number {
  return Math.ceil((facts.tensor * facts.pipeline * (facts.dataLocal ?? facts.data)) / template.podsPerReplica);
}
