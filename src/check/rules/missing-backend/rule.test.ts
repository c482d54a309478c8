import { describeRule } from '../../../../test/support/rule-cases.js';
import { missingBackend } from './rule.js';

describeRule(missingBackend, import.meta.dirname);
