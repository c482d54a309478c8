import { describeRule } from '../../../../test/support/rule-cases.js';
import { argocdRetryTimeoutCoversStartup } from './rule.js';

describeRule(argocdRetryTimeoutCoversStartup, import.meta.dirname);
