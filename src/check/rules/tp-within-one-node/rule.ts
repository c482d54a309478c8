import { engineRule } from '../../engine-rule.js';

export const tpWithinOneNode = engineRule('tp-within-one-node', 'A Pod or its tensor group is larger than a node.');
