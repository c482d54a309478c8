import { describeRule } from '../../../../test/support/rule-cases.js';
import { livenessWithoutStartup } from './rule.js';

describeRule(livenessWithoutStartup, import.meta.dirname);
