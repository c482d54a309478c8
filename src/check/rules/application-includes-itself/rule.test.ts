import { describeRule } from '../../../../test/support/rule-cases.js';
import { applicationIncludesItself } from './rule.js';

describeRule(applicationIncludesItself, import.meta.dirname);
