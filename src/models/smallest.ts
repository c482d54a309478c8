import { GPUS } from './catalog.generated.js';
import type { GpuClass, ModelFacts, Precision } from './facts.js';
import { assess, type FitRequest, type FitResult, type SmallestChange } from './fit.js';
import { validTensorSizes } from './refusals.js';
import { checkpointFor } from './weights.js';

/** A pool to choose from. */
export interface GpuOffer {
  readonly gpu: GpuClass;
  /** GPUs of one node: the largest tensor size. */
  readonly gpusPerNode: number;
  /** Most nodes for one copy of the model: the largest pipeline. Default 1. */
  readonly maxNodes?: number;
}

export interface SmallestFitOptions extends Omit<FitRequest, 'model' | 'gpu' | 'tensor' | 'pipeline' | 'gpusPerNode'> {
  readonly gpus: readonly GpuOffer[];
  /** Requests of the whole context at once that the set must hold. Default 1. */
  readonly minConcurrency?: number;
  /** Take a `tight` set too. Default false. */
  readonly acceptTight?: boolean;
}

export interface SmallestFit {
  readonly gpu: GpuClass;
  readonly tensor: number;
  readonly pipeline: number;
  readonly gpus: number;
  readonly result: FitResult;
}

export interface SmallestFitSearch {
  /** Absent where no offer fits. */
  readonly best?: SmallestFit;
  /** What was looked at, in order, with the reason why it was passed over. The last is the best where there is one. */
  readonly tried: readonly {
    readonly gpu: string;
    readonly tensor: number;
    readonly pipeline: number;
    readonly verdict: string;
    readonly reason: string;
  }[];
}

interface Candidate {
  readonly offer: GpuOffer;
  readonly tensor: number;
  readonly pipeline: number;
  readonly memory: number;
}

function candidates(model: ModelFacts, offers: readonly GpuOffer[]): Candidate[] {
  const found: Candidate[] = [];
  for (const offer of offers) {
    for (const tensor of validTensorSizes(model, offer.gpusPerNode)) {
      // Nodes hold whole powers of two in practice; odd tensor sizes leave GPUs that nothing else can use.
      if ((tensor & (tensor - 1)) !== 0) continue;
      found.push({ offer, tensor, pipeline: 1, memory: tensor * offer.gpu.usableGiB });
      if (tensor !== offer.gpusPerNode) continue;
      for (let pipeline = 2; pipeline <= Math.min(offer.maxNodes ?? 1, model.layers); pipeline += 1) {
        found.push({ offer, tensor, pipeline, memory: tensor * pipeline * offer.gpu.usableGiB });
      }
    }
  }
  return found.sort(
    (a, b) =>
      a.memory - b.memory ||
      a.tensor * a.pipeline - b.tensor * b.pipeline ||
      (a.offer.gpu.id < b.offer.gpu.id ? -1 : a.offer.gpu.id > b.offer.gpu.id ? 1 : 0),
  );
}

function passedOver(result: FitResult, minConcurrency: number, acceptTight: boolean): string | undefined {
  if (result.verdict === 'no-fit' || (result.verdict === 'tight' && !acceptTight))
    return result.explanation.at(-1) ?? result.verdict;
  if (result.maxConcurrency < minConcurrency)
    return `holds ${result.maxConcurrency} requests at once, ${minConcurrency} are wanted`;
  return undefined;
}

/**
 * The smallest set of GPUs that fits: least memory in sum first, then fewer GPUs, then the class's name. Tensor sizes are
 * powers of two inside one node; a pipeline uses whole nodes.
 */
export function smallestFit(model: ModelFacts, options: SmallestFitOptions): SmallestFitSearch {
  const { gpus, minConcurrency = 1, acceptTight = false, ...settings } = options;
  const tried: { gpu: string; tensor: number; pipeline: number; verdict: string; reason: string }[] = [];
  for (const { offer, tensor, pipeline } of candidates(model, gpus)) {
    const result = assess({ ...settings, model, gpu: offer.gpu, gpusPerNode: offer.gpusPerNode, tensor, pipeline });
    const reason = passedOver(result, minConcurrency, acceptTight);
    tried.push({ gpu: offer.gpu.id, tensor, pipeline, verdict: result.verdict, reason: reason ?? 'chosen' });
    if (reason === undefined) {
      return { best: { gpu: offer.gpu, tensor, pipeline, gpus: tensor * pipeline, result }, tried };
    }
  }
  return { tried };
}

function fits(request: FitRequest): boolean {
  return assess(request).verdict === 'fits';
}

const FEWEST_SEQUENCES = 16;

function fewerSequences(request: FitRequest, result: FitResult): SmallestChange | undefined {
  for (
    let maxNumSeqs = result.maxNumSeqs / 2;
    maxNumSeqs >= FEWEST_SEQUENCES;
    maxNumSeqs = Math.floor(maxNumSeqs / 2)
  ) {
    if (fits({ ...request, maxNumSeqs })) {
      return {
        change: 'maxNumSeqs',
        value: maxNumSeqs,
        description: `--max-num-seqs ${maxNumSeqs} (instead of ${result.maxNumSeqs})`,
      };
    }
  }
  return undefined;
}

