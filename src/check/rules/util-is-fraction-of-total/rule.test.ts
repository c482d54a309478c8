import { describeRule } from '../../../../test/support/rule-cases.js';
import { utilIsFractionOfTotal } from './rule.js';

describeRule(utilIsFractionOfTotal, import.meta.dirname);
