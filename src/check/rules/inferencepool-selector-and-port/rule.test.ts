import { describeRule } from '../../../../test/support/rule-cases.js';
import { inferencepoolSelectorAndPort } from './rule.js';

describeRule(inferencepoolSelectorAndPort, import.meta.dirname);
