import { amountOf } from '../capacity/index.js';
import type { OnProblem, Place } from '../diagnostics/diagnostic.js';
import {
  engineDefaults,
  type GpuClass,
  hostRequirements,
  fit as judgeFit,
  type ModelFacts,
  type ModelStorage,
  type Precision,
  SERVED,
  smallestFit,
  suggestGpus,
} from '../models/index.js';
import type { ClusterConfig } from '../spec/types.generated.js';
import { showCpu, showMemory } from './amounts.js';
import type { WorkedOut } from './plan.js';
import { classOf, type GpuPool, gpuPools } from './pools.js';
import type { ModelSettings } from './settings.js';

const gib = 1024 ** 3;

/** How large one replica is, and how the engine is set. CPU in milli-cores, memory in bytes. */
export interface Sizing {
  readonly gpu: string;
  readonly tensor: number;
  readonly pipeline: number;
  readonly data: number;
  readonly expert: boolean;
  readonly gpusPerPod: number;
  readonly context: number;
  readonly gpuMemoryUtilization: number;
  readonly maxNumSeqs: number;
  readonly maxNumBatchedTokens: number;
  readonly cpuRequest: number;
  readonly cpuLimit: number | undefined;
  readonly memoryRequest: number;
  readonly memoryLimit: number;
  readonly sharedMemory: number;
  readonly startupSeconds: number;
  /** What is fetched from the source; 0 where the model is not known. */
  readonly downloadBytes: number;
}

export interface SizingRequest {
  readonly settings: ModelSettings;
  readonly model: ModelFacts | undefined;
  readonly precision: Precision;
  readonly engineVersion: string;
  readonly storage: ModelStorage;
  readonly defaultContext: number;
  readonly cluster: ClusterConfig;
  /** `model "x" in production`, for messages. */
  readonly subject: string;
  readonly at: (field: string) => Place;
  /** What the lock decided before, where it still applies. */
  readonly locked?: Sizing;
}

export interface SizingResult {
  readonly sizing: Sizing;
  readonly pools: readonly GpuPool[];
  readonly workedOut: readonly WorkedOut[];
}

/** One hour: llm-d's startup probe for models of unknown size. */
const unknownStartupSeconds = 3600;

/** Works out what a spec leaves out; undefined where that cannot be done (reported). */
export function sizingOf(request: SizingRequest, onProblem: OnProblem): SizingResult | undefined {
  const why: WorkedOut[] = [];
  const note = (field: string, value: string | number, reason: string) =>
    why.push({ field, value: String(value), why: reason });
  const pools = candidates(request, onProblem);
  if (pools === undefined) return undefined;
  const context = contextOf(request, note);
  const placed = parallelismOf(request, pools, context, note, onProblem);
  if (placed === undefined) return undefined;
  const { gpu, tensor, pipeline, data, expert } = placed;
  const gpusPerPod = tensor * pipeline * data;
  const chosen = pools.filter((pool) => pool.gpu.id === gpu.id && pool.gpusPerNode >= gpusPerPod);
  if (chosen.length === 0) {
    const most = Math.max(0, ...pools.filter((pool) => pool.gpu.id === gpu.id).map((pool) => pool.gpusPerNode));
    onProblem({
      ruleId: 'gpus-per-node',
      severity: 'error',
      message: `${request.subject} needs ${gpusPerPod} x ${gpu.id} in one Pod, and the nodes of cluster "${request.cluster.metadata.name}" have ${most}`,
      at: request.at('parallelism'),
      hint: 'lower the parallelism, take a smaller precision, or add a pool with more GPUs per node',
    });
    return undefined;
  }
  const engine = engineOf(request, gpu, note);
  const host = hostOf(request, { tensor, pipeline, data, expert }, gpusPerPod, note);
  return {
    sizing: { gpu: gpu.id, tensor, pipeline, data, expert, gpusPerPod, context, ...engine, ...host },
    pools: chosen,
    workedOut: why,
  };
}

type Note = (field: string, value: string | number, reason: string) => void;

