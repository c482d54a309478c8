import { describeRule } from '../../../../test/support/rule-cases.js';
import { floatingImageTags } from './rule.js';

describeRule(floatingImageTags, import.meta.dirname);
