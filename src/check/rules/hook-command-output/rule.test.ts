import { describeRule } from '../../../../test/support/rule-cases.js';
import { hookCommandOutput } from './rule.js';

describeRule(hookCommandOutput, import.meta.dirname);
