import { engineRule } from '../../engine-rule.js';

export const moeExpertParallelShape = engineRule(
  'moe-expert-parallel-shape',
  'Experts do not spread evenly over their ranks.',
);
