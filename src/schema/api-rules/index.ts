import type { RuleContext } from './context.js';
import { checkData, checkRbac } from './data.js';
import { checkDefinition } from './definitions.js';
import { checkJobs } from './jobs.js';
import { checkMetadata } from './metadata.js';
import { checkNetworkPolicy } from './network-policy.js';
import { checkPods } from './pods.js';
import { checkAutoscaler, checkDisruptionBudget } from './scaling.js';
import { checkIngress, checkService } from './services.js';
import { checkWorkload } from './workloads.js';

const checks: readonly ((context: RuleContext) => void)[] = [
  checkMetadata,
  checkWorkload,
  checkPods,
  checkService,
  checkIngress,
  checkAutoscaler,
  checkDisruptionBudget,
  checkJobs,
  checkData,
  checkRbac,
  checkNetworkPolicy,
  checkDefinition,
];

/** Validation of the API server that its schemas do not hold, for one object. */
export function checkApiRules(context: RuleContext): void {
  for (const check of checks) check(context);
}
