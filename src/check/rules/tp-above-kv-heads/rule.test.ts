import { describeRule } from '../../../../test/support/rule-cases.js';
import { tpAboveKvHeads } from './rule.js';

describeRule(tpAboveKvHeads, import.meta.dirname);
