import { DEFAULT_CONTEXT } from './fit.js';

/**
 * What gitops-gen sets where a spec says nothing: what `plan` and `render` write, and what `fit` judges by without flags. The one place
 * of these figures. The release of the engine stands in data/defaults.json, the batch budget follows from it (`engineDefaults`).
 * A manifest that leaves a flag out runs with the engine's own default instead, and is judged by that.
 */
export const SERVED = {
  /** Tokens, where the model's maximum is not smaller. */
  context: DEFAULT_CONTEXT,
  /** vLLM's own default before 0.20; the rest is room for what is measured outside of it. */
  gpuMemoryUtilization: 0.9,
  /** Sequences per engine: bounds the sampler's memory, which grows with it, on every card alike. */
  maxNumSeqs: 256,
} as const;
