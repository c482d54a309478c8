import { describeRule } from '../../../../test/support/rule-cases.js';
import { routeTimeoutForStreaming } from './rule.js';

describeRule(routeTimeoutForStreaming, import.meta.dirname);
