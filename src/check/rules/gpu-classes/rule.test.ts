import { describeRule } from '../../../../test/support/rule-cases.js';
import { gpuClasses } from './rule.js';

describeRule(gpuClasses, import.meta.dirname);
