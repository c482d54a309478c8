import { describeRule } from '../../../../test/support/rule-cases.js';
import { pinBatchDefaults } from './rule.js';

describeRule(pinBatchDefaults, import.meta.dirname);
