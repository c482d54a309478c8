import { describeRule } from '../../../../test/support/rule-cases.js';
import { projectDenyEntry } from './rule.js';

describeRule(projectDenyEntry, import.meta.dirname);