function candidates(request: SizingRequest, onProblem: OnProblem): readonly GpuPool[] | undefined {
  const pools = gpuPools(request.cluster);
  const wanted = request.settings.gpu;
  const name = request.cluster.metadata.name;
  const present = [...new Set(pools.map((pool) => pool.gpu.id))].sort();
  if (wanted === undefined) {
    if (pools.length > 0) return pools;
    onProblem({
      ruleId: 'no-gpu-pool',
      severity: 'error',
      message: `${request.subject} needs GPUs, and cluster "${name}" has no pool with whole GPUs`,
      at: request.at('gpu'),
      hint: `add a node pool with \`gpu\` and \`gpusPerNode\` to clusters/${name}/cluster-config.yaml`,
    });
    return undefined;
  }
  const gpu = classOf(wanted);
  const usable = pools.filter((pool) => pool.gpu.id === gpu?.id);
  if (usable.length > 0) return usable;
  onProblem({
    ruleId: gpu === undefined ? 'unknown-gpu' : 'no-gpu-pool',
    severity: 'error',
    message:
      gpu === undefined
        ? `GPU "${wanted}" is not known${suggestion(suggestGpus(wanted))}`
        : `cluster "${name}" has no pool of ${gpu.id} for ${request.subject}`,
    at: request.at('gpu'),
    allowed: present,
  });
  return undefined;
}

function suggestion(names: readonly string[]): string {
  return names[0] === undefined ? '' : `; did you mean "${names[0]}"?`;
}

function contextOf(request: SizingRequest, note: Note): number {
  const { settings, model, defaultContext } = request;
  const own = settings.context;
  const most = model?.maxContext ?? Number.POSITIVE_INFINITY;
  // A project-wide default bends to the model; what the model itself says is judged, not bent.
  const context = own !== undefined && own !== defaultContext ? own : Math.min(most, defaultContext);
  if (own === undefined)
    note(
      'context',
      context,
      model === undefined
        ? `the default; the model's maximum is not known`
        : `the smaller of the model's maximum ${most} and the default ${defaultContext}`,
    );
  return context;
}

interface Placed {
  readonly gpu: GpuClass;
  readonly tensor: number;
  readonly pipeline: number;
  readonly data: number;
  readonly expert: boolean;
}

function parallelismOf(
  request: SizingRequest,
  pools: readonly GpuPool[],
  context: number,
  note: Note,
  onProblem: OnProblem,
): Placed | undefined {
  const { settings, model, locked } = request;
  const { parallelism, resources } = settings;
  const pipeline = parallelism?.pipeline ?? 1;
  const data = parallelism?.data ?? 1;
  const expert = parallelism?.expert ?? false;
  const tensor =
    parallelism?.tensor ??
    (resources?.gpus === undefined ? undefined : Math.max(1, Math.floor(resources.gpus / (pipeline * data))));
  const before = locked === undefined ? undefined : pools.find((pool) => pool.gpu.id === locked.gpu);
  if (locked !== undefined && before !== undefined) return { ...locked, gpu: before.gpu };
  if (model === undefined) {
    if (settings.gpu !== undefined && tensor !== undefined && pools[0] !== undefined)
      return { gpu: pools[0].gpu, tensor, pipeline, data, expert };
    onProblem({
      ruleId: 'unknown-model',
      severity: 'error',
      message: `${request.subject} is not in the catalog, so its size is not known`,
      at: request.at('name'),
      hint: 'say `model: <catalog name>` (gitops-gen models), or give `gpu` and `parallelism.tensor` (or `resources.gpus`) yourself',
    });
    return undefined;
  }
  const common = {
    context,
    precision: request.precision,
    engineVersion: request.engineVersion,
    ...engineArguments(settings),
  };
  if (tensor !== undefined) {
    const sorted = [...pools]
      .filter((pool) => pool.gpusPerNode >= tensor * pipeline * data)
      .sort((a, b) => a.gpu.usableGiB - b.gpu.usableGiB || (a.gpu.id < b.gpu.id ? -1 : 1));
    const results = (sorted.length === 0 ? pools : sorted).map((pool) => ({
      gpu: pool.gpu,
      result: judgeFit({
        ...common,
        model,
        gpu: pool.gpu,
        gpusPerNode: pool.gpusPerNode,
        tensor,
        pipeline,
        data,
        expert,
      }),
    }));
    const best =
      results.find((each) => each.result.verdict === 'fits') ??
      results.find((each) => each.result.verdict === 'tight') ??
      results[0];
    if (best === undefined) return undefined;
    if (best.result.verdict !== 'fits') reportFit(request, best.result, best.result.verdict === 'no-fit', onProblem);
    if (settings.gpu === undefined) note('gpu', best.gpu.id, lastLine(best.result));
    if (best.result.verdict === 'no-fit') return undefined;
    note('memory', `${best.result.verdict}`, sumOf(best.result));
    return { gpu: best.gpu, tensor, pipeline, data, expert };
  }
  const offers = pools.map((pool) => ({ gpu: pool.gpu, gpusPerNode: pool.gpusPerNode }));
  const options = { ...common, gpus: offers };
  const search = smallestFit(model, options);
  const best = search.best ?? smallestFit(model, { ...options, acceptTight: true }).best;
  if (best === undefined) {
    const nearest = pools.reduce((a, b) => (b.gpu.usableGiB * b.gpusPerNode > a.gpu.usableGiB * a.gpusPerNode ? b : a));
    reportFit(
      request,
      judgeFit({ ...common, model, gpu: nearest.gpu, gpusPerNode: nearest.gpusPerNode, tensor: nearest.gpusPerNode }),
      // Even a tight offer was not taken, such as one that holds less than one request: nothing is planned.
      true,
      onProblem,
    );
    return undefined;
  }
  if (search.best === undefined) reportFit(request, best.result, false, onProblem);
  const passed = search.tried
    .filter((each) => each.reason !== 'chosen')
    .map((each) => `${each.tensor} x ${each.gpu}: ${each.verdict}`);
  const skipped = passed.length === 0 ? 'the smallest offer' : `smaller ones do not do (${passed.join('; ')})`;
  if (settings.gpu === undefined) note('gpu', best.gpu.id, `${sumOf(best.result)}; ${skipped}`);
  note('parallelism.tensor', best.tensor, `${sumOf(best.result)}; ${skipped}`);
  return { gpu: best.gpu, tensor: best.tensor, pipeline: best.pipeline, data: 1, expert };
}

