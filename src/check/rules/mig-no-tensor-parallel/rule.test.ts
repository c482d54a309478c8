import { describeRule } from '../../../../test/support/rule-cases.js';
import { migNoTensorParallel } from './rule.js';

describeRule(migNoTensorParallel, import.meta.dirname);
