import { describeRule } from '../../../../test/support/rule-cases.js';
import { gpuMemoryWeightsFit } from './rule.js';

describeRule(gpuMemoryWeightsFit, import.meta.dirname);
