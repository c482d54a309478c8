import { describeRule } from '../../../../test/support/rule-cases.js';
import { twoAutoscalers } from './rule.js';

describeRule(twoAutoscalers, import.meta.dirname);
