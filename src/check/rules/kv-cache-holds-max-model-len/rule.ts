import { engineRule } from '../../engine-rule.js';

export const kvCacheHoldsMaxModelLen = engineRule(
  'kv-cache-holds-max-model-len',
  'One request of the whole context does not fit into the KV cache.',
);
