import { describeRule } from '../../../../test/support/rule-cases.js';
import { largeCrdServerSideApply } from './rule.js';

describeRule(largeCrdServerSideApply, import.meta.dirname);
