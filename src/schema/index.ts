export { minorOf, minorRange } from './api-version.js';
export { type CelEngine, loadCelEngine, loadDeviceSelector } from './cel/check.js';
export { type CustomDefinition, haveRules, readCrd } from './crd.js';
export { explain, type SchemaIssue } from './explain.js';
export { type ApiNotice, type FoundSchema, isFound, type NoSchema } from './found.js';
export { toJsonSchema } from './json-schema.js';
export { isClusterObject, listItems } from './objects.js';
export { readSchema } from './open-api.js';
export { type RuleDoc, ruleDocs } from './rules.js';
export { locationPath, type SchemaLocation } from './schema-location.js';
export {
  acrossVersions,
  isSuccess,
  type KindSelection,
  type Outcome,
  outcomeOf,
  type Summary,
  selectKind,
  summarize,
} from './selection.js';
export { createSchemaStore, type LoadSchemaFile, SchemaStore, type SchemaStoreOptions } from './store.js';
export { type Verdict, validateResource } from './validate.js';
export { checkYamlWords } from './yaml-words.js';
