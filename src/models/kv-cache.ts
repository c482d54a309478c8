import type { KvCacheDtype, ModelFacts } from './facts.js';
import { GIB, type Parallelism, stageShare } from './weights.js';

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
  /** State of linear-attention layers, whatever the length. */
  readonly bytesPerSequence: number;
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
  const base = { windowBytesPerToken: 0, windowTokens: 0, bytesPerSequence: 0 };
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
        lines: [
          `KV cache: ${attention.fullLayers} full layers ${full} bytes a token and GPU; ${attention.slidingLayers} sliding layers ${sliding} bytes a token for at most ${attention.window} - 1 + ${settings.maxNumBatchedTokens} tokens`,
        ],
      };
    }
    case 'linear-hybrid': {
      const bytesPerToken = attention.fullLayers * share * perLayer;
      const state = ((attention.stateBytes ?? 0) * attention.linearLayers * share) / parallelism.tensor;
      return {
        ...base,
        bytesPerToken,
        bytesPerSequence: state,
        lines: [
          `KV cache: 2 x ${round(attention.fullLayers * share)} full layers x ${heads} heads x ${model.headDimension} x ${bytes} bytes = ${bytesPerToken} bytes a token and GPU, and ${(state / 1024 ** 2).toFixed(1)} MiB of state a sequence`,
        ],
      };
    }
  }
}

/** Bytes that one sequence of `tokens` needs on the fullest GPU, in whole pages. */
export function sequenceBytes(shape: KvCacheShape, tokens: number, blockSize: number): number {
  const paged = Math.ceil(tokens / blockSize) * blockSize;
  const windowed = Math.min(paged, Math.ceil(shape.windowTokens / blockSize) * blockSize);
  return shape.bytesPerToken * paged + shape.windowBytesPerToken * windowed + shape.bytesPerSequence;
}

/** The longest sequence (whole pages) that fits into `bytes`, at most `limit` tokens; 0 where not one page fits. */
export function longestSequence(shape: KvCacheShape, bytes: number, blockSize: number, limit: number): number {
  let low = 0;
  let high = Math.ceil(limit / blockSize);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sequenceBytes(shape, middle * blockSize, blockSize) <= bytes) low = middle;
    else high = middle - 1;
  }
  return Math.min(limit, low * blockSize);
}

export function kvGiB(bytes: number): number {
  return bytes / GIB;
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
