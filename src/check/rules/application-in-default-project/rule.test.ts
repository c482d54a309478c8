import { describeRule } from '../../../../test/support/rule-cases.js';
import { applicationInDefaultProject } from './rule.js';

describeRule(applicationInDefaultProject, import.meta.dirname);
