import { describeRule } from '../../../../test/support/rule-cases.js';
import { samplerWarmupMemory } from './rule.js';

describeRule(samplerWarmupMemory, import.meta.dirname);
