import { describeRule } from '../../../../test/support/rule-cases.js';
import { progressDeadlineCoversStartup } from './rule.js';

describeRule(progressDeadlineCoversStartup, import.meta.dirname);
