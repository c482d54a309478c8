import { describeRule } from '../../../../test/support/rule-cases.js';
import { projectEntryTwice } from './rule.js';

describeRule(projectEntryTwice, import.meta.dirname);
