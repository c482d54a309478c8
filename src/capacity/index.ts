export { judge } from './alternatives.js';
export {
  type Assessment,
  type AssessOptions,
  assess,
  devices,
  type PoolRow,
  type RolloutOutcome,
  type WaveRow,
  worst,
} from './assess.js';
export { unplacedSlices, withResourceSlices } from './claims.js';
export { type ClosedNode, isClosed, isStateTaint, placedPods, statesOf } from './closed.js';
export { type DemandContext, demandOf, demandsOf, podContextOf } from './demand.js';
export type { DeviceSelector } from './devices.js';
export * from './facts.js';
export {
  type ImportedPool,
  type Inventory,
  type InventoryOptions,
  importInventory,
  takenOfKubernetes,
} from './inventory.js';
export { itemsOf, type NodePool, nodesOfKubernetes, nodesOfPool, withTaken } from './nodes.js';
export {
  amountOf,
  judgeQuantity,
  parseQuantity,
  type Quantity,
  type QuantityProblem,
  type QuantityResult,
  showAmount,
} from './quantity.js';
export { type DeclaredQuotas, judgeQuotas, type Quota, type QuotaFinding, quotasOf, quotasOfCluster } from './quota.js';
export { type Replay, type ReplayOptions, replay, type SchedulerProfile } from './replay.js';
export {
  bar,
  capacityHtml,
  capacityMarkdown,
  capacityReport,
  capacityText,
  orderSentence,
  type ReportOptions,
  statusWords,
} from './report.js';
export { rolloutCounts, type Scaler, scalerOf, withScalers } from './scalers.js';
export { type ScenarioOptions, scenarios } from './scenario.js';
export { joinedTitle, judgeScenarios } from './scenario-verdicts.js';
export { isAutomaticLabel, isGke, type Settled, type SettleOptions, settle } from './settle.js';
export type * from './verdict.js';
export { verifyCertificate } from './verify/certificate.js';
export { verifyPlacement } from './verify/placement.js';
