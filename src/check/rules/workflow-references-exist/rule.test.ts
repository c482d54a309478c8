import { describeRule } from '../../../../test/support/rule-cases.js';
import { workflowReferencesExist } from './rule.js';

describeRule(workflowReferencesExist, import.meta.dirname);
