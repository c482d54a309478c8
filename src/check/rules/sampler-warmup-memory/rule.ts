import { engineRule } from '../../engine-rule.js';

export const samplerWarmupMemory = engineRule(
  'sampler-warmup-memory',
  'Without --max-num-seqs the warm-up of the sampler takes the memory that the KV cache needs.',
);
