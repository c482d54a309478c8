import { describeRule } from '../../../../test/support/rule-cases.js';
import { gpuResourceName } from './rule.js';

describeRule(gpuResourceName, import.meta.dirname);
