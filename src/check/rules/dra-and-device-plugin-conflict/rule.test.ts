import { describeRule } from '../../../../test/support/rule-cases.js';
import { draAndDevicePluginConflict } from './rule.js';

describeRule(draAndDevicePluginConflict, import.meta.dirname);
