import { describeRule } from '../../../../test/support/rule-cases.js';
import { routesLeadToDistinctBackends } from './rule.js';

describeRule(routesLeadToDistinctBackends, import.meta.dirname);
