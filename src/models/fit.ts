import { atLeast, type EngineDefaults, engineDefaults, MEASURED_UP_TO, parseEngineVersion } from './engine.js';
import type { GpuClass, KvCacheDtype, ModelFacts, Precision } from './facts.js';
import { type KvCacheShape, kvCacheShape, longestSequence, sequenceBytes } from './kv-cache.js';
import { activation, cudaGraphs, nonTorch } from './overheads.js';
import { type Objection, objections } from './refusals.js';
import { GIB, type Parallelism, type WeightTerms, weightTerms } from './weights.js';

/** `fits`: also with the worst figures seen. `no-fit`: not even with the best. `tight`: in between, or a doubt. */
export type FitVerdict = 'fits' | 'tight' | 'no-fit';

/** The question. What is left out takes the engine's default for that version and card. */
export interface FitRequest {
  readonly model: ModelFacts;
  readonly gpu: GpuClass;
  /** GPUs that share every layer. Default 1. */
  readonly tensor?: number;
  /** Stages that hold different layers. Default 1. */
  readonly pipeline?: number;
  /** Data-parallel ranks of one engine. Default 1. */
  readonly data?: number;
  /** Place experts whole on tensor x data ranks. Default false. */
  readonly expert?: boolean;
  /** GPUs of one node: the tensor size must not exceed it. */
  readonly gpusPerNode?: number;
  /** Tokens of prompt and answer together. Default: the smaller of the model's maximum and 8,192. */
  readonly context?: number;
  /** Default: that of the model's first checkpoint. */
  readonly precision?: Precision;
  /** Default `auto`, 16 bit. */
  readonly kvCacheDtype?: KvCacheDtype;
  readonly maxNumSeqs?: number;
  readonly maxNumBatchedTokens?: number;
  /** Fraction of the GPU's usable memory. */
  readonly gpuMemoryUtilization?: number;
  /** vLLM release, for example `0.11.0`. */
  readonly engineVersion?: string;
  readonly enforceEager?: boolean;
  /** False where the manager that bounds sliding layers is switched off (`--disable-hybrid-kv-cache-manager`). */
  readonly hybridKvCache?: boolean;
  /** GiB of weights a GPU that stay in host memory (`--cpu-offload-gb`). Default 0. */
  readonly cpuOffloadGiB?: number;
  /** The files have another precision (the first checkpoint's), and the engine quantises them while it loads. Default false. */
  readonly quantizeAtLoad?: boolean;
}

/** The sum, in GiB a GPU unless the name says otherwise. */
export interface FitTerms {
  /** What the engine sees of one GPU. */
  readonly usableGiB: number;
  readonly gpuMemoryUtilization: number;
  /** usableGiB x gpuMemoryUtilization. */
  readonly availableGiB: number;
  readonly weightsGiB: number;
  /** All GPUs together. */
  readonly weightsTotalGiB: number;
  readonly activationGiB: number;
  readonly nonTorchGiB: number;
  readonly cudaGraphsGiB: number;
  /** Left for the KV cache: expected, and with the worst and best figures seen. */
  readonly kvAvailableGiB: number;
  readonly kvAvailableLeastGiB: number;
  readonly kvAvailableMostGiB: number;
  /** What one request of the whole context needs. */
  readonly kvCacheGiB: number;
  /** Bytes on one GPU for one more token of a long request. */
  readonly kvBytesPerToken: number;
}

/** The one change that would make it fit. */
export interface SmallestChange {
  readonly change: 'precision' | 'maxNumSeqs' | 'context' | 'kvCacheDtype' | 'tensor' | 'pipeline' | 'gpu';
  readonly value: string | number;
  /** A second change that the first cannot do without: 16-bit weights as fp16 where the card has no bf16. */
  readonly with?: { readonly change: 'precision'; readonly value: 'fp16' };
  readonly description: string;
}

