import type { WordSource } from './command-line.js';
import type { GpuClass, KvCacheDtype, ModelFacts, Precision } from './facts.js';
import { assess, type FitRequest, type FitResult } from './fit.js';
import type { ServingFacts } from './serving-facts.js';

/** An engine, and what is known of the place where it will run. What is absent is not known, and no rule guesses it. */
export interface ServingContext {
  readonly facts: ServingFacts;
  /** The model that `facts.model` names, from the catalog or its config.json. */
  readonly model?: ModelFacts;
  /** The class of card that the Pod can land on. Where there are several, judge each. */
  readonly gpu?: GpuClass;
  /** The extended resource that the container asks for. */
  readonly request?: { readonly resource: string; readonly count: number };
  /** Pods that serve one copy together (size of a LeaderWorkerSet). Default 1, unless the engine spans nodes by itself. */
  readonly podsPerReplica?: number;
  /** GPUs that one node of the pool offers. */
  readonly gpusPerNode?: number;
  /** Values of the product label that the Pod selects. */
  readonly productLabels?: readonly string[];
  /** How the cluster's device plugin shows MIG slices. */
  readonly migStrategy?: 'none' | 'single' | 'mixed';
  /** Containers that share one card by time-slicing or MPS; 1 where it is not shared. */
  readonly sharedBy?: number;
  /** Requests of the whole context at once that people expect. Default 2. */
  readonly concurrency?: number;
}

/** A finding without its place: the flag (and the word that states it) lets the caller point at what somebody wrote. */
export interface ServingProblem {
  readonly ruleId: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly hint?: string;
  readonly allowed?: readonly string[];
  /** The flag that it is about, by its long name. */
  readonly flag?: string;
  /** Where that flag stands; absent where nobody wrote it. */
  readonly source?: WordSource;
  /** Tells two findings of one rule on one container apart. */
  readonly key?: string;
}

/** A context with the sum worked out once for all rules. */
export interface ServingQuestion extends ServingContext {
  readonly precision?: Precision;
  /** MIG profile of the slice that the container gets, for example `3g.40gb`. */
  readonly profile?: string;
  /** The flag is needed and its value is not known here. */
  unknown(...flags: readonly string[]): boolean;
  /** Present where model and card are known, and every flag that the sum needs. */
  readonly result?: FitResult;
  readonly fitRequest?: FitRequest;
}

/** One rule over engines. `check` is pure and reports in a fixed order. */
export interface ServingRule {
  readonly id: string;
  readonly category: 'memory' | 'parallelism';
  readonly severity: 'error' | 'warning' | 'info';
  readonly summary: string;
  /** Public incidents, documentation or logs behind it. */
  readonly evidence: readonly string[];
  check(question: ServingQuestion): readonly ServingProblem[];
}

const QUANTISATIONS: readonly (readonly [RegExp, Precision])[] = [
  [/^(?:fp8|fbgemm_fp8|ptpc_fp8|modelopt)$/, 'fp8'],
  [/^(?:awq|gptq|moe_wna16|auto-round|inc)/, 'int4'],
  [/^bitsandbytes$/, 'int4'],
  [/^(?:int8|experts_int8|tpu_int8)$/, 'int8'],
  [/^(?:mxfp4|gpt_oss_mxfp4)$/, 'mxfp4'],
  [/^(?:modelopt_fp4|nvfp4)$/, 'nvfp4'],
];

/** What the name of a checkpoint says about its weights; undefined where it says nothing. */
export function precisionInName(name: string): Precision | undefined {
  const text = name.slice(name.lastIndexOf('/') + 1);
  if (/nvfp4/i.test(text)) return 'nvfp4';
  if (/mxfp4/i.test(text)) return 'mxfp4';
  if (/(?:^|[-_.])fp8(?:[-_.]|$)/i.test(text)) return 'fp8';
  if (/(?:^|[-_.])(?:awq|gptq|w4a16|int4|4bit|bnb)(?:[-_.]|$)/i.test(text)) return 'int4';
  if (/(?:^|[-_.])(?:w8a8|w8a16|int8|8bit)(?:[-_.]|$)/i.test(text)) return 'int8';
  return undefined;
}

function dtypePrecision(dtype: string | undefined): Precision | undefined {
  if (dtype === 'half' || dtype === 'float16') return 'fp16';
  if (dtype === 'bfloat16') return 'bf16';
  return dtype === 'float' || dtype === 'float32' ? 'fp32' : undefined;
}

/** What the weights will be on the GPU: the flag, then the files, then `--dtype`, then the model's own precision. */
export function servingPrecision(facts: ServingFacts, model: ModelFacts): Precision {
  const asked = facts.quantization?.toLowerCase();
  const quantised = asked === undefined ? undefined : QUANTISATIONS.find(([pattern]) => pattern.test(asked))?.[1];
  const named = facts.model?.toLowerCase();
  const files =
    model.checkpoints.find((checkpoint) => checkpoint.id.toLowerCase() === named)?.precision ??
    precisionInName(facts.model ?? '');
  if (files !== undefined && files !== 'bf16' && files !== 'fp16' && files !== 'fp32') return files;
  if (quantised !== undefined) return quantised;
  if (asked === undefined || files !== undefined) {
    return dtypePrecision(facts.dtype) ?? files ?? model.precision;
  }
  return model.precision;
}

