export {
  findGpu,
  findModel,
  gpuOfLabel,
  gpuOfMachine,
  gpuOfProduct,
  listGpus,
  listModels,
  precisionOfCheckpoint,
  suggestGpus,
  suggestModels,
} from './catalog.js';
export type { ContainerCommand, EnvVariable, WordSource } from './command-line.js';
export {
  atLeast,
  type EngineDefaults,
  type EngineVersion,
  engineDefaults,
  MEASURED_UP_TO,
  parseEngineVersion,
} from './engine.js';
export {
  type Attention,
  type Checkpoint,
  type Experts,
  type GpuClass,
  type GpuNodeType,
  type GpuProduct,
  type KvCacheDtype,
  type ModelFacts,
  PRECISIONS,
  type Precision,
} from './facts.js';
export {
  DEFAULT_CONTEXT,
  type FitRequest,
  type FitResult,
  type FitTerms,
  type FitVerdict,
  type SmallestChange,
} from './fit.js';
export { type ConfigProblem, type ConfigResult, modelFromHfConfig } from './hf-config.js';
export { type HostRequirements, hostRequirements, MODEL_STORAGES, type ModelStorage } from './host.js';
export { type Objection, validTensorSizes } from './refusals.js';
export { type FitReport, fitMatrix, fitReport, formatFit, formatFitTable } from './report.js';
export {
  type ContainerResources,
  GPU_RESOURCES,
  judgeResources,
  meantGpuResource,
  type ResourceProblem,
} from './resource-rules.js';
export { SERVED } from './served.js';
export { type ServingContext, type ServingProblem, type ServingRule, servingPrecision } from './serving-context.js';
export { engineVersionOf, type ServingFacts, type StatedFlag, servingFacts } from './serving-facts.js';
export { judgeServing, servingRule, servingRules } from './serving-rules.js';
export {
  fit,
  type GpuOffer,
  type SmallestFit,
  type SmallestFitOptions,
  type SmallestFitSearch,
  smallestFit,
} from './smallest.js';
export { checkpointFor, type Parallelism } from './weights.js';
