import { describeRule } from '../../../../test/support/rule-cases.js';
import { shmVolume } from './rule.js';

describeRule(shmVolume, import.meta.dirname);
