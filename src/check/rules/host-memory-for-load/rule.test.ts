import { describeRule } from '../../../../test/support/rule-cases.js';
import { hostMemoryForLoad } from './rule.js';

describeRule(hostMemoryForLoad, import.meta.dirname);
