import { describeRule } from '../../../../test/support/rule-cases.js';
import { serviceName } from './rule.js';

describeRule(serviceName, import.meta.dirname);
