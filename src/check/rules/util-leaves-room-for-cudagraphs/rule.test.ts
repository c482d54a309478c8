import { describeRule } from '../../../../test/support/rule-cases.js';
import { utilLeavesRoomForCudagraphs } from './rule.js';

describeRule(utilLeavesRoomForCudagraphs, import.meta.dirname);