type Fit = ReturnType<typeof judgeFit>;

function sumOf(result: Fit): string {
  const { terms } = result;
  const figure = (value: number) => value.toFixed(1);
  return (
    `${result.gpus} x ${result.gpu}: ${figure(terms.usableGiB)} GiB x ${terms.gpuMemoryUtilization} = ${figure(terms.availableGiB)} GiB a GPU; ` +
    `weights ${figure(terms.weightsGiB)}, activation ${figure(terms.activationGiB)}, other ${figure(terms.nonTorchGiB)}, ` +
    `CUDA graphs ${figure(terms.cudaGraphsGiB)}, left for the KV cache ${figure(terms.kvAvailableGiB)}; ` +
    `one request of ${result.context} tokens takes ${figure(terms.kvCacheGiB)}`
  );
}

function lastLine(result: Fit): string {
  return result.explanation.at(-1) ?? result.verdict;
}

/** `refused`: nothing is planned for the model, which only an error may say. */
function reportFit(request: SizingRequest, result: Fit, refused: boolean, onProblem: OnProblem): void {
  const refusal = result.refusals[0]?.message;
  onProblem({
    ruleId: 'model-does-not-fit',
    severity: refused ? 'error' : 'warning',
    message: `${request.subject} ${refused ? 'does not fit' : 'is tight'} on ${result.gpus} x ${result.gpu}: ${refusal ?? sumOf(result)}`,
    at: request.at(request.settings.gpu === undefined ? 'name' : 'gpu'),
    ...(result.smallestChange ? { hint: `would fit: ${result.smallestChange.description}` } : {}),
    key: request.subject,
  });
}

