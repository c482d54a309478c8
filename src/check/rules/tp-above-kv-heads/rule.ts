import { engineRule } from '../../engine-rule.js';

export const tpAboveKvHeads = engineRule(
  'tp-above-kv-heads',
  'More tensor ranks than key-value heads no longer make the KV cache of a GPU smaller.',
);
