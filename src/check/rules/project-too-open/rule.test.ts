import { describeRule } from '../../../../test/support/rule-cases.js';
import { projectTooOpen } from './rule.js';

describeRule(projectTooOpen, import.meta.dirname);
