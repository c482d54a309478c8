import { describeRule } from '../../../../test/support/rule-cases.js';
import { scaleToZeroColdStart } from './rule.js';

describeRule(scaleToZeroColdStart, import.meta.dirname);
