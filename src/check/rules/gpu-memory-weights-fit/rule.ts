import { engineRule } from '../../engine-rule.js';

export const gpuMemoryWeightsFit = engineRule(
  'gpu-memory-weights-fit',
  'The weights of a model leave no room for its KV cache on the GPU it lands on.',
);
