import { describeRule } from '../../../../test/support/rule-cases.js';
import { engineFlagKnown } from './rule.js';

describeRule(engineFlagKnown, import.meta.dirname);
