import { describeRule } from '../../../../test/support/rule-cases.js';
import { applicationSize } from './rule.js';

describeRule(applicationSize, import.meta.dirname);
