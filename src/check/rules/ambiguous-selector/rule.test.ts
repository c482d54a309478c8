import { describeRule } from '../../../../test/support/rule-cases.js';
import { ambiguousSelector } from './rule.js';

describeRule(ambiguousSelector, import.meta.dirname);
