import { describeRule } from '../../../../test/support/rule-cases.js';
import { rolloutBothZero } from './rule.js';

describeRule(rolloutBothZero, import.meta.dirname);
