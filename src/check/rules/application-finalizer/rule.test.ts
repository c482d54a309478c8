import { describeRule } from '../../../../test/support/rule-cases.js';
import { applicationFinalizer } from './rule.js';

describeRule(applicationFinalizer, import.meta.dirname);
