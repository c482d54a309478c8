import { describeRule } from '../../../../test/support/rule-cases.js';
import { syncWave } from './rule.js';

describeRule(syncWave, import.meta.dirname);
