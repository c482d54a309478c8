import { engineRule } from '../../engine-rule.js';

export const tpEqualsGpuRequest = engineRule(
  'tp-equals-gpu-request',
  'The engine uses more or fewer GPUs than its Pod asks for.',
);
