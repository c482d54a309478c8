import { describeRule } from '../../../../test/support/rule-cases.js';
import { rolloutDeadlock } from './rule.js';

describeRule(rolloutDeadlock, import.meta.dirname);
