import { describeRule } from '../../../../test/support/rule-cases.js';
import { gpuCapacity } from './rule.js';

describeRule(gpuCapacity, import.meta.dirname);
