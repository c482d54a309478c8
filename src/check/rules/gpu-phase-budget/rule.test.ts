import { describeRule } from '../../../../test/support/rule-cases.js';
import { gpuPhaseBudget } from './rule.js';

describeRule(gpuPhaseBudget, import.meta.dirname);