function shorterContext(result: FitResult): SmallestChange | undefined {
  // Less than a quarter of what was asked for is another use, not a smaller one.
  if (result.maxContext >= result.context || result.maxContext < Math.max(1024, result.context / 4)) return undefined;
  return {
    change: 'context',
    value: result.maxContext,
    description: `a context of ${result.maxContext} tokens (instead of ${result.context})`,
  };
}

function otherPrecision(
  request: FitRequest,
  result: FitResult,
  choices: readonly Precision[],
): SmallestChange | undefined {
  for (const precision of choices) {
    if (precision === result.precision || !fits({ ...request, precision })) continue;
    const checkpoint = checkpointFor(request.model, precision);
    const from = checkpoint
      ? `from ${checkpoint.id}`
      : 'from a checkpoint of that precision, which the catalog does not know';
    return {
      change: 'precision',
      value: precision,
      description: `${precision} weights ${from} (instead of ${result.precision})`,
    };
  }
  return undefined;
}

function moreTensor(request: FitRequest, result: FitResult): SmallestChange | undefined {
  const limit = request.gpusPerNode ?? 8;
  for (const tensor of validTensorSizes(request.model, limit)) {
    if (tensor > result.tensor && (tensor & (tensor - 1)) === 0 && fits({ ...request, tensor })) {
      return {
        change: 'tensor',
        value: tensor,
        description: `tensor ${tensor} (instead of ${result.tensor}), ${tensor * result.pipeline * result.data} x ${result.gpu}`,
      };
    }
  }
  return undefined;
}

/** Cards that clouds offer come before those that only workstations have. */
function largerGpu(request: FitRequest, result: FitResult): SmallestChange | undefined {
  const larger = GPUS.filter((gpu) => gpu.resource === request.gpu.resource && gpu.usableGiB > request.gpu.usableGiB);
  const ordered = [...larger].sort(
    (a, b) =>
      Number(b.nodeTypes !== undefined) - Number(a.nodeTypes !== undefined) ||
      a.usableGiB - b.usableGiB ||
      (a.id < b.id ? -1 : 1),
  );
  const gpu = ordered.find((candidate) => fits({ ...request, gpu: candidate }));
  return (
    gpu && {
      change: 'gpu',
      value: gpu.id,
      description: `${result.gpus} x ${gpu.id} (instead of ${result.gpu})`,
    }
  );
}

function morePipeline(request: FitRequest, result: FitResult): SmallestChange | undefined {
  const tensor = Math.max(result.tensor, request.gpusPerNode ?? 8);
  if (!validTensorSizes(request.model, tensor).includes(tensor)) return undefined;
  for (let pipeline = result.pipeline + 1; pipeline <= 8; pipeline += 1) {
    if (fits({ ...request, tensor, pipeline })) {
      return {
        change: 'pipeline',
        value: pipeline,
        description: `tensor ${tensor} and pipeline ${pipeline} over ${pipeline} nodes`,
      };
    }
  }
  return undefined;
}

function fp8Cache(request: FitRequest, result: FitResult): SmallestChange | undefined {
  if (result.kvCacheDtype !== 'auto' || !request.gpu.supports.fp8 || !fits({ ...request, kvCacheDtype: 'fp8' }))
    return undefined;
  return { change: 'kvCacheDtype', value: 'fp8', description: '--kv-cache-dtype fp8' };
}

function firstChange(request: FitRequest, result: FitResult): SmallestChange | null {
  return (
    fewerSequences(request, result) ??
    shorterContext(result) ??
    fp8Cache(request, result) ??
    moreTensor(request, result) ??
    otherPrecision(request, result, ['fp8', 'int4']) ??
    largerGpu(request, result) ??
    morePipeline(request, result) ??
    null
  );
}

/**
 * The first change that makes it `fits`, from what touches least (a flag) to what costs most (other GPUs). A card without
 * bf16 gets fp16 first, and a second change beside it where that is not enough.
 */
export function smallestChange(request: FitRequest, result: FitResult): SmallestChange | null {
  if (result.verdict === 'fits') return null;
  if (result.precision !== 'bf16' || request.gpu.supports.bf16) return firstChange(request, result);
  const half: FitRequest = { ...request, precision: 'fp16' };
  const halved = assess(half);
  if (halved.verdict === 'fits') {
    return { change: 'precision', value: 'fp16', description: 'fp16 (--dtype float16) instead of bf16' };
  }
  const more = firstChange(half, halved);
  if (more === null || more.change === 'precision' || more.change === 'gpu') return more;
  return {
    ...more,
    with: { change: 'precision', value: 'fp16' },
    description: `fp16 (--dtype float16) and ${more.description}`,
  };
}

/** Does the model fit: the verdict with every term, the longest context, the concurrency, and what would make it fit. */
export function fit(request: FitRequest): FitResult {
  const result = assess(request);
  return { ...result, smallestChange: smallestChange(request, result) };
}
