import { describeRule } from '../../../../test/support/rule-cases.js';
import { wavesGateFirstInstallOnly } from './rule.js';

describeRule(wavesGateFirstInstallOnly, import.meta.dirname);
