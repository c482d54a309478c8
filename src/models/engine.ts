import type { GpuClass } from './facts.js';

/** A vLLM release, as far as memory depends on it. */
export interface EngineVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** What was asked for. */
  readonly text: string;
}

/**
 * The version that a request without one is judged by: the newest release that measured cases reach
 * (fixtures/memory-truth.json; for models with experts or other attention they reach 0.20).
 */
export const MEASURED_UP_TO = '0.22.0';

/** What vLLM uses where a flag is absent. All of it moved between releases, so each figure has its reason. */
export interface EngineDefaults {
  readonly gpuMemoryUtilization: number;
  readonly maxNumSeqs: number;
  /** Before 0.8 without chunked prefill this is the context itself, see `batchFollowsContext`. */
  readonly maxNumBatchedTokens: number;
  /** The batch budget is `max(context, maxNumBatchedTokens)`: engines before 0.8 profile one whole prompt. */
  readonly batchFollowsContext: boolean;
  /** Tokens in one page of the KV cache. */
  readonly blockSize: number;
  /** CUDA graphs are counted inside `gpuMemoryUtilization` (since 0.21) and not on top of it. */
  readonly graphsInsideUtilization: boolean;
  /** Sliding-window layers keep only their window (hybrid KV cache manager). */
  readonly boundsSlidingLayers: boolean;
  /** Multi-head latent attention caches the latent and not every head. */
  readonly cachesLatent: boolean;
  /** No measured case covers this version. */
  readonly beyondMeasured: boolean;
  /** One line a figure that somebody may ask about. */
  readonly reasons: readonly string[];
}

/** Reads `0.11.0`, `v0.11`, `0.11.0rc1`, `0.11.0-cu128`, `0.6.x`. Undefined where it is no version (`latest`). */
export function parseEngineVersion(text: string): EngineVersion | undefined {
  const match = /^v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}|x))?(?:[-+.@]?[0-9A-Za-z].*)?$/.exec(text.trim());
  if (!match) return undefined;
  const patch = match[3] === undefined || match[3] === 'x' ? 0 : Number(match[3]);
  return { major: Number(match[1]), minor: Number(match[2]), patch, text };
}

/** True where `version` is `major.minor.patch` or newer. */
export function atLeast(version: EngineVersion, major: number, minor: number, patch = 0): boolean {
  if (version.major !== major) return version.major > major;
  if (version.minor !== minor) return version.minor > minor;
  return version.patch >= patch;
}

const SMALL = { maxNumSeqs: 256, maxNumBatchedTokens: 2048 } as const;
const LARGE = { maxNumSeqs: 1024, maxNumBatchedTokens: 8192 } as const;

/**
 * Batch sizes by release and card, as the OpenAI server chooses them.
 * vllm#12369 (8192 on H100 and H200), vllm#15357 (1024 sequences everywhere in the first V1 releases), vllm#16158 (back
 * to 256 on smaller cards, 0.8.4), vllm#17073 and vllm#17885 (70 GiB and more, A100 excepted, 0.9), vllm#51726 (16384
 * from 160 GiB on, August 2026).
 */
function batchTier(
  version: EngineVersion,
  gpu: GpuClass,
): { maxNumSeqs: number; maxNumBatchedTokens: number; reason: string } {
  const a100 = gpu.products.some((product) => product.label.toLowerCase().includes('a100'));
  if (!atLeast(version, 0, 8))
    return { maxNumSeqs: 256, maxNumBatchedTokens: 2048, reason: 'engines before 0.8: 256 sequences' };
  if (!atLeast(version, 0, 9)) {
    const hopper = /^(h100|h200)/.test(gpu.id);
    const maxNumSeqs = hopper || !atLeast(version, 0, 8, 4) ? 1024 : 256;
    return {
      maxNumSeqs,
      maxNumBatchedTokens: hopper ? 8192 : 2048,
      reason: `engine ${version.text}: ${maxNumSeqs} sequences (vllm#15357, vllm#16158), batch by card name (vllm#12369)`,
    };
  }
  if (gpu.usableGiB >= 160 && atLeast(version, 0, 28)) {
    return {
      ...LARGE,
      maxNumBatchedTokens: 16384,
      reason: '160 GiB and more: 1024 sequences, batches of 16384 tokens (vllm#51726)',
    };
  }
  if (gpu.usableGiB >= 70 && !a100) {
    return {
      ...LARGE,
      reason: '70 GiB and more, not A100: 1024 sequences, batches of 8192 tokens (vllm#17073, vllm#17885)',
    };
  }
  return { ...SMALL, reason: 'below 70 GiB, or A100: 256 sequences, batches of 2048 tokens (vllm#17073, vllm#17885)' };
}

/**
 * The values that `vllm serve` uses where a flag is absent, on one class of GPU.
 * A version that cannot be read (`latest`, a digest) is judged as the newest release that measured cases reach.
 */
export function engineDefaults(engineVersion: string | undefined, gpu: GpuClass): EngineDefaults {
  const asked = engineVersion ?? MEASURED_UP_TO;
  const read = parseEngineVersion(asked);
  const version = read ?? (parseEngineVersion(MEASURED_UP_TO) as EngineVersion);
  const tier = batchTier(version, gpu);
  const gpuMemoryUtilization = atLeast(version, 0, 20) ? 0.92 : 0.9;
  const graphsInsideUtilization = atLeast(version, 0, 21);
  return {
    gpuMemoryUtilization,
    maxNumSeqs: tier.maxNumSeqs,
    maxNumBatchedTokens: tier.maxNumBatchedTokens,
    batchFollowsContext: !atLeast(version, 0, 8),
    blockSize: 16,
    graphsInsideUtilization,
    boundsSlidingLayers: atLeast(version, 0, 10),
    cachesLatent: atLeast(version, 0, 7),
    beyondMeasured: atLeast(version, 0, 23) || read === undefined,
    reasons: [
      ...(read ? [] : [`engine version "${asked}" is not a release: judged as ${MEASURED_UP_TO}`]),
      `gpu_memory_utilization ${gpuMemoryUtilization} (0.9 before 0.20, 0.92 since: vllm#38284)`,
      tier.reason,
      graphsInsideUtilization
        ? 'CUDA graphs count inside the utilisation (since 0.21, vllm#30515 and its default)'
        : 'CUDA graphs come on top of the utilisation (before 0.21)',
    ],
  };
}
