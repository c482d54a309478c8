import { describeRule } from '../../../../test/support/rule-cases.js';
import { nameLength } from './rule.js';

describeRule(nameLength, import.meta.dirname);
