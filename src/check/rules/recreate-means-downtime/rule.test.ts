import { describeRule } from '../../../../test/support/rule-cases.js';
import { recreateMeansDowntime } from './rule.js';

describeRule(recreateMeansDowntime, import.meta.dirname);
