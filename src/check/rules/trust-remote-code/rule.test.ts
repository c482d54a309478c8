import { describeRule } from '../../../../test/support/rule-cases.js';
import { trustRemoteCode } from './rule.js';

describeRule(trustRemoteCode, import.meta.dirname);
