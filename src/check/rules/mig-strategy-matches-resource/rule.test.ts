import { describeRule } from '../../../../test/support/rule-cases.js';
import { migStrategyMatchesResource } from './rule.js';

describeRule(migStrategyMatchesResource, import.meta.dirname);
