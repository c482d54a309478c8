import { describeRule } from '../../../../test/support/rule-cases.js';
import { kueueQueueLabel } from './rule.js';

describeRule(kueueQueueLabel, import.meta.dirname);
