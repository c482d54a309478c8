import { engineRule } from '../../engine-rule.js';

export const quantisationMatchesGpu = engineRule(
  'quantisation-matches-gpu',
  'The card cannot compute with the weights or the KV cache of the engine.',
);
