import { describeRule } from '../../../../test/support/rule-cases.js';
import { cacheVolumeBigEnough } from './rule.js';

describeRule(cacheVolumeBigEnough, import.meta.dirname);
