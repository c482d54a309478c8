import { engineRule } from '../../engine-rule.js';

export const pinGpuMemoryUtilization = engineRule(
  'pin-gpu-memory-utilization',
  'The share of GPU memory is left to the release of the engine.',
);
