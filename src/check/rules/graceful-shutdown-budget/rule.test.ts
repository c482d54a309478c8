import { describeRule } from '../../../../test/support/rule-cases.js';
import { gracefulShutdownBudget } from './rule.js';

describeRule(gracefulShutdownBudget, import.meta.dirname);
