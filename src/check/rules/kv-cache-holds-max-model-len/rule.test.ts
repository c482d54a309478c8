import { describeRule } from '../../../../test/support/rule-cases.js';
import { kvCacheHoldsMaxModelLen } from './rule.js';

describeRule(kvCacheHoldsMaxModelLen, import.meta.dirname);
