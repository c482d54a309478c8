import { describeRule } from '../../../../test/support/rule-cases.js';
import { autoscalerRange } from './rule.js';

describeRule(autoscalerRange, import.meta.dirname);
