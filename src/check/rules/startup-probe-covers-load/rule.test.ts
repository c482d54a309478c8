import { describeRule } from '../../../../test/support/rule-cases.js';
import { startupProbeCoversLoad } from './rule.js';

describeRule(startupProbeCoversLoad, import.meta.dirname);