export interface FitResult {
  readonly verdict: FitVerdict;
  readonly model: string;
  readonly gpu: string;
  readonly gpus: number;
  readonly tensor: number;
  readonly pipeline: number;
  readonly data: number;
  readonly expert: boolean;
  readonly context: number;
  readonly precision: Precision;
  readonly kvCacheDtype: KvCacheDtype;
  readonly maxNumSeqs: number;
  readonly maxNumBatchedTokens: number;
  readonly engineVersion: string;
  readonly terms: FitTerms;
  /** CUDA graphs are part of the utilisation (vLLM 0.21 and later) and not on top of it. */
  readonly cudaGraphsInsideUtilization: boolean;
  /** The longest context for which the verdict is `fits` (whole pages); 0 where none is. */
  readonly maxContext: number;
  /** Requests of the whole context at once on all data ranks, with the expected figures; two decimals. Below 1 it cannot serve one. */
  readonly maxConcurrency: number;
  readonly refusals: readonly Objection[];
  readonly cautions: readonly Objection[];
  readonly notes: readonly string[];
  /** Null where it fits, or where nothing in the catalog would. Filled by `fit`. */
  readonly smallestChange: SmallestChange | null;
  /** The arithmetic, line by line. */
  readonly explanation: readonly string[];
}

/** A context is rounded to whole pages and never below one. */
export const DEFAULT_CONTEXT = 8192;

interface Resolved {
  readonly request: FitRequest;
  readonly parallelism: Parallelism;
  readonly precision: Precision;
  readonly kvCacheDtype: KvCacheDtype;
  readonly utilization: number;
  readonly maxNumSeqs: number;
  readonly enforceEager: boolean;
  readonly engineVersion: string;
  readonly defaults: EngineDefaults;
}

/** A size that is no whole number above 0 is refused below, and counted as 1 so that every term stays a number. */
function size(value: number | undefined, absent: number): number {
  if (value === undefined) return absent;
  return Number.isSafeInteger(value) && value > 0 ? value : 1;
}

/** Settings that no engine accepts, from callers that did not read them from a checked file. */
function impossibleSettings(request: FitRequest): Objection[] {
  const sizes = ['tensor', 'pipeline', 'data', 'context', 'maxNumSeqs', 'maxNumBatchedTokens'] as const;
  const found = sizes
    .filter((name) => request[name] !== undefined && size(request[name], 1) !== request[name])
    .map((name) => `${name} ${request[name]} is no whole number above 0`);
  const share = request.gpuMemoryUtilization;
  if (share !== undefined && !(share > 0 && share <= 1))
    found.push(`gpuMemoryUtilization ${share} is no fraction above 0 and up to 1`);
  return found.map((message) => ({ code: 'impossible-setting', weight: 'refusal' as const, message }));
}

function resolve(request: FitRequest): Resolved {
  const engineVersion = request.engineVersion ?? MEASURED_UP_TO;
  const defaults = engineDefaults(engineVersion, request.gpu);
  return {
    request,
    parallelism: {
      tensor: size(request.tensor, 1),
      pipeline: size(request.pipeline, 1),
      data: size(request.data, 1),
      expert: request.expert ?? false,
    },
    precision: request.precision ?? request.model.precision,
    kvCacheDtype: request.kvCacheDtype ?? 'auto',
    utilization: Math.min(1, Math.max(0, request.gpuMemoryUtilization ?? defaults.gpuMemoryUtilization) || 0),
    maxNumSeqs: size(request.maxNumSeqs, defaults.maxNumSeqs),
    enforceEager: request.enforceEager ?? false,
    engineVersion,
    defaults,
  };
}

/** Engines before 0.8 ran one whole prompt, except above 32k, where they cut it (vllm#10517, vllm#10544). */
function batchedTokens(resolved: Resolved, context: number): number {
  const asked = resolved.request.maxNumBatchedTokens;
  if (asked !== undefined) return size(asked, 1);
  const { defaults } = resolved;
  if (!defaults.batchFollowsContext) return defaults.maxNumBatchedTokens;
  const version = parseEngineVersion(resolved.engineVersion);
  if (context > 32768) return version && atLeast(version, 0, 6, 5) ? 2048 : 512;
  return Math.max(context, defaults.maxNumBatchedTokens);
}

interface Budget {
  readonly terms: FitTerms;
  readonly shape: KvCacheShape;
  readonly maxNumBatchedTokens: number;
  readonly doubts: readonly Objection[];
  readonly lines: readonly string[];
}

