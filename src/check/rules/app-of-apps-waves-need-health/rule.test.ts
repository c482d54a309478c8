import { describeRule } from '../../../../test/support/rule-cases.js';
import { wavesNeedHealth } from './rule.js';

describeRule(wavesNeedHealth, import.meta.dirname);
