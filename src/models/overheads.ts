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

/** CUDA context and NCCL: 0.13 to 0.15 GiB on one GPU, 0.54 to 0.6 with several (llm-d-planner); old engines showed up to 1.79. */
export function nonTorch(parallelism: Parallelism): Range & { readonly lines: readonly string[] } {
  const several = parallelism.tensor * parallelism.pipeline * parallelism.data > 1;
  const expected = several ? 0.6 : 0.15;
  return {
    expected,
    least: several ? 0.25 : 0.02,
    most: several ? 1 : 0.35,
    lines: [`outside torch: ${expected} GiB (CUDA context${several ? ' and NCCL' : ''})`],
  };
}

/**
 * CUDA graphs. Seen: 0.39 to 1.03 GiB (llm-d-planner), 0.36 (0.27.1), 0.65 (vllm#21489), 2.4 (vllm#7553), 3.45 for experts over
 * 8 ranks. Since 0.21 an *estimate* is taken from the KV cache, which has been right (0.36) and three times too
 * high (vllm#45178): there the upper end is what a start may lose.
 */
export function cudaGraphs(input: OverheadInput): Range & { readonly lines: readonly string[] } {
  if (input.enforceEager) return { expected: 0, least: 0, most: 0, lines: ['CUDA graphs: none (enforce-eager)'] };
  const expertRanks = input.model.experts !== undefined && input.parallelism.tensor * input.parallelism.data > 1;
  const expected = expertRanks ? 1.5 : 0.6;
  const most = input.graphsInsideUtilization || expertRanks ? 3.5 : 1.1;
  return {
    expected,
    least: 0,
    most,
    lines: [
      `CUDA graphs: about ${expected} GiB, up to ${most} seen, ${input.graphsInsideUtilization ? 'inside' : 'on top of'} the utilisation`,
    ],
  };
}
