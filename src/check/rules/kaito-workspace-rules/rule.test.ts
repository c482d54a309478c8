import { describeRule } from '../../../../test/support/rule-cases.js';
import { kaitoWorkspaceRules } from './rule.js';

describeRule(kaitoWorkspaceRules, import.meta.dirname);
