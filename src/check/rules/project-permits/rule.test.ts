import { describeRule } from '../../../../test/support/rule-cases.js';
import { projectPermits } from './rule.js';

describeRule(projectPermits, import.meta.dirname);
