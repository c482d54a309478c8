import { engineRule } from '../../engine-rule.js';

export const utilIsFractionOfTotal = engineRule(
  'util-is-fraction-of-total',
  'Engines that share a card ask for more of its memory than there is.',
);
