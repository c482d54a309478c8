import { describeRule } from '../../../../test/support/rule-cases.js';
import { hookSkippedBySelfHeal } from './rule.js';

describeRule(hookSkippedBySelfHeal, import.meta.dirname);
