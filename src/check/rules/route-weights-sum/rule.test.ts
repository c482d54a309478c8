import { describeRule } from '../../../../test/support/rule-cases.js';
import { routeWeightsSum } from './rule.js';

describeRule(routeWeightsSum, import.meta.dirname);
