import { describeRule } from '../../../../test/support/rule-cases.js';
import { modelDownloadStorm } from './rule.js';

describeRule(modelDownloadStorm, import.meta.dirname);
