import { describeRule } from '../../../../test/support/rule-cases.js';
import { orderSafePlacement } from './rule.js';

describeRule(orderSafePlacement, import.meta.dirname);
