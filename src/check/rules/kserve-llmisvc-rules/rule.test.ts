import { describeRule } from '../../../../test/support/rule-cases.js';
import { kserveLlmisvcRules } from './rule.js';

describeRule(kserveLlmisvcRules, import.meta.dirname);
