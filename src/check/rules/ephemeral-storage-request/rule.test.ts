import { describeRule } from '../../../../test/support/rule-cases.js';
import { ephemeralStorageRequest } from './rule.js';

describeRule(ephemeralStorageRequest, import.meta.dirname);
