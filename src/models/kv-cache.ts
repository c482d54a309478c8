import type { Attention, KvCacheDtype, ModelFacts } from './facts.js';
import { type Parallelism, stageShare } from './weights.js';

/** What the KV cache of one engine depends on beside the model. */
export interface KvCacheSettings {
  readonly kvCacheDtype: KvCacheDtype;
  readonly maxNumBatchedTokens: number;
  readonly blockSize: number;
  readonly boundsSlidingLayers: boolean;
  readonly cachesLatent: boolean;
}

/** Bytes on the fullest GPU. */
export interface KvCacheShape {
  /** Layers that remember everything. */
  readonly bytesPerToken: number;
  /** Sliding layers, for each token inside the window. */
  readonly windowBytesPerToken: number;
  /** Most tokens that a sliding layer keeps. */
  readonly windowTokens: number;
  /** State of linear-attention layers, whatever the length, in whole pages. */
  readonly bytesPerSequence: number;
  /** Tokens of one page. Hybrids with linear attention have long ones: a page holds one layer's state. */
  readonly blockSize: number;
  readonly lines: readonly string[];
}

/** vLLM before 0.7 padded every head of a latent-attention model to 256 (its head sizes were 192). */
const UNCOMPRESSED_HEAD = 256;

function headsPerGpu(heads: number, tensor: number): number {
  // Above the number of KV heads they are copied, not cut further.
  return Math.max(1, Math.ceil(heads / tensor));
}

/** What a token and a sequence cost in the KV cache of the fullest GPU. */
export function kvCacheShape(model: ModelFacts, parallelism: Parallelism, settings: KvCacheSettings): KvCacheShape {
  const bytes = settings.kvCacheDtype === 'fp8' ? 1 : 2;
  const share = stageShare(model, parallelism.pipeline);
  const heads = headsPerGpu(model.keyValueHeads, parallelism.tensor);
  const perLayer = 2 * heads * model.headDimension * bytes;
  const attention = model.attention;
  const base = { windowBytesPerToken: 0, windowTokens: 0, bytesPerSequence: 0, blockSize: settings.blockSize };
  switch (attention.kind) {
    case 'full': {
      const bytesPerToken = model.layers * share * perLayer;
      return {
        ...base,
        bytesPerToken,
        lines: [
          `KV cache: 2 x ${round(model.layers * share)} layers x ${heads} heads x ${model.headDimension} x ${bytes} bytes = ${bytesPerToken} bytes a token and GPU`,
        ],
      };
    }
    case 'mla': {
      if (!settings.cachesLatent) {
        const cached = headsPerGpu(model.attentionHeads, parallelism.tensor);
        const bytesPerToken = 2 * model.layers * share * cached * UNCOMPRESSED_HEAD * bytes;
        return {
          ...base,
          bytesPerToken,
          lines: [
            `KV cache: this engine caches every head of a latent-attention model, ${bytesPerToken} bytes a token and GPU`,
          ],
        };
      }
      const latent = (attention.latentRank + attention.ropeDimension) * bytes + (attention.indexDimension ?? 0);
      const bytesPerToken = model.layers * share * latent;
      return {
        ...base,
        bytesPerToken,
        lines: [
          `KV cache: ${round(model.layers * share)} layers x (${attention.latentRank} + ${attention.ropeDimension}) x ${bytes} bytes = ${bytesPerToken} bytes a token, the same on every tensor rank`,
        ],
      };
    }
    case 'sliding-hybrid': {
      const fullHeads = headsPerGpu(attention.fullKeyValueHeads ?? model.keyValueHeads, parallelism.tensor);
      const full =
        attention.fullLayers * share * 2 * fullHeads * (attention.fullHeadDimension ?? model.headDimension) * bytes;
      const sliding = attention.slidingLayers * share * perLayer;
      if (!settings.boundsSlidingLayers) {
        return {
          ...base,
          bytesPerToken: full + sliding,
          lines: [`KV cache: this engine charges sliding layers in full, ${full + sliding} bytes a token and GPU`],
        };
      }
      const windowTokens = attention.window - 1 + settings.maxNumBatchedTokens;
      return {
        bytesPerToken: full,
        windowBytesPerToken: sliding,
        windowTokens,
        bytesPerSequence: 0,
        blockSize: settings.blockSize,
        lines: [
          `KV cache: ${attention.fullLayers} full layers ${full} bytes a token and GPU; ${attention.slidingLayers} sliding layers ${sliding} bytes a token for at most ${attention.window} - 1 + ${settings.maxNumBatchedTokens} tokens`,
        ],
      };
    }
    case 'linear-hybrid':
      return linearHybridShape(model, attention, share, heads * 2 * model.headDimension * bytes, parallelism, settings);
  }
}

/**
 * Full and linear layers share pages of one size: the attention page is made long enough to hold the state of one linear layer
 * (to the next 16 tokens), and a request takes as many pages of state as there are linear layers to a full one. Logs:
 * Qwen3.5 4B on 0.22 (528 tokens, 0.76 % of padding, 137.80 requests), Qwen3.6 27B on 0.23 (1568 tokens in fp8, 0.13 %).
 */
function linearHybridShape(
  model: ModelFacts,
  attention: Extract<Attention, { kind: 'linear-hybrid' }>,
  share: number,
  layerBytesPerToken: number,
  parallelism: Parallelism,
  settings: KvCacheSettings,
): KvCacheShape {
  const state = (attention.stateBytes ?? 0) / parallelism.tensor;
  const step = settings.blockSize;
  const blockSize = Math.max(step, Math.ceil(state / layerBytesPerToken / step) * step);
  const page = state === 0 ? 0 : blockSize * layerBytesPerToken;
  const bytesPerToken = attention.fullLayers * share * layerBytesPerToken;
  const bytesPerSequence = attention.linearLayers * share * page;
  return {
    bytesPerToken,
    windowBytesPerToken: 0,
    windowTokens: 0,
    bytesPerSequence,
    blockSize,
    lines: [
      `KV cache: ${round(attention.fullLayers * share)} full layers x ${layerBytesPerToken} bytes = ${bytesPerToken} bytes a token and GPU in pages of ${blockSize} tokens, and ${(bytesPerSequence / 1024 ** 2).toFixed(1)} MiB of state a request (${model.id}: ${round(attention.linearLayers * share)} linear layers)`,
    ],
  };
}

/** Bytes that one sequence of `tokens` needs on the fullest GPU, in whole pages. */
export function sequenceBytes(shape: KvCacheShape, tokens: number): number {
  const { blockSize } = shape;
  const paged = Math.ceil(tokens / blockSize) * blockSize;
  const windowed = Math.min(paged, Math.ceil(shape.windowTokens / blockSize) * blockSize);
  return shape.bytesPerToken * paged + shape.windowBytesPerToken * windowed + shape.bytesPerSequence;
}

/** The longest sequence (whole pages) that fits into `bytes`, at most `limit` tokens; 0 where not one page fits. */
export function longestSequence(shape: KvCacheShape, bytes: number, limit: number): number {
  const { blockSize } = shape;
  let low = 0;
  let high = Math.ceil(limit / blockSize);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sequenceBytes(shape, middle * blockSize) <= bytes) low = middle;
    else high = middle - 1;
  }
  return Math.min(limit, low * blockSize);
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
