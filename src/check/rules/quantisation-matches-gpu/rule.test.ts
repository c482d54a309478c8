import { describeRule } from '../../../../test/support/rule-cases.js';
import { quantisationMatchesGpu } from './rule.js';

describeRule(quantisationMatchesGpu, import.meta.dirname);
