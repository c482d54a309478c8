import { describeRule } from '../../../../test/support/rule-cases.js';
import { prefillDecodeBudget } from './rule.js';

describeRule(prefillDecodeBudget, import.meta.dirname);
