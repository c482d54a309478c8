import { describeRule } from '../../../../test/support/rule-cases.js';
import { namespaceMetadataWithoutCreate } from './rule.js';

describeRule(namespaceMetadataWithoutCreate, import.meta.dirname);
