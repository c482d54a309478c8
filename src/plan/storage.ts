import type { JsonObject, OnProblem, Place } from '../diagnostics/diagnostic.js';
import type { ClusterConfig, ExternalSecret } from '../spec/types.generated.js';
import { joinName } from './names.js';

export type StorageKind = NonNullable<ClusterConfig['spec']['modelStorage']>;

/** What the engine is told to load. */
export interface SourcePlan {
  /** As the spec or the catalog says it: `hf://meta-llama/Llama-3.1-8B-Instruct`. */
  readonly uri: string;
  readonly scheme: 'hf' | 's3' | 'gs' | 'oci' | 'other';
  /** What the engine takes as its model: a repository, a URI, a folder. */
  readonly id: string;
  readonly loadFormat?: string;
  readonly quantization?: string;
  readonly revision?: string;
  /** `$(MODEL_REVISION)` where the engine is to be told the revision. */
  readonly revisionReference?: string;
}

export interface StoragePlan {
  readonly kind: StorageKind;
  readonly volume?: JsonObject;
  readonly mount?: JsonObject;
  readonly claim?: {
    readonly name: string;
    readonly accessModes: readonly string[];
    readonly storageClassName?: string;
    readonly size: string;
  };
  readonly huggingFaceHome?: string;
  /** `"1"` where weights must already be there. */
  readonly offline?: string;
  readonly envFrom?: readonly JsonObject[];
  /** Bytes of ephemeral storage to request, where weights are kept there. */
  readonly ephemeralBytes?: number;
}

const gib = 1024 ** 3;
const modelsPath = '/models';
/** Where node set-up keeps the cache; group 1000 has to be able to write it. */
const nodeCachePath = '/var/lib/models';

/** Splits a source; a Hugging Face source may carry its revision behind `@`. */
export function sourceOf(uri: string, revision: string | undefined): SourcePlan {
  const [, scheme = '', rest = ''] = /^([a-z0-9]+):\/\/(.*)$/.exec(uri) ?? [];
  if (scheme === 'hf') {
    const [id = rest, inline] = rest.split('@');
    const pinned = revision ?? inline;
    return {
      uri,
      scheme: 'hf',
      id,
      ...(pinned === undefined ? {} : { revision: pinned, revisionReference: '$(MODEL_REVISION)' }),
    };
  }
  // vLLM reads object storage through the Run:ai streamer, which knows these two schemes.
  if (scheme === 's3' || scheme === 'gs')
    return { uri, scheme, id: uri, loadFormat: 'runai_streamer', ...(revision === undefined ? {} : { revision }) };
  if (scheme === 'oci') return { uri, scheme, id: modelsPath, ...(revision === undefined ? {} : { revision }) };
  return {
    uri,
    scheme: 'other',
    id: scheme === 'pvc' || scheme === 'file' ? `/${rest.replace(/^\/+/, '')}` : uri,
    ...(revision === undefined ? {} : { revision }),
  };
}

export interface StorageRequest {
  readonly source: SourcePlan;
  readonly slug: string;
  readonly cluster: ClusterConfig;
  readonly namespace: string;
  /** What is fetched from the source; 0 where it is not known. */
  readonly downloadBytes: number;
  readonly subject: string;
  readonly at: Place;
  readonly clusterFile: string;
  readonly kubernetesVersion: string;
}

