import { describeRule } from '../../../../test/support/rule-cases.js';
import { ppKvCheckBug } from './rule.js';

describeRule(ppKvCheckBug, import.meta.dirname);
