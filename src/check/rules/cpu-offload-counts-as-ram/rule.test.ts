import { describeRule } from '../../../../test/support/rule-cases.js';
import { cpuOffloadCountsAsRam } from './rule.js';

describeRule(cpuOffloadCountsAsRam, import.meta.dirname);
