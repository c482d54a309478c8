import { engineRule } from '../../engine-rule.js';

export const pinBatchDefaults = engineRule(
  'pin-batch-defaults',
  'Batch sizes are left to the card and the release of the engine.',
);
