import { describeRule } from '../../../../test/support/rule-cases.js';
import { pdbCompatible } from './rule.js';

describeRule(pdbCompatible, import.meta.dirname);
