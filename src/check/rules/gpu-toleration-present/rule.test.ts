import { describeRule } from '../../../../test/support/rule-cases.js';
import { gpuTolerationPresent } from './rule.js';

describeRule(gpuTolerationPresent, import.meta.dirname);