function engineArguments(settings: ModelSettings): {
  maxNumSeqs: number;
  gpuMemoryUtilization: number;
  maxNumBatchedTokens?: number;
  kvCacheDtype?: 'auto' | 'fp8';
  enforceEager?: boolean;
} {
  const args = settings.engine?.args ?? {};
  const batched = numberOf(args['max-num-batched-tokens']);
  return {
    maxNumSeqs: numberOf(args['max-num-seqs']) ?? SERVED.maxNumSeqs,
    gpuMemoryUtilization: numberOf(args['gpu-memory-utilization']) ?? SERVED.gpuMemoryUtilization,
    ...(batched === undefined ? {} : { maxNumBatchedTokens: batched }),
    ...(String(args['kv-cache-dtype'] ?? '').startsWith('fp8') ? { kvCacheDtype: 'fp8' as const } : {}),
    ...(args['enforce-eager'] === true ? { enforceEager: true } : {}),
  };
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function engineOf(
  request: SizingRequest,
  gpu: GpuClass,
  note: Note,
): Pick<Sizing, 'gpuMemoryUtilization' | 'maxNumSeqs' | 'maxNumBatchedTokens'> {
  const said = engineArguments(request.settings);
  const args = request.settings.engine?.args ?? {};
  const { locked } = request;
  const defaults = engineDefaults(request.engineVersion, gpu);
  const batched = said.maxNumBatchedTokens ?? locked?.maxNumBatchedTokens ?? defaults.maxNumBatchedTokens;
  if (said.maxNumBatchedTokens === undefined)
    note(
      'engine.args.max-num-batched-tokens',
      batched,
      `the default of vLLM ${request.engineVersion} on ${gpu.id}, pinned`,
    );
  const sequences = args['max-num-seqs'] === undefined ? (locked?.maxNumSeqs ?? said.maxNumSeqs) : said.maxNumSeqs;
  if (args['max-num-seqs'] === undefined)
    note(
      'engine.args.max-num-seqs',
      sequences,
      'bounds the memory of the sampler, which grows with vocabulary x sequences',
    );
  const fraction =
    args['gpu-memory-utilization'] === undefined
      ? (locked?.gpuMemoryUtilization ?? said.gpuMemoryUtilization)
      : said.gpuMemoryUtilization;
  if (args['gpu-memory-utilization'] === undefined)
    note(
      'engine.args.gpu-memory-utilization',
      fraction,
      'leaves a tenth for CUDA graphs and what lies outside the engine',
    );
  return { gpuMemoryUtilization: fraction, maxNumSeqs: sequences, maxNumBatchedTokens: batched };
}

type Host = Pick<
  Sizing,
  'cpuRequest' | 'cpuLimit' | 'memoryRequest' | 'memoryLimit' | 'sharedMemory' | 'startupSeconds' | 'downloadBytes'
>;

function hostOf(
  request: SizingRequest,
  parallelism: { tensor: number; pipeline: number; data: number; expert: boolean },
  gpus: number,
  note: Note,
): Host {
  const { settings, model, precision, storage, locked } = request;
  const known = model === undefined ? undefined : hostRequirements(model, precision, parallelism);
  const worked = {
    cpu: locked?.cpuRequest ?? known?.cpuMilli ?? 4000 * gpus,
    request: locked?.memoryRequest ?? known?.memoryRequestBytes ?? 32 * gib * gpus,
    limit: locked?.memoryLimit ?? known?.memoryLimitBytes ?? 32 * gib * gpus,
  };
  const cpu = bounds('cpu', settings.resources?.cpu);
  const memory = bounds('memory', settings.resources?.memory);
  const memoryRequest = memory?.request ?? worked.request;
  const lines = known?.explanation ?? [];
  const line = (start: string) =>
    lines.find((each) => each.startsWith(start)) ?? 'the size of the model is not known: 4 cores and 32 GiB a GPU';
  if (cpu === undefined) note('resources.cpu', showCpu(worked.cpu), line('cpu'));
  if (memory === undefined)
    note(
      'resources.memory',
      `${showMemory(memoryRequest)} to ${showMemory(worked.limit)}`,
      [...new Set([line('memory request'), line('memory limit')])].join('; '),
    );
  const startup = locked?.startupSeconds ?? known?.startupSeconds[storage] ?? unknownStartupSeconds;
  const warm = known?.warmSeconds[storage];
  note(
    'startup',
    `${startup} s`,
    warm === undefined
      ? 'the size of the model is not known: an hour'
      : `${line('download')}; ${warm} s from ${storage} to the first answer, and twice that, at least 600 s, before a start has failed`,
  );
  return {
    cpuRequest: cpu?.request ?? worked.cpu,
    cpuLimit: cpu?.limit,
    memoryRequest,
    memoryLimit: memory === undefined ? Math.max(worked.limit, memoryRequest) : (memory.limit ?? memory.request),
    sharedMemory: locked?.sharedMemory ?? known?.shmBytes ?? Math.min(16, Math.max(2, 2 * gpus)) * gib,
    startupSeconds: startup,
    downloadBytes: known?.downloadBytes ?? 0,
  };
}

function bounds(
  resource: 'cpu' | 'memory',
  value: unknown,
): { request: number; limit: number | undefined } | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'object' && value !== null) {
    const { request, limit } = value as { request: string | number; limit?: string | number };
    return {
      request: amountOf(resource, request) ?? 0,
      limit: limit === undefined ? undefined : amountOf(resource, limit),
    };
  }
  return { request: amountOf(resource, value as string | number) ?? 0, limit: undefined };
}
