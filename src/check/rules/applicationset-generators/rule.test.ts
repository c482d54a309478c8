import { describeRule } from '../../../../test/support/rule-cases.js';
import { applicationSetGenerators } from './rule.js';

describeRule(applicationSetGenerators, import.meta.dirname);
