import { engineRule } from '../../engine-rule.js';

export const ppKvCheckBug = engineRule(
  'pp-kv-check-bug',
  'Some releases count the KV cache of every pipeline stage on one GPU and refuse to start.',
);
