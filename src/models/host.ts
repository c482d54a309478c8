import type { ModelFacts, Precision } from './facts.js';
import { checkpointFor, GIB, type Parallelism, weightTerms } from './weights.js';

/** Where the weights come from at start. The names are those of ClusterConfig's `modelStorage`. */
export type ModelStorage = 'pvc-rwx' | 'pvc-rox' | 'node-cache' | 'object-stream' | 'oci-volume' | 'ephemeral';

export const MODEL_STORAGES: readonly ModelStorage[] = [
  'pvc-rwx',
  'pvc-rox',
  'node-cache',
  'object-stream',
  'oci-volume',
  'ephemeral',
];

/** What a Pod of the model needs of its node beside GPUs. */
export interface HostRequirements {
  readonly memoryRequestBytes: number;
  /** Request, /dev/shm and the page cache of the files: never killed for reading its own weights. */
  readonly memoryLimitBytes: number;
  readonly cpuMilli: number;
  /** `sizeLimit` of the memory-backed /dev/shm. Counts against the memory limit. */
  readonly shmBytes: number;
  /** What is fetched from the source once, or at every start with `ephemeral`. */
  readonly downloadBytes: number;
  /** Ephemeral storage: caches of the compiler, and the weights where they are not on a volume. */
  readonly ephemeralStorageBytes: Readonly<Record<ModelStorage, number>>;
  /** A start that takes longer has failed: for the startup probe. */
  readonly startupSeconds: Readonly<Record<ModelStorage, number>>;
  /** The expected time to the first answer. */
  readonly warmSeconds: Readonly<Record<ModelStorage, number>>;
  readonly explanation: readonly string[];
}

/**
 * Sustained reading of weights in GiB/s: low ends, what a Pod can count on and not what a vendor advertises. Local disk 1 (the
 * safetensors loader from NVMe: 1.1 GB/s for Qwen3-30B-A3B, InstantTensor's benchmark), a read-only block volume 0.7 (general
 * purpose SSD at 750 MiB/s), object storage streamed in parallel 0.7 (the same, over the network). Our assumptions, to be
 * overridden by whoever measured: a shared file system 0.25, an image registry 0.3, Hugging Face over the internet 0.1 (1 Gbit/s).
 */
const GIB_PER_SECOND: Readonly<Record<ModelStorage, number>> = {
  'pvc-rwx': 0.25,
  'pvc-rox': 0.7,
  'node-cache': 1,
  'object-stream': 0.7,
  'oci-volume': 0.3,
  ephemeral: 0.1,
};

/** Process start, compilation and graph capture of a warm image; the vLLM documentation's own probes allow 5 to 10 minutes for small models. */
const ENGINE_SECONDS = 150;
/** A deadline below this has failed healthy starts (KServe's template allows 10 minutes). */
const LEAST_STARTUP_SECONDS = 600;
/** Server and scheduler processes: vLLM's Kubernetes example requests 6 GB for one GPU. */
const SERVER_GIB = 4;
const WORKER_GIB = 2;
/** vLLM's Kubernetes example gives 2 GiB; NIM asks for 16 GB and LeaderWorkerSet's example for 15 GiB with 8 GPUs. */
const SHM_GIB_PER_WORKER = 2;
const COMPILE_CACHE_GIB = 10;

function byStorage(value: (storage: ModelStorage) => number): Readonly<Record<ModelStorage, number>> {
  return Object.fromEntries(MODEL_STORAGES.map((storage) => [storage, value(storage)])) as Record<ModelStorage, number>;
}

function roundUp(seconds: number, step: number): number {
  return Math.ceil(seconds / step) * step;
}

/**
 * Requests, limits, shared memory, disk and deadlines of one Pod, worked out from the model's size. `pods` is the number of
 * Pods that one copy of the model spans (a LeaderWorkerSet's size); each holds its share of workers and files.
 */
export function hostRequirements(
  model: ModelFacts,
  precision: Precision,
  parallelism: Parallelism,
  pods = 1,
): HostRequirements {
  const workers = Math.ceil((parallelism.tensor * parallelism.pipeline * parallelism.data) / pods);
  const known = checkpointFor(model, precision);
  const source = known ?? model.checkpoints[0]!;
  const downloadGiB = source.sizeGiB;
  const loadedGiB = weightTerms(model, precision, parallelism).totalGiB;
  const shm = Math.min(16, Math.max(2, SHM_GIB_PER_WORKER * workers));
  const request = SERVER_GIB + WORKER_GIB * workers + shm;
  const limit = Math.ceil(request + downloadGiB / pods);
  const warm = (storage: ModelStorage) => roundUp(ENGINE_SECONDS + downloadGiB / GIB_PER_SECOND[storage], 5);
  return {
    memoryRequestBytes: request * GIB,
    memoryLimitBytes: limit * GIB,
    cpuMilli: (2 + workers) * 1000,
    shmBytes: shm * GIB,
    downloadBytes: Math.ceil(downloadGiB * GIB),
    ephemeralStorageBytes: byStorage(
      (storage) => (COMPILE_CACHE_GIB + (storage === 'ephemeral' ? Math.ceil(downloadGiB * 1.1) : 0)) * GIB,
    ),
    startupSeconds: byStorage((storage) => Math.max(LEAST_STARTUP_SECONDS, roundUp(2 * warm(storage), 60))),
    warmSeconds: byStorage(warm),
    explanation: [
      `memory request: ${SERVER_GIB} GiB server + ${WORKER_GIB} GiB x ${workers} workers + ${shm} GiB /dev/shm = ${request} GiB`,
      `memory limit: request + ${(downloadGiB / pods).toFixed(1)} GiB of files in the page cache = ${limit} GiB`,
      `cpu: 2 (server, scheduler) + 1 x ${workers} workers = ${2 + workers}`,
      `/dev/shm: ${SHM_GIB_PER_WORKER} GiB a worker, at least 2 and at most 16 = ${shm} GiB`,
      `download: ${downloadGiB.toFixed(2)} GiB from ${source.id}${known ? '' : `, quantised to ${precision} while loading (${loadedGiB.toFixed(2)} GiB on the GPUs)`}`,
      `start: ${ENGINE_SECONDS} s engine + size / ${MODEL_STORAGES.map((storage) => `${storage} ${GIB_PER_SECOND[storage]}`).join(', ')} GiB/s; the deadline is twice that, at least ${LEAST_STARTUP_SECONDS} s`,
    ],
  };
}
