import { engineRule } from '../../engine-rule.js';

export const multimodalLimit = engineRule(
  'multimodal-limit',
  'A model that takes images does not say how many, and memory is reserved for the default.',
);
