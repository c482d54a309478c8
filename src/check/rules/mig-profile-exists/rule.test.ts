import { describeRule } from '../../../../test/support/rule-cases.js';
import { migProfileExists } from './rule.js';

describeRule(migProfileExists, import.meta.dirname);
