import { describeRule } from '../../../../test/support/rule-cases.js';
import { gangForMultinode } from './rule.js';

describeRule(gangForMultinode, import.meta.dirname);
