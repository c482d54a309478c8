import { describeRule } from '../../../../test/support/rule-cases.js';
import { tpNeedsFastLink } from './rule.js';

describeRule(tpNeedsFastLink, import.meta.dirname);
