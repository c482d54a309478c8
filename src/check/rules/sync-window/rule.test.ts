import { describeRule } from '../../../../test/support/rule-cases.js';
import { syncWindow } from './rule.js';

describeRule(syncWindow, import.meta.dirname);
