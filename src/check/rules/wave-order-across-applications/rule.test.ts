import { describeRule } from '../../../../test/support/rule-cases.js';
import { waveOrderAcrossApplications } from './rule.js';

describeRule(waveOrderAcrossApplications, import.meta.dirname);
