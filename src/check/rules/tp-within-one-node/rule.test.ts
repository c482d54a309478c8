import { describeRule } from '../../../../test/support/rule-cases.js';
import { tpWithinOneNode } from './rule.js';

describeRule(tpWithinOneNode, import.meta.dirname);
