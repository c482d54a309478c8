import { describeRule } from '../../../../test/support/rule-cases.js';
import { manualChildInWave } from './rule.js';

describeRule(manualChildInWave, import.meta.dirname);
