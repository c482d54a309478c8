import { describeRule } from '../../../../test/support/rule-cases.js';
import { linkAnnotation } from './rule.js';

describeRule(linkAnnotation, import.meta.dirname);
