import { describeRule } from '../../../../test/support/rule-cases.js';
import { tpDividesHeads } from './rule.js';

describeRule(tpDividesHeads, import.meta.dirname);
