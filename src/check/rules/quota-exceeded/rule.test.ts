import { describeRule } from '../../../../test/support/rule-cases.js';
import { quotaExceeded } from './rule.js';

describeRule(quotaExceeded, import.meta.dirname);
