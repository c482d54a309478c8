import { describeRule } from '../../../../test/support/rule-cases.js';
import { hfTokenSecret } from './rule.js';

describeRule(hfTokenSecret, import.meta.dirname);
