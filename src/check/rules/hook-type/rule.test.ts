import { describeRule } from '../../../../test/support/rule-cases.js';
import { hookType } from './rule.js';

describeRule(hookType, import.meta.dirname);
