import { describeRule } from '../../../../test/support/rule-cases.js';
import { imperativeApply } from './rule.js';

describeRule(imperativeApply, import.meta.dirname);
