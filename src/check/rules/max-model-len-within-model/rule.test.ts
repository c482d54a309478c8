import { describeRule } from '../../../../test/support/rule-cases.js';
import { maxModelLenWithinModel } from './rule.js';

describeRule(maxModelLenWithinModel, import.meta.dirname);
