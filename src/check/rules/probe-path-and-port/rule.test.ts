import { describeRule } from '../../../../test/support/rule-cases.js';
import { probePathAndPort } from './rule.js';

describeRule(probePathAndPort, import.meta.dirname);
