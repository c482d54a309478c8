import { describeRule } from '../../../../test/support/rule-cases.js';
import { autoscaleMetricExists } from './rule.js';

describeRule(autoscaleMetricExists, import.meta.dirname);
