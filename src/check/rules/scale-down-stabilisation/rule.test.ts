import { describeRule } from '../../../../test/support/rule-cases.js';
import { scaleDownStabilisation } from './rule.js';

describeRule(scaleDownStabilisation, import.meta.dirname);
