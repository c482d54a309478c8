import { describeRule } from '../../../../test/support/rule-cases.js';
import { secretsNotInGit } from './rule.js';

describeRule(secretsNotInGit, import.meta.dirname);
