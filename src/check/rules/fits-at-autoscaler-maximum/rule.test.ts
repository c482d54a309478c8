import { describeRule } from '../../../../test/support/rule-cases.js';
import { fitsAtAutoscalerMaximum } from './rule.js';

describeRule(fitsAtAutoscalerMaximum, import.meta.dirname);
