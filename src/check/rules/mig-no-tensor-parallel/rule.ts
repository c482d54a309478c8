import { engineRule } from '../../engine-rule.js';

export const migNoTensorParallel = engineRule(
  'mig-no-tensor-parallel',
  'An engine is spread over MIG slices, which cannot exchange data.',
);
