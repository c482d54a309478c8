import { describeRule } from '../../../../test/support/rule-cases.js';
import { pruneDeletesVolumes } from './rule.js';

describeRule(pruneDeletesVolumes, import.meta.dirname);
