import { describeRule } from '../../../../test/support/rule-cases.js';
import { gpuMemoryLabelExactMatch } from './rule.js';

describeRule(gpuMemoryLabelExactMatch, import.meta.dirname);
