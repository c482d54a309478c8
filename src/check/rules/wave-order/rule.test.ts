import { describeRule } from '../../../../test/support/rule-cases.js';
import { waveOrder } from './rule.js';

describeRule(waveOrder, import.meta.dirname);
