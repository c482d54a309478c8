import { describeRule } from '../../../../test/support/rule-cases.js';
import { multimodalLimit } from './rule.js';

describeRule(multimodalLimit, import.meta.dirname);
