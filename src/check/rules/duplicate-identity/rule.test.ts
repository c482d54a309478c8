import { describeRule } from '../../../../test/support/rule-cases.js';
import { duplicateIdentity } from './rule.js';

describeRule(duplicateIdentity, import.meta.dirname);
