import { describeRule } from '../../../../test/support/rule-cases.js';
import { requiredAntiAffinitySatisfiable } from './rule.js';

describeRule(requiredAntiAffinitySatisfiable, import.meta.dirname);
