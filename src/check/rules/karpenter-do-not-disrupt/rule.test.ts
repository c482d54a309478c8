import { describeRule } from '../../../../test/support/rule-cases.js';
import { karpenterDoNotDisrupt } from './rule.js';

describeRule(karpenterDoNotDisrupt, import.meta.dirname);
