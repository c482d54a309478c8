import { describeRule } from '../../../../test/support/rule-cases.js';
import { pinGpuMemoryUtilization } from './rule.js';

describeRule(pinGpuMemoryUtilization, import.meta.dirname);
