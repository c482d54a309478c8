import { describeRule } from '../../../../test/support/rule-cases.js';
import { reservedNamespace } from './rule.js';

describeRule(reservedNamespace, import.meta.dirname);