function graphDoubt(room: number, most: number, expected: number): Objection[] {
  if (room >= most) return [];
  const sure = room < expected ? 'do not' : 'may not';
  return [
    {
      code: 'util-leaves-room-for-cudagraphs',
      weight: 'caution',
      message: `${room.toFixed(2)} GiB lie outside the utilisation, CUDA graphs take about ${expected} and up to ${most} GiB: they ${sure} fit; lower gpu-memory-utilization`,
    },
  ];
}

/** Quantising while loading holds the wide weights on the GPU for a while, in engines that do not stream layer by layer. */
function loadDoubt(resolved: Resolved): Objection[] {
  const { request, parallelism, precision } = resolved;
  const { model, gpu } = request;
  if (request.quantizeAtLoad !== true || precision === model.precision) return [];
  const wide = weightTerms(model, model.precision, parallelism).perGpuGiB;
  if (wide <= gpu.usableGiB - 1) return [];
  return [
    {
      code: 'quantise-at-load-peak',
      weight: 'caution',
      message: `${wide.toFixed(2)} GiB of ${model.precision} weights are read onto a GPU of ${gpu.usableGiB} GiB before they are ${precision}: engines that do not stream layer by layer run out of memory`,
    },
  ];
}

/** Every decoding request needs a page of linear-attention state; recent engines check it at start (vllm-project/recipes#551). */
function stateDoubt(resolved: Resolved, shape: KvCacheShape, kvBytes: number): Objection[] {
  const attention = resolved.request.model.attention;
  if (attention.kind !== 'linear-hybrid' || shape.bytesPerSequence === 0) return [];
  const group = shape.bytesPerSequence * (attention.fullLayers / attention.linearLayers);
  const pages = Math.floor(kvBytes / group);
  if (pages >= resolved.maxNumSeqs) return [];
  return [
    {
      code: 'linear-state-pages',
      weight: 'caution',
      message: `about ${Math.max(0, pages)} pages of linear-attention state fit, max-num-seqs is ${resolved.maxNumSeqs}: recent engines refuse to start; lower max-num-seqs`,
    },
  ];
}

function residentWeights(request: FitRequest, weights: WeightTerms): WeightTerms {
  const offload = Math.min(request.cpuOffloadGiB ?? 0, weights.perGpuGiB);
  if (offload <= 0) return weights;
  const perGpuGiB = weights.perGpuGiB - offload;
  return {
    ...weights,
    perGpuGiB,
    lines: [...weights.lines, `${offload} GiB of them stay in host memory: ${perGpuGiB.toFixed(2)} GiB a GPU`],
  };
}

