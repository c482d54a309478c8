import { describeRule } from '../../../../test/support/rule-cases.js';
import { lwsRestartPolicy } from './rule.js';

describeRule(lwsRestartPolicy, import.meta.dirname);
