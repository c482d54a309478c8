import { describeRule } from '../../../../test/support/rule-cases.js';
import { fractionalGpuIsNotAGpu } from './rule.js';

describeRule(fractionalGpuIsNotAGpu, import.meta.dirname);
