import { describeRule } from '../../../../test/support/rule-cases.js';
import { destinationServiceAccount } from './rule.js';

describeRule(destinationServiceAccount, import.meta.dirname);
