import { describeRule } from '../../../../test/support/rule-cases.js';
import { writableCachesWithHardening } from './rule.js';

describeRule(writableCachesWithHardening, import.meta.dirname);
