import { describeRule } from '../../../../test/support/rule-cases.js';
import { archMatchesNode } from './rule.js';

describeRule(archMatchesNode, import.meta.dirname);
