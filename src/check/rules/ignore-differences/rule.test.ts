import { describeRule } from '../../../../test/support/rule-cases.js';
import { ignoreDifferences } from './rule.js';

describeRule(ignoreDifferences, import.meta.dirname);
