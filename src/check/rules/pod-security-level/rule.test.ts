import { describeRule } from '../../../../test/support/rule-cases.js';
import { podSecurityLevel } from './rule.js';

describeRule(podSecurityLevel, import.meta.dirname);