function budgetFor(resolved: Resolved, context: number): Budget {
  const { request, parallelism, defaults } = resolved;
  const { model, gpu } = request;
  const maxNumBatchedTokens = batchedTokens(resolved, context);
  const overhead = {
    model,
    parallelism,
    maxNumSeqs: resolved.maxNumSeqs,
    maxNumBatchedTokens,
    enforceEager: resolved.enforceEager,
    graphsInsideUtilization: defaults.graphsInsideUtilization,
    firstGeneration: defaults.batchFollowsContext,
  };
  const weights = residentWeights(request, weightTerms(model, resolved.precision, parallelism));
  const active = activation(overhead);
  const outside = nonTorch(overhead);
  const graphs = cudaGraphs(overhead);
  const inside = defaults.graphsInsideUtilization;
  const available = gpu.usableGiB * resolved.utilization;
  const left = (weight: number, act: number, non: number, graph: number) =>
    available - weight - act - non - (inside ? graph : 0);
  const expected = left(weights.perGpuGiB, active.expected, outside.expected, graphs.expected);
  const least = left(weights.perGpuGiB * (1 + weights.uncertainty), active.most, outside.most, graphs.most);
  const most = left(weights.perGpuGiB * (1 - weights.uncertainty), active.least, outside.least, graphs.least);
  const shape = kvCacheShape(model, parallelism, {
    kvCacheDtype: resolved.kvCacheDtype,
    maxNumBatchedTokens,
    blockSize: defaults.blockSize,
    boundsSlidingLayers: defaults.boundsSlidingLayers && request.hybridKvCache !== false,
    cachesLatent: defaults.cachesLatent,
  });
  const needed = sequenceBytes(shape, context) / GIB;
  const terms: FitTerms = {
    usableGiB: gpu.usableGiB,
    gpuMemoryUtilization: resolved.utilization,
    availableGiB: available,
    weightsGiB: weights.perGpuGiB,
    weightsTotalGiB: weights.totalGiB,
    activationGiB: active.expected,
    nonTorchGiB: outside.expected,
    cudaGraphsGiB: graphs.expected,
    kvAvailableGiB: expected,
    kvAvailableLeastGiB: least,
    kvAvailableMostGiB: most,
    kvCacheGiB: needed,
    kvBytesPerToken: shape.bytesPerToken,
  };
  const room = gpu.usableGiB * (1 - resolved.utilization);
  return {
    terms,
    shape,
    maxNumBatchedTokens,
    doubts: [
      ...(inside ? [] : graphDoubt(room, graphs.most, graphs.expected)),
      ...stateDoubt(resolved, shape, least * GIB),
      ...loadDoubt(resolved),
    ],
    lines: [
      `GPU memory: ${gpu.usableGiB} GiB (${gpu.id}) x ${resolved.utilization} utilisation = ${available.toFixed(2)} GiB`,
      ...weights.lines,
      ...active.lines,
      ...outside.lines,
      ...graphs.lines,
      `left for the KV cache: ${available.toFixed(2)} - ${weights.perGpuGiB.toFixed(2)} - ${active.expected.toFixed(2)} - ${outside.expected.toFixed(2)}${inside ? ` - ${graphs.expected.toFixed(2)}` : ''} = ${expected.toFixed(2)} GiB (${least.toFixed(2)} to ${most.toFixed(2)} with the worst and best figures seen)`,
      ...shape.lines,
      `one request of ${context} tokens needs ${needed.toFixed(2)} GiB`,
    ],
  };
}

function memoryVerdict(budget: Budget): FitVerdict {
  const { terms } = budget;
  if (terms.kvAvailableMostGiB < terms.kvCacheGiB || terms.kvAvailableMostGiB <= 0) return 'no-fit';
  return terms.kvAvailableLeastGiB >= terms.kvCacheGiB && budget.doubts.length === 0 ? 'fits' : 'tight';
}

function longestFitting(resolved: Resolved, blocked: boolean): number {
  if (blocked) return 0;
  const { defaults, request } = resolved;
  const limit = request.model.maxContext;
  if (!defaults.batchFollowsContext) {
    const budget = budgetFor(resolved, defaults.blockSize);
    if (memoryVerdict(budget) !== 'fits') return 0;
    return longestSequence(budget.shape, budget.terms.kvAvailableLeastGiB * GIB, limit);
  }
  let low = 0;
  let high = Math.ceil(limit / defaults.blockSize);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const context = Math.min(limit, middle * defaults.blockSize);
    if (memoryVerdict(budgetFor(resolved, context)) === 'fits') low = middle;
    else high = middle - 1;
  }
  return Math.min(limit, low * defaults.blockSize);
}

function outcome(budget: Budget, refusals: readonly Objection[], cautions: readonly Objection[]): FitVerdict {
  if (refusals.length > 0) return 'no-fit';
  const verdict = memoryVerdict(budget);
  return verdict === 'fits' && cautions.length > 0 ? 'tight' : verdict;
}

function versionNotes(resolved: Resolved): string[] {
  const { defaults, engineVersion, request } = resolved;
  const { attention, experts } = request.model;
  const plain = attention.kind === 'full' && experts === undefined;
  const notes: string[] = attention.note === undefined ? [] : [`${request.model.id}: ${attention.note}`];
  if (defaults.beyondMeasured || (!plain && defaults.graphsInsideUtilization)) {
    notes.push(
      `measured cases of this kind of model reach vLLM ${plain ? MEASURED_UP_TO : '0.20'}; for ${engineVersion} the sum is an extrapolation`,
    );
  }
  if (experts && defaults.graphsInsideUtilization) {
    notes.push(
      'since vLLM 0.21 the estimate of CUDA graphs can be far too high for models with experts: VLLM_MEMORY_PROFILER_ESTIMATE_CUDAGRAPHS=0 and a lower utilisation are the way around (vllm#45178, vllm#53013)',
    );
  }
  return notes;
}

