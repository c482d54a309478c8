import { engineRule } from '../../engine-rule.js';

export const migStrategyMatchesResource = engineRule(
  'mig-strategy-matches-resource',
  'A Pod asks for MIG slices in a form that the cluster does not offer.',
);
