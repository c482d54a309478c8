import { describeRule } from '../../../../test/support/rule-cases.js';
import { applicationDestination } from './rule.js';

describeRule(applicationDestination, import.meta.dirname);
