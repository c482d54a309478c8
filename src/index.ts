export type { BuildOptions, BuildResult, FieldSource, Resource } from './build/index.js';
export { buildKustomization, emitStream } from './build/index.js';
export type { Report } from './check/report.js';
export type { Rule, RuleContext } from './check/rule.js';
export { type CheckOptions, check } from './check/run.js';
export type { Diagnostic, Json, JsonObject, Place, Problem, Range, Severity } from './diagnostics/diagnostic.js';
export { type FileMap, type Tree, treeOf } from './files/file-map.js';
export { type FitRequest, type FitResult, findGpu, findModel, fit, listGpus, listModels } from './models/index.js';
export { type Repository, readRepository } from './repository/index.js';
