import { describeRule } from '../../../../test/support/rule-cases.js';
import { projectRolePolicy } from './rule.js';

describeRule(projectRolePolicy, import.meta.dirname);
