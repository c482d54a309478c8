import { describeRule } from '../../../../test/support/rule-cases.js';
import { kvCacheConcurrencyFloor } from './rule.js';

describeRule(kvCacheConcurrencyFloor, import.meta.dirname);
