import type { ModelFacts } from './facts.js';
import { GIB, type Parallelism } from './weights.js';

/** What the engine needs beside weights and KV cache, in GiB a GPU: the expected figure and the least ever seen. */
export interface Range {
  readonly expected: number;
  readonly least: number;
  readonly most: number;
}

export interface OverheadInput {
  readonly model: ModelFacts;
  readonly parallelism: Parallelism;
  readonly maxNumSeqs: number;
  readonly maxNumBatchedTokens: number;
  readonly enforceEager: boolean;
  readonly graphsInsideUtilization: boolean;
  /** An engine before 0.8. */
  readonly firstGeneration: boolean;
}

/**
 * Bytes of the sampler a vocabulary entry and sequence: logits, their float32 copy, sorted values and indices.
 * 38.6 reproduces the activation column of llm-d-planner (Llama 4.76, Qwen3 5.6, gpt-oss 7.38 GiB at 1024 sequences)
 * within 3 %, and vllm#21489 (Gemma 3, 9.96 GiB). 17 is the least seen (Mistral Small 3.2: 2.12 GiB).
 */
const SAMPLER_BYTES = { expected: 38.6, least: 17 } as const;

/**
 * Elements of one token while a layer runs: the doubled and the multiplied feed-forward width, hidden state, residual
 * and norm. 3 x (I + H) x 2 bytes gives 2.06 GiB for 20,000 tokens of Llama 3.1 8B (measured 2.07, vllm#10517) and 1.03 for
 * 8,192 tokens of Qwen2.5 7B (measured 1.09).
 */
function forwardBytes(input: OverheadInput): number {
  const { model, parallelism, maxNumBatchedTokens } = input;
  const hidden = 3 * model.hiddenSize;
  const dense = (3 * (model.intermediateSize ?? 4 * model.hiddenSize)) / parallelism.tensor;
  return maxNumBatchedTokens * 2 * (hidden + Math.max(dense, expertElements(input)));
}

/**
 * The same for routed experts: every token passes `perToken` of them, and the widest buffers are the doubled width and
 * the result of each. vLLM cuts the batch at 32,768 tokens there (VLLM_FUSED_MOE_CHUNK_SIZE).
 */
function expertElements({ model, parallelism, maxNumBatchedTokens }: OverheadInput): number {
  const experts = model.experts;
  if (!experts) return 0;
  const ranks = parallelism.expert ? 1 : parallelism.tensor;
  const chunk = Math.min(1, 32768 / maxNumBatchedTokens);
  return chunk * experts.perToken * (2 * (experts.intermediateSize / ranks) + model.hiddenSize);
}

/** Peak of the profiling run: the sampler with every sequence, or the forward pass with a full batch, whichever is more. */
export function activation(input: OverheadInput): Range & { readonly lines: readonly string[] } {
  const logits = input.model.vocabularySize * input.maxNumSeqs;
  const forward = forwardBytes(input) / GIB;
  const sampler = (SAMPLER_BYTES.expected * logits) / GIB;
  const expected = Math.max(sampler, forward);
  // Compiled graphs reuse buffers: half of the eager sum is the least seen.
  const least = Math.max((SAMPLER_BYTES.least * logits) / GIB, forward / 2);
  return {
    expected,
    least: Math.min(expected, least),
    most: expected * 1.05,
    lines: [
      `activation: max(sampler ${SAMPLER_BYTES.expected} bytes x ${input.model.vocabularySize} vocabulary x ${input.maxNumSeqs} sequences = ${sampler.toFixed(2)}, forward pass of ${input.maxNumBatchedTokens} tokens = ${forward.toFixed(2)}) = ${expected.toFixed(2)} GiB`,
    ],
  };
}

/** CUDA context and NCCL: 0.13 to 0.15 GiB on one GPU, 0.54 to 0.6 with several (llm-d-planner); before 0.8 up to 1.79 (vllm#10511). */
export function nonTorch({
  parallelism,
  firstGeneration,
}: OverheadInput): Range & { readonly lines: readonly string[] } {
  const several = parallelism.tensor * parallelism.pipeline * parallelism.data > 1;
  const expected = several ? 0.6 : 0.15;
  return {
    expected,
    least: several ? 0.25 : 0.02,
    most: firstGeneration ? 1.8 : several ? 1 : 0.35,
    lines: [`outside torch: ${expected} GiB (CUDA context${several ? ' and NCCL' : ''})`],
  };
}

/** What CUDA graphs took (or, since 0.21, were estimated to take) in public logs, by the kind of model. */
function graphRange(input: OverheadInput): { readonly expected: number; readonly most: number } {
  const { model, parallelism, graphsInsideUtilization, firstGeneration } = input;
  const several = parallelism.tensor * parallelism.data > 1;
  const plain = model.attention.kind === 'full' && model.experts === undefined;
  if (firstGeneration) return { expected: several ? 1 : 0.4, most: several ? 2.5 : 1.1 };
  if (plain) return { expected: 0.4, most: 1.1 };
  if (graphsInsideUtilization) return { expected: several ? 1.5 : 0.8, most: 4.4 };
  return { expected: model.experts && several ? 1.5 : 0.6, most: model.experts && several ? 3.5 : 1.7 };
}

/**
 * CUDA graphs. Dense models with plain attention: up to 1.03 GiB (llm-d-planner), 0.65 (vllm#21489), 0.31 of 0.37 estimated
 * (Qwen2.5 7B on 0.22), 0.36 and 0.17 (tensor 2 and 4 on 0.22 to 0.27). Engines before 0.8 with several GPUs: 2.4 (vllm#7553).
 * Hybrid attention: 0.64 and 1.62 estimated. Experts on several GPUs: 3.45 over 8 ranks, 1.97 and 4.3 estimated. Since 0.21 the
 * *estimate* is taken from the KV cache, and outliers for experts were far too high (vllm#45178, vllm#53013).
 */
export function cudaGraphs(input: OverheadInput): Range & { readonly lines: readonly string[] } {
  if (input.enforceEager) return { expected: 0, least: 0, most: 0, lines: ['CUDA graphs: none (enforce-eager)'] };
  const { expected, most } = graphRange(input);
  const where = input.graphsInsideUtilization ? 'inside' : 'on top of';
  return {
    expected,
    least: 0,
    most,
    lines: [`CUDA graphs: about ${expected} GiB, up to ${most} seen, ${where} the utilisation`],
  };
}
