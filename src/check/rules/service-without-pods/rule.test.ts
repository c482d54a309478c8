import { describeRule } from '../../../../test/support/rule-cases.js';
import { serviceWithoutPods } from './rule.js';

describeRule(serviceWithoutPods, import.meta.dirname);
