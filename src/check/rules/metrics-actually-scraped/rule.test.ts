import { describeRule } from '../../../../test/support/rule-cases.js';
import { metricsActuallyScraped } from './rule.js';

describeRule(metricsActuallyScraped, import.meta.dirname);
