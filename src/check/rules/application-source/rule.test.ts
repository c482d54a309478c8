import { describeRule } from '../../../../test/support/rule-cases.js';
import { applicationSource } from './rule.js';

describeRule(applicationSource, import.meta.dirname);
