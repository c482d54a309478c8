import { describeRule } from '../../../../test/support/rule-cases.js';
import { moeExpertParallelShape } from './rule.js';

describeRule(moeExpertParallelShape, import.meta.dirname);
