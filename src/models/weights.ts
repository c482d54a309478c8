import type { Checkpoint, ModelFacts, Precision } from './facts.js';

export const GIB = 1024 ** 3;

/** How the model is spread over GPUs. */
export interface Parallelism {
  readonly tensor: number;
  readonly pipeline: number;
  /** Data-parallel ranks of one engine (not replicas of the Deployment). */
  readonly data: number;
  /** Experts are placed whole on ranks instead of being cut. */
  readonly expert: boolean;
}

/**
 * Bytes of one parameter of a quantised layer.
 * int4: 4 bits and the scales of groups of 128 with their zero points, 6 % (AWQ and GPTQ files of Qwen2.5-7B and Qwen3-8B).
 * mxfp4: 4 bits and one 8-bit scale for 32 values. nvfp4: 4 bits and one 8-bit scale for 16 values.
 */
const QUANTISED_BYTES: Readonly<Record<Precision, number>> = {
  fp32: 4,
  bf16: 2,
  fp16: 2,
  fp8: 1,
  int8: 1,
  int4: 0.53,
  mxfp4: 4.25 / 8,
  nvfp4: 4.5 / 8,
};

/** vLLM pads mxfp4 experts to multiples of 256: with it gpt-oss-20b is 13.44 and 120b 64.5 GiB (measured 13.47, 64.38). */
const MXFP4_PADDING = 256;

/** Parameters by what happens to them under quantisation and parallelism. */
export interface ParameterSplit {
  /** One embedding matrix (vocabulary x hidden size). */
  readonly embedding: number;
  /** How many embedding matrices exist: 1 where input and output are tied, else 2. */
  readonly embeddingMatrices: 1 | 2;
  /** Parameters of routed experts, all layers together. */
  readonly experts: number;
  /** Attention, dense feed-forward, shared experts, routers, norms: all layers together. */
  readonly dense: number;
  /** Vision tower and the like, never quantised. */
  readonly extra: number;
}

/** Splits the parameters of a model. The parts add up to `parameters + extraParameters`. */
export function splitParameters(model: ModelFacts): ParameterSplit {
  const embedding = model.vocabularySize * model.hiddenSize;
  const embeddingMatrices = model.tiedEmbeddings ? 1 : 2;
  const rest = Math.max(0, model.parameters - embedding * embeddingMatrices);
  const experts = model.experts
    ? Math.min(rest, 3 * model.hiddenSize * model.experts.intermediateSize * model.experts.count * model.experts.layers)
    : 0;
  return { embedding, embeddingMatrices, experts, dense: rest - experts, extra: model.extraParameters ?? 0 };
}

/** Weights of one GPU, the fullest of them. */
export interface WeightTerms {
  readonly totalGiB: number;
  readonly perGpuGiB: number;
  /** `loaded`: measured or taken from the files of this checkpoint; `computed`: parameters times bytes. */
  readonly basis: 'loaded' | 'computed';
  /** Half width of the uncertainty, as a fraction. */
  readonly uncertainty: number;
  readonly lines: readonly string[];
}

/** The checkpoint of a model for a precision, where the catalog knows one. */
export function checkpointFor(model: ModelFacts, precision: Precision): Checkpoint | undefined {
  const exact = model.checkpoints.find((checkpoint) => checkpoint.precision === precision);
  if (exact) return exact;
  // fp16 and bf16 are read from the same 16-bit files.
  if (precision !== 'fp16' && precision !== 'bf16') return undefined;
  return model.checkpoints.find((checkpoint) => checkpoint.precision === 'fp16' || checkpoint.precision === 'bf16');
}

function gib(bytes: number): number {
  return bytes / GIB;
}

function expertBytes(model: ModelFacts, precision: Precision): number {
  const bytes = QUANTISED_BYTES[precision];
  if (precision !== 'mxfp4' || !model.experts) return bytes;
  const width = model.experts.intermediateSize;
  return bytes * ((Math.ceil(width / MXFP4_PADDING) * MXFP4_PADDING) / width);
}

