import { describeRule } from '../../../../test/support/rule-cases.js';
import { gpuFamilyShare } from './rule.js';

describeRule(gpuFamilyShare, import.meta.dirname);
