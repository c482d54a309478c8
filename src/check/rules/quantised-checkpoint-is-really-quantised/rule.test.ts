import { describeRule } from '../../../../test/support/rule-cases.js';
import { quantisedCheckpointIsReallyQuantised } from './rule.js';

describeRule(quantisedCheckpointIsReallyQuantised, import.meta.dirname);