/** Layers of the fullest pipeline stage, as a share of all layers. */
export function stageShare(model: ModelFacts, pipeline: number): number {
  return Math.ceil(model.layers / pipeline) / model.layers;
}

/** Experts of the fullest rank, as a share of all experts. Without expert parallelism each expert is cut by all ranks. */
function expertShare(model: ModelFacts, parallelism: Parallelism): number {
  const ranks = parallelism.tensor * parallelism.data;
  if (!parallelism.expert || !model.experts) return 1 / ranks;
  return Math.ceil(model.experts.count / ranks) / model.experts.count;
}

/**
 * Weights of the fullest GPU. Embeddings stay at 16 bit under quantisation; every expert counts; the experts of one
 * engine are spread over tensor x data ranks, everything else over the tensor ranks and copied to each data rank.
 */
export function weightTerms(model: ModelFacts, precision: Precision, parallelism: Parallelism): WeightTerms {
  const split = splitParameters(model);
  const quantised = precision === 'mxfp4' ? 2 : QUANTISED_BYTES[precision];
  const wide = precision === 'fp32' ? 4 : 2;
  const dense = split.dense * quantised;
  const experts = split.experts * expertBytes(model, precision);
  const embedding = split.embedding * wide;
  const extra = split.extra * 2;
  const computed = dense + experts + embedding * split.embeddingMatrices + extra;
  const checkpoint = checkpointFor(model, precision);
  const loaded = checkpoint?.loadedGiB;
  const scale = loaded === undefined ? 1 : (loaded * GIB) / computed;
  const share = stageShare(model, parallelism.pipeline);
  // With a pipeline the first stage holds the input embedding and the last the output; neither holds both.
  const embeddings = embedding * (parallelism.pipeline > 1 ? 1 : split.embeddingMatrices);
  const perGpu =
    scale *
    ((dense * share + embeddings + extra) / parallelism.tensor + experts * share * expertShare(model, parallelism));
  const uncertainty = loaded !== undefined ? 0.01 : model.parametersBasis === 'name' ? 0.05 : 0.02;
  return {
    totalGiB: gib(computed * scale),
    perGpuGiB: gib(perGpu),
    basis: loaded === undefined ? 'computed' : 'loaded',
    uncertainty,
    lines: weightLines(model, precision, split, parallelism, gib(perGpu), checkpoint),
  };
}

function billions(count: number): string {
  return `${(count / 1e9).toFixed(2)} B`;
}

function weightLines(
  model: ModelFacts,
  precision: Precision,
  split: ParameterSplit,
  parallelism: Parallelism,
  perGpuGiB: number,
  checkpoint: Checkpoint | undefined,
): string[] {
  const ranks = `tensor ${parallelism.tensor}${parallelism.pipeline > 1 ? ` x pipeline ${parallelism.pipeline}` : ''}`;
  if (checkpoint?.loadedGiB !== undefined) {
    return [
      `weights: ${checkpoint.loadedGiB.toFixed(2)} GiB loaded from ${checkpoint.id} (${checkpoint.source}), ${ranks} = ${perGpuGiB.toFixed(2)} GiB a GPU`,
    ];
  }
  const lines: string[] = [];
  const embeddings = `${billions(split.embedding * split.embeddingMatrices)} embeddings x ${precision === 'fp32' ? 4 : 2} bytes`;
  const dense = `${billions(split.dense)} x ${precision === 'mxfp4' ? 2 : QUANTISED_BYTES[precision]} bytes`;
  const experts =
    split.experts > 0 ? ` + ${billions(split.experts)} experts x ${round(expertBytes(model, precision), 3)} bytes` : '';
  lines.push(`weights: (${dense}${experts} + ${embeddings}) / ${ranks} = ${perGpuGiB.toFixed(2)} GiB a GPU`);
  if (split.experts > 0 && parallelism.data > 1) {
    lines.push(
      `experts are spread over tensor x data = ${parallelism.tensor * parallelism.data} ranks${parallelism.expert ? ', whole' : ', cut'}`,
    );
  }
  return lines;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
