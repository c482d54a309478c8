import { describeRule } from '../../../../test/support/rule-cases.js';
import { noCpuPodsOnGpuNodes } from './rule.js';

describeRule(noCpuPodsOnGpuNodes, import.meta.dirname);