/** The profile in `nvidia.com/mig-3g.40gb` or `NVIDIA-A100-SXM4-80GB-MIG-1g.10gb`. */
export function migProfile(context: ServingContext): string | undefined {
  const resource = /\/mig-(\d+g\.\d+gb(?:\.me)?)$/.exec(context.request?.resource ?? '')?.[1];
  if (resource !== undefined) return resource;
  const profiles = (context.productLabels ?? []).map((label) => /-MIG-(\d+g\.\d+gb(?:\.me)?)/i.exec(label)?.[1]);
  const first = profiles[0];
  return first !== undefined && profiles.every((profile) => profile === first) ? first : undefined;
}

/** A slice as a card of its own: the share of memory that its name states. */
function sliceOf(gpu: GpuClass, profile: string | undefined): GpuClass {
  const gigabytes = Number(/\.(\d+)gb/.exec(profile ?? '')?.[1] ?? Number.NaN);
  if (!Number.isFinite(gigabytes)) return gpu;
  return { ...gpu, usableGiB: Math.min(gpu.usableGiB, (gpu.usableGiB * gigabytes) / gpu.nominalGB) };
}

function kvCacheDtype(facts: ServingFacts): KvCacheDtype {
  return /^fp8/.test(facts.kvCacheDtype ?? '') ? 'fp8' : 'auto';
}

const SUM_FLAGS = [
  'tensor-parallel-size',
  'pipeline-parallel-size',
  'data-parallel-size',
  'max-model-len',
  'gpu-memory-utilization',
  'max-num-seqs',
  'max-num-batched-tokens',
  'kv-cache-dtype',
  'dtype',
  'quantization',
  'cpu-offload-gb',
] as const;

function requestFor(context: ServingContext, precision: Precision): FitRequest | undefined {
  const { facts, model, gpu } = context;
  if (!model || !gpu) return undefined;
  const { context: asked, engineVersion, gpuMemoryUtilization, maxNumSeqs, maxNumBatchedTokens } = facts;
  return {
    model,
    gpu: sliceOf(gpu, migProfile(context)),
    tensor: facts.tensor,
    pipeline: facts.pipeline,
    data: facts.data,
    expert: facts.expert,
    // Without the flag the engine takes the model's own maximum; `auto` takes what fits, so one page is enough.
    context: asked === 'auto' ? 16 : (asked ?? model.maxContext),
    precision,
    kvCacheDtype: kvCacheDtype(facts),
    enforceEager: facts.enforceEager,
    hybridKvCache: !facts.flags.has('disable-hybrid-kv-cache-manager'),
    cpuOffloadGiB: facts.cpuOffloadGiB,
    quantizeAtLoad:
      facts.quantization === 'fp8' && precision !== model.precision && precisionInName(facts.model ?? '') === undefined,
    ...(engineVersion === undefined ? {} : { engineVersion }),
    ...(gpuMemoryUtilization === undefined ? {} : { gpuMemoryUtilization }),
    ...(maxNumSeqs === undefined ? {} : { maxNumSeqs }),
    ...(maxNumBatchedTokens === undefined ? {} : { maxNumBatchedTokens }),
    ...(context.gpusPerNode === undefined ? {} : { gpusPerNode: context.gpusPerNode }),
  };
}

/**
 * Prepares a context for the rules. The sum is left out where a flag that it needs stands elsewhere or is malformed. Drafts
 * for speculation and adapters are not counted: they only add memory, so that a `no-fit` stays one.
 */
export function servingQuestion(context: ServingContext): ServingQuestion {
  const { facts } = context;
  const open = new Set([...facts.unresolved, ...facts.malformed.map((one) => one.flag)]);
  const unknown = (...flags: readonly string[]) => flags.some((flag) => open.has(flag));
  const precision = context.model === undefined ? undefined : servingPrecision(facts, context.model);
  const profile = migProfile(context);
  // A KV cache of a stated size does not depend on the utilisation: the sum answers another question then.
  const sized = facts.flags.has('kv-cache-memory-bytes') || facts.flags.has('kv-cache-memory');
  const askable = !sized && !unknown(...SUM_FLAGS) && !facts.configFile && precision !== undefined;
  const fitRequest = askable ? requestFor(context, precision) : undefined;
  return {
    ...context,
    unknown,
    ...(precision === undefined ? {} : { precision }),
    ...(profile === undefined ? {} : { profile }),
    ...(fitRequest === undefined ? {} : { fitRequest, result: assess(fitRequest) }),
  };
}

/** A problem about a flag, with the word that states it where somebody wrote it. */
export function about(
  question: ServingQuestion,
  flag: string,
  problem: Omit<ServingProblem, 'flag' | 'source'>,
): ServingProblem {
  const source = question.facts.flags.get(flag)?.source;
  return { ...problem, flag, ...(source === undefined ? {} : { source }) };
}
