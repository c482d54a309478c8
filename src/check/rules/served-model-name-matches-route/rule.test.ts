import { describeRule } from '../../../../test/support/rule-cases.js';
import { servedModelNameMatchesRoute } from './rule.js';

describeRule(servedModelNameMatchesRoute, import.meta.dirname);
