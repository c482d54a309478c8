import { describeRule } from '../../../../test/support/rule-cases.js';
import { inventoryAge } from './rule.js';

describeRule(inventoryAge, import.meta.dirname);
