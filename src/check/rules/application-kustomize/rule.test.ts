import { describeRule } from '../../../../test/support/rule-cases.js';
import { applicationKustomize } from './rule.js';

describeRule(applicationKustomize, import.meta.dirname);
