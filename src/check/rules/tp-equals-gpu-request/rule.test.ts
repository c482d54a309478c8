import { describeRule } from '../../../../test/support/rule-cases.js';
import { tpEqualsGpuRequest } from './rule.js';

describeRule(tpEqualsGpuRequest, import.meta.dirname);
