import { describeRule } from '../../../../test/support/rule-cases.js';
import { replicasAndAutoscaler } from './rule.js';

describeRule(replicasAndAutoscaler, import.meta.dirname);
