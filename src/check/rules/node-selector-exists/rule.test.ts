import { describeRule } from '../../../../test/support/rule-cases.js';
import { nodeSelectorExists } from './rule.js';

describeRule(nodeSelectorExists, import.meta.dirname);
