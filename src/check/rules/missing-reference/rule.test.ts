import { describeRule } from '../../../../test/support/rule-cases.js';
import { missingReference } from './rule.js';

describeRule(missingReference, import.meta.dirname);
