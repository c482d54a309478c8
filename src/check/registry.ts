import { readingRules } from './reading.js';
import type { Rule } from './rule.js';
import { ambiguousSelector } from './rules/ambiguous-selector/rule.js';
import { wavesNeedHealth } from './rules/app-of-apps-waves-need-health/rule.js';
import { applicationDestination } from './rules/application-destination/rule.js';
import { applicationIncludesItself } from './rules/application-includes-itself/rule.js';
import { applicationSource } from './rules/application-source/rule.js';
import { autoscalerRange } from './rules/autoscaler-range/rule.js';
import { duplicateIdentity } from './rules/duplicate-identity/rule.js';
import { fitsAtAutoscalerMaximum } from './rules/fits-at-autoscaler-maximum/rule.js';
import { floatingImageTags } from './rules/floating-image-tags/rule.js';
import { gpuCapacity } from './rules/gpu-capacity/rule.js';
import { gpuClasses } from './rules/gpu-classes/rule.js';
import { gpuHeadroom } from './rules/gpu-headroom/rule.js';
import { hookType } from './rules/hook-type/rule.js';
import { manualChildInWave } from './rules/manual-child-in-wave/rule.js';
import { missingBackend } from './rules/missing-backend/rule.js';
import { missingReference } from './rules/missing-reference/rule.js';
import { projectPermits } from './rules/project-permits/rule.js';
import { quotaExceeded } from './rules/quota-exceeded/rule.js';
import { replicasAndAutoscaler } from './rules/replicas-and-autoscaler-both-in-git/rule.js';
import { rolloutDeadlock } from './rules/rollout-deadlock/rule.js';
import { secretsNotInGit } from './rules/secrets-not-in-git/rule.js';
import { serviceName } from './rules/service-name/rule.js';
import { serviceWithoutPods } from './rules/service-without-pods/rule.js';
import { syncOption } from './rules/sync-option/rule.js';
import { syncWave } from './rules/sync-wave/rule.js';
import { twoAutoscalers } from './rules/two-autoscalers-one-target/rule.js';
import { wavesGateFirstInstallOnly } from './rules/waves-gate-first-install-only/rule.js';

/** Every rule that looks at the index, in order of id; one line each. */
export const rules: readonly Rule[] = [
  ambiguousSelector,
  wavesNeedHealth,
  applicationDestination,
  applicationIncludesItself,
  applicationSource,
  autoscalerRange,
  duplicateIdentity,
  fitsAtAutoscalerMaximum,
  floatingImageTags,
  gpuCapacity,
  gpuClasses,
  gpuHeadroom,
  hookType,
  manualChildInWave,
  missingBackend,
  missingReference,
  projectPermits,
  quotaExceeded,
  replicasAndAutoscaler,
  rolloutDeadlock,
  secretsNotInGit,
  serviceName,
  serviceWithoutPods,
  syncOption,
  syncWave,
  twoAutoscalers,
  wavesGateFirstInstallOnly,
];

/** Those, and the ones whose findings come up while files are read. */
export const allRules: readonly Rule[] = [...rules, ...readingRules];

/** The rule of an id, for `explain`. */
export function ruleById(id: string): Rule | undefined {
  return allRules.find((rule) => rule.id === id);
}
