export { type DemandContext, demandOf, podContextOf } from './demand.js';
export * from './facts.js';
export { judge } from './judge.js';
export { itemsOf, type NodePool, nodesOfKubernetes, nodesOfPool, withResourceSlices, withTaken } from './nodes.js';
export {
  amountOf,
  judgeQuantity,
  parseQuantity,
  type Quantity,
  type QuantityProblem,
  type QuantityResult,
  showAmount,
} from './quantity.js';
export { rolloutCounts, type Scaler, scalerOf, withScalers } from './scalers.js';
export { type ScenarioOptions, scenarios } from './scenario.js';
export type * from './verdict.js';
export { verifyCertificate } from './verify/certificate.js';
export { verifyPlacement } from './verify/placement.js';
