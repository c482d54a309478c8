import { describeRule } from '../../../../test/support/rule-cases.js';
import { gateBypassed } from './rule.js';

describeRule(gateBypassed, import.meta.dirname);