/** How weights reach the Pods, by what the cluster offers (decision of the ClusterConfig); undefined where that cannot work. */
export function storageOf(request: StorageRequest, onProblem: OnProblem): StoragePlan | undefined {
  const kind = request.cluster.spec.modelStorage ?? 'ephemeral';
  const { scheme } = request.source;
  if (scheme === 's3' || scheme === 'gs') return streamed(request, kind);
  if (kind === 'object-stream')
    return refuse(request, onProblem, `modelStorage object-stream needs a source in object storage (s3:// or gs://)`);
  if ((kind === 'oci-volume') !== (scheme === 'oci')) {
    return refuse(
      request,
      onProblem,
      scheme === 'oci'
        ? `an oci:// source needs modelStorage oci-volume, and the cluster says ${kind}`
        : 'modelStorage oci-volume needs a source oci://…',
    );
  }
  switch (kind) {
    case 'oci-volume':
      judgeImageVolumes(request, onProblem);
      return {
        kind,
        volume: {
          name: 'weights',
          image: { reference: request.source.uri.replace(/^oci:\/\//, ''), pullPolicy: 'IfNotPresent' },
        },
        mount: { name: 'weights', mountPath: modelsPath, readOnly: true },
      };
    case 'pvc-rwx':
      return claimed(request, kind, 'ReadWriteMany', onProblem);
    case 'pvc-rox':
      return claimed(request, kind, 'ReadOnlyMany', onProblem);
    case 'node-cache':
      return {
        kind,
        volume: { name: 'weights', hostPath: { path: nodeCachePath, type: 'Directory' } },
        mount: { name: 'weights', mountPath: modelsPath },
        huggingFaceHome: `${modelsPath}/huggingface`,
      };
    case 'ephemeral': {
      const size = Math.max(1, Math.ceil((request.downloadBytes * 1.1) / gib)) * gib;
      return {
        kind,
        volume: { name: 'weights', emptyDir: request.downloadBytes === 0 ? {} : { sizeLimit: `${size / gib}Gi` } },
        mount: { name: 'weights', mountPath: modelsPath },
        huggingFaceHome: `${modelsPath}/huggingface`,
        ...(request.downloadBytes === 0 ? {} : { ephemeralBytes: size }),
      };
    }
  }
}

/** KEP-4639: image volumes are there since Kubernetes 1.31, and switched on by default since 1.35. */
function judgeImageVolumes(request: StorageRequest, onProblem: OnProblem): void {
  const minor = Number(/^1\.(\d+)/.exec(request.kubernetesVersion)?.[1] ?? 0);
  if (minor >= 35) return;
  onProblem({
    ruleId: 'image-volumes',
    severity: minor < 31 ? 'error' : 'warning',
    message:
      minor < 31
        ? `${request.subject}: Kubernetes ${request.kubernetesVersion} has no image volumes; they came with 1.31`
        : `${request.subject}: Kubernetes ${request.kubernetesVersion} has image volumes only where the feature gate ImageVolume is switched on`,
    at: { file: request.clusterFile, pointer: '/spec/modelStorage' },
    key: request.subject,
  });
}

function streamed(request: StorageRequest, kind: StorageKind): StoragePlan {
  const secrets = secretsFor(request.cluster, request.namespace, 'object-storage');
  return {
    kind: kind === 'oci-volume' ? kind : 'object-stream',
    ...(secrets.length === 0 ? {} : { envFrom: secrets.map((secret) => ({ secretRef: { name: secret.name } })) }),
  };
}

function refuse(request: StorageRequest, onProblem: OnProblem, reason: string): undefined {
  onProblem({
    ruleId: 'storage-and-source',
    severity: 'error',
    message: `${request.subject} cannot load ${request.source.uri}: ${reason}`,
    at: request.at,
    related: [
      { message: 'the storage is declared here', at: { file: request.clusterFile, pointer: '/spec/modelStorage' } },
    ],
  });
  return undefined;
}

/**
 * A claim per model. It holds two copies and 10 GiB, because the old and the new revision stand side by side during a
 * release; where the size is not known, 500 GiB.
 */
function claimed(
  request: StorageRequest,
  kind: StorageKind,
  mode: 'ReadWriteMany' | 'ReadOnlyMany',
  onProblem: OnProblem,
): StoragePlan | undefined {
  const storageClass = (request.cluster.spec.storageClasses ?? []).find((each) => each.accessModes.includes(mode));
  if (storageClass === undefined) {
    onProblem({
      ruleId: 'storage-class-missing',
      severity: 'error',
      message: `${request.subject}: modelStorage ${kind} needs a StorageClass with ${mode}, and cluster "${request.cluster.metadata.name}" declares none`,
      at: { file: request.clusterFile, pointer: '/spec/modelStorage' },
      hint: 'list it under spec.storageClasses, or choose another modelStorage',
    });
    return undefined;
  }
  const size = request.downloadBytes === 0 ? 500 : Math.ceil((2 * request.downloadBytes) / gib / 10) * 10 + 10;
  const name = joinName(request.slug, 'weights');
  const readOnly = mode === 'ReadOnlyMany';
  return {
    kind,
    volume: { name: 'weights', persistentVolumeClaim: readOnly ? { claimName: name, readOnly } : { claimName: name } },
    mount: { name: 'weights', mountPath: modelsPath, ...(readOnly ? { readOnly } : {}) },
    claim: { name, accessModes: [mode], storageClassName: storageClass.name, size: `${size}Gi` },
    huggingFaceHome: `${modelsPath}/huggingface`,
    ...(readOnly ? { offline: '1' } : {}),
  };
}

/** Secrets that the cluster declares for a purpose in a namespace. */
export function secretsFor(
  cluster: ClusterConfig,
  namespace: string,
  purpose: NonNullable<ExternalSecret['purpose']>,
): readonly ExternalSecret[] {
  return (cluster.spec.externalSecrets ?? []).filter(
    (secret) =>
      secret.purpose === purpose && (secret.namespaces === undefined || secret.namespaces.includes(namespace)),
  );
}
