import { describeRule } from '../../../../test/support/rule-cases.js';
import { serviceLinksVllmPort } from './rule.js';

describeRule(serviceLinksVllmPort, import.meta.dirname);
