import { describeRule } from '../../../../test/support/rule-cases.js';
import { gpuHeadroom } from './rule.js';

describeRule(gpuHeadroom, import.meta.dirname);
