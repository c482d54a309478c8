import { engineRule } from '../../engine-rule.js';

export const maxModelLenWithinModel = engineRule(
  'max-model-len-within-model',
  'The context is longer than the model was made for.',
);
