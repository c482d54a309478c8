import { engineRule } from '../../engine-rule.js';

export const kvCacheConcurrencyFloor = engineRule(
  'kv-cache-concurrency-floor',
  'The KV cache holds fewer than two requests of the whole context at once.',
);
