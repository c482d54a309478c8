import { engineRule } from '../../engine-rule.js';

export const tpDividesHeads = engineRule(
  'tp-divides-heads',
  'The tensor size does not divide the attention heads of the model.',
);