/** The verdict on one combination, without looking for a better one. */
export function assess(request: FitRequest): FitResult {
  const resolved = resolve(request);
  const { model, gpu } = request;
  const context = size(request.context, Math.min(model.maxContext, DEFAULT_CONTEXT));
  const budget = budgetFor(resolved, context);
  const { parallelism, precision, kvCacheDtype } = resolved;
  const { gpusPerNode } = request;
  const found = [
    ...impossibleSettings(request),
    ...objections({ model, gpu, gpusPerNode, parallelism, precision, kvCacheDtype, context }),
  ];
  const refusals = found.filter((objection) => objection.weight === 'refusal');
  const cautions = [...found.filter((objection) => objection.weight === 'caution'), ...budget.doubts];
  const verdict = outcome(budget, refusals, cautions);
  const blocked = found.some(
    (objection) => objection.weight !== 'note' && objection.code !== 'max-model-len-within-model',
  );
  const perSequence = budget.terms.kvCacheGiB;
  // Every data-parallel rank has a KV cache of its own.
  const perRank = Math.max(0, budget.terms.kvAvailableGiB / perSequence);
  const concurrency = Math.floor(perRank * parallelism.data * 100) / 100;
  return {
    verdict,
    model: model.id,
    gpu: gpu.id,
    gpus: parallelism.tensor * parallelism.pipeline * parallelism.data,
    ...parallelism,
    context,
    precision,
    kvCacheDtype,
    maxNumSeqs: resolved.maxNumSeqs,
    maxNumBatchedTokens: budget.maxNumBatchedTokens,
    engineVersion: resolved.engineVersion,
    terms: budget.terms,
    cudaGraphsInsideUtilization: resolved.defaults.graphsInsideUtilization,
    maxContext: longestFitting(resolved, blocked),
    maxConcurrency: concurrency,
    refusals,
    cautions,
    notes: [
      ...found.filter((objection) => objection.weight === 'note').map((note) => note.message),
      ...versionNotes(resolved),
    ],
    smallestChange: null,
    explanation: [
      ...(request.context === undefined
        ? [`context: ${context} tokens, the smaller of the model's ${model.maxContext} and ${DEFAULT_CONTEXT}`]
        : []),
      ...setLines(request),
      ...resolved.defaults.reasons,
      ...budget.lines,
      ...refusals.map((refusal) => `refused: ${refusal.message}`),
      ...cautions.map((caution) => `doubt: ${caution.message}`),
      verdictLine(verdict, budget, refusals.length > 0),
    ],
  };
}

/** Which of the engine's defaults, whose reasons follow, the request replaces. */
function setLines({ gpuMemoryUtilization, maxNumSeqs, maxNumBatchedTokens }: FitRequest): readonly string[] {
  const set = Object.entries({
    'gpu-memory-utilization': gpuMemoryUtilization,
    'max-num-seqs': maxNumSeqs,
    'max-num-batched-tokens': maxNumBatchedTokens,
  }).flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`]));
  return set.length === 0 ? [] : [`set: ${set.join(', ')}, in place of what the engine takes by itself:`];
}

function verdictLine(verdict: FitVerdict, budget: Budget, refused: boolean): string {
  const { kvCacheGiB, kvAvailableLeastGiB, kvAvailableMostGiB } = budget.terms;
  const need = kvCacheGiB.toFixed(2);
  if (refused) {
    const short =
      kvAvailableMostGiB < kvCacheGiB
        ? `, and ${need} GiB are needed where ${kvAvailableMostGiB.toFixed(2)} are left at best`
        : '';
    return `no-fit: the engine refuses this combination${short}`;
  }
  if (verdict === 'no-fit') return `no-fit: ${need} GiB are needed, ${kvAvailableMostGiB.toFixed(2)} are left at best`;
  if (verdict === 'fits') return `fits: ${need} GiB are needed, ${kvAvailableLeastGiB.toFixed(2)} are left at worst`;
  return `tight: ${need} GiB are needed, between ${kvAvailableLeastGiB.toFixed(2)} and ${kvAvailableMostGiB.toFixed(2)} are left`;
}
