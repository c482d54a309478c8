import { describeRule } from '../../../../test/support/rule-cases.js';
import { rwoPvcMultiReplica } from './rule.js';

describeRule(rwoPvcMultiReplica, import.meta.dirname);
