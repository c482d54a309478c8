import { engineRule } from '../../engine-rule.js';

export const quantisedCheckpointIsReallyQuantised = engineRule(
  'quantised-checkpoint-is-really-quantised',
  'The name of the checkpoint and --quantization speak of different weights.',
);
