import { describeRule } from '../../../../test/support/rule-cases.js';
import { syncOption } from './rule.js';

describeRule(syncOption, import.meta.dirname);
