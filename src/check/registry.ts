import { readingRules } from './reading.js';
import type { Rule } from './rule.js';
import { ambiguousSelector } from './rules/ambiguous-selector/rule.js';
import { wavesNeedHealth } from './rules/app-of-apps-waves-need-health/rule.js';
import { applicationDestination } from './rules/application-destination/rule.js';
import { applicationFinalizer } from './rules/application-finalizer/rule.js';
import { applicationInDefaultProject } from './rules/application-in-default-project/rule.js';
import { applicationIncludesItself } from './rules/application-includes-itself/rule.js';
import { applicationKustomize } from './rules/application-kustomize/rule.js';
import { applicationSize } from './rules/application-size/rule.js';
import { applicationSource } from './rules/application-source/rule.js';
import { applicationSetGenerators } from './rules/applicationset-generators/rule.js';
import { archMatchesNode } from './rules/arch-matches-node/rule.js';
import { argocdRetryTimeoutCoversStartup } from './rules/argocd-retry-timeout-covers-startup/rule.js';
import { autoscaleMetricExists } from './rules/autoscale-metric-exists/rule.js';
import { autoscalerRange } from './rules/autoscaler-range/rule.js';
import { cacheVolumeBigEnough } from './rules/cache-volume-big-enough/rule.js';
import { cpuOffloadCountsAsRam } from './rules/cpu-offload-counts-as-ram/rule.js';
import { destinationServiceAccount } from './rules/destination-service-account/rule.js';
import { draAndDevicePluginConflict } from './rules/dra-and-device-plugin-conflict/rule.js';
import { duplicateIdentity } from './rules/duplicate-identity/rule.js';
import { engineFlagKnown } from './rules/engine-flag-known/rule.js';
import { ephemeralStorageRequest } from './rules/ephemeral-storage-request/rule.js';
import { fitsAtAutoscalerMaximum } from './rules/fits-at-autoscaler-maximum/rule.js';
import { floatingImageTags } from './rules/floating-image-tags/rule.js';
import { fractionalGpuIsNotAGpu } from './rules/fractional-gpu-is-not-a-gpu/rule.js';
import { gangForMultinode } from './rules/gang-for-multinode/rule.js';
import { gateBypassed } from './rules/gate-bypassed-by-auto-sync/rule.js';
import { gpuCapacity } from './rules/gpu-capacity/rule.js';
import { gpuClasses } from './rules/gpu-classes/rule.js';
import { gpuFamilyShare } from './rules/gpu-family-share/rule.js';
import { gpuHeadroom } from './rules/gpu-headroom/rule.js';
import { gpuMemoryLabelExactMatch } from './rules/gpu-memory-label-exact-match/rule.js';
import { gpuMemoryWeightsFit } from './rules/gpu-memory-weights-fit/rule.js';
import { gpuPhaseBudget } from './rules/gpu-phase-budget/rule.js';
import { gpuResourceName } from './rules/gpu-resource-name/rule.js';
import { gpuTolerationPresent } from './rules/gpu-toleration-present/rule.js';
import { gracefulShutdownBudget } from './rules/graceful-shutdown-budget/rule.js';
import { hfTokenSecret } from './rules/hf-token-secret/rule.js';
import { hookCommandOutput } from './rules/hook-command-output/rule.js';
import { hookSkippedBySelfHeal } from './rules/hook-skipped-by-self-heal/rule.js';
import { hookType } from './rules/hook-type/rule.js';
import { hostMemoryForLoad } from './rules/host-memory-for-load/rule.js';
import { ignoreDifferences } from './rules/ignore-differences/rule.js';
import { imperativeApply } from './rules/imperative-apply-outside-git/rule.js';
import { inferencepoolSelectorAndPort } from './rules/inferencepool-selector-and-port/rule.js';
import { inventoryAge } from './rules/inventory-age/rule.js';
import { kaitoWorkspaceRules } from './rules/kaito-workspace-rules/rule.js';
import { karpenterDoNotDisrupt } from './rules/karpenter-do-not-disrupt/rule.js';
import { kserveLlmisvcRules } from './rules/kserve-llmisvc-rules/rule.js';
import { kueueQueueLabel } from './rules/kueue-queue-label/rule.js';
import { kvCacheConcurrencyFloor } from './rules/kv-cache-concurrency-floor/rule.js';
import { kvCacheHoldsMaxModelLen } from './rules/kv-cache-holds-max-model-len/rule.js';
import { largeCrdServerSideApply } from './rules/large-crd-server-side-apply/rule.js';
import { linkAnnotation } from './rules/link-annotation/rule.js';
import { livenessWithoutStartup } from './rules/liveness-without-startup/rule.js';
import { lwsRestartPolicy } from './rules/lws-restart-policy/rule.js';
import { manualChildInWave } from './rules/manual-child-in-wave/rule.js';
import { maxModelLenWithinModel } from './rules/max-model-len-within-model/rule.js';
import { metricsActuallyScraped } from './rules/metrics-actually-scraped/rule.js';
import { migNoTensorParallel } from './rules/mig-no-tensor-parallel/rule.js';
import { migProfileExists } from './rules/mig-profile-exists/rule.js';
import { migStrategyMatchesResource } from './rules/mig-strategy-matches-resource/rule.js';
import { missingBackend } from './rules/missing-backend/rule.js';
import { missingReference } from './rules/missing-reference/rule.js';
import { modelDownloadStorm } from './rules/model-download-storm/rule.js';
import { moeExpertParallelShape } from './rules/moe-expert-parallel-shape/rule.js';
import { multimodalLimit } from './rules/multimodal-limit/rule.js';
import { nameLength } from './rules/name-length/rule.js';
import { namespaceMetadataWithoutCreate } from './rules/namespace-metadata-without-create/rule.js';
import { noCpuPodsOnGpuNodes } from './rules/no-cpu-pods-on-gpu-nodes/rule.js';
import { nodeSelectorExists } from './rules/node-selector-exists/rule.js';
import { orderSafePlacement } from './rules/order-safe-placement/rule.js';
import { pdbCompatible } from './rules/pdb-compatible/rule.js';
import { pinBatchDefaults } from './rules/pin-batch-defaults/rule.js';
import { pinGpuMemoryUtilization } from './rules/pin-gpu-memory-utilization/rule.js';
import { podSecurityLevel } from './rules/pod-security-level/rule.js';
import { ppKvCheckBug } from './rules/pp-kv-check-bug/rule.js';
import { prefillDecodeBudget } from './rules/prefill-decode-budget/rule.js';
import { probePathAndPort } from './rules/probe-path-and-port/rule.js';
import { progressDeadlineCoversStartup } from './rules/progress-deadline-covers-startup/rule.js';
import { projectDenyEntry } from './rules/project-deny-entry/rule.js';
import { projectEntryTwice } from './rules/project-entry-twice/rule.js';
import { projectPermits } from './rules/project-permits/rule.js';
import { projectRolePolicy } from './rules/project-role-policy/rule.js';
import { projectTooOpen } from './rules/project-too-open/rule.js';
import { pruneDeletesVolumes } from './rules/prune-deletes-volumes/rule.js';
import { quantisationMatchesGpu } from './rules/quantisation-matches-gpu/rule.js';
import { quantisedCheckpointIsReallyQuantised } from './rules/quantised-checkpoint-is-really-quantised/rule.js';
import { quotaExceeded } from './rules/quota-exceeded/rule.js';
import { recreateMeansDowntime } from './rules/recreate-means-downtime/rule.js';
import { replicasAndAutoscaler } from './rules/replicas-and-autoscaler-both-in-git/rule.js';
import { requiredAntiAffinitySatisfiable } from './rules/required-anti-affinity-satisfiable/rule.js';
import { reservedNamespace } from './rules/reserved-namespace/rule.js';
import { rolloutBothZero } from './rules/rollout-both-zero/rule.js';
import { rolloutDeadlock } from './rules/rollout-deadlock/rule.js';
import { routeTimeoutForStreaming } from './rules/route-timeout-for-streaming/rule.js';
import { routeWeightsSum } from './rules/route-weights-sum/rule.js';
import { routesLeadToDistinctBackends } from './rules/routes-lead-to-distinct-backends/rule.js';
import { rwoPvcMultiReplica } from './rules/rwo-pvc-multi-replica/rule.js';
import { samplerWarmupMemory } from './rules/sampler-warmup-memory/rule.js';
import { scaleDownStabilisation } from './rules/scale-down-stabilisation/rule.js';
import { scaleToZeroColdStart } from './rules/scale-to-zero-cold-start/rule.js';
import { secretsNotInGit } from './rules/secrets-not-in-git/rule.js';
import { servedModelNameMatchesRoute } from './rules/served-model-name-matches-route/rule.js';
import { serviceLinksVllmPort } from './rules/service-links-vllm-port/rule.js';
import { serviceName } from './rules/service-name/rule.js';
import { serviceWithoutPods } from './rules/service-without-pods/rule.js';
import { shmVolume } from './rules/shm-volume/rule.js';
import { startupProbeCoversLoad } from './rules/startup-probe-covers-load/rule.js';
import { survivesNodeLoss } from './rules/survives-node-loss/rule.js';
import { syncOption } from './rules/sync-option/rule.js';
import { syncWave } from './rules/sync-wave/rule.js';
import { syncWindow } from './rules/sync-window/rule.js';
import { tpAboveKvHeads } from './rules/tp-above-kv-heads/rule.js';
import { tpDividesHeads } from './rules/tp-divides-heads/rule.js';
import { tpEqualsGpuRequest } from './rules/tp-equals-gpu-request/rule.js';
import { tpNeedsFastLink } from './rules/tp-needs-fast-link/rule.js';
import { tpWithinOneNode } from './rules/tp-within-one-node/rule.js';
import { trustRemoteCode } from './rules/trust-remote-code/rule.js';
import { twoAutoscalers } from './rules/two-autoscalers-one-target/rule.js';
import { utilIsFractionOfTotal } from './rules/util-is-fraction-of-total/rule.js';
import { utilLeavesRoomForCudagraphs } from './rules/util-leaves-room-for-cudagraphs/rule.js';
import { waveOrder } from './rules/wave-order/rule.js';
import { waveOrderAcrossApplications } from './rules/wave-order-across-applications/rule.js';
import { wavesGateFirstInstallOnly } from './rules/waves-gate-first-install-only/rule.js';
import { workflowReferencesExist } from './rules/workflow-references-exist/rule.js';
import { writableCachesWithHardening } from './rules/writable-caches-with-hardening/rule.js';

/** Every rule that looks at the index, in order of id; one line each. */
export const rules: readonly Rule[] = [
  ambiguousSelector,
  wavesNeedHealth,
  applicationDestination,
  applicationFinalizer,
  applicationInDefaultProject,
  applicationIncludesItself,
  applicationKustomize,
  applicationSize,
  applicationSource,
  applicationSetGenerators,
  archMatchesNode,
  argocdRetryTimeoutCoversStartup,
  autoscaleMetricExists,
  autoscalerRange,
  cacheVolumeBigEnough,
  cpuOffloadCountsAsRam,
  destinationServiceAccount,
  draAndDevicePluginConflict,
  duplicateIdentity,
  engineFlagKnown,
  ephemeralStorageRequest,
  fitsAtAutoscalerMaximum,
  floatingImageTags,
  fractionalGpuIsNotAGpu,
  gangForMultinode,
  gateBypassed,
  gpuCapacity,
  gpuClasses,
  gpuFamilyShare,
  gpuHeadroom,
  gpuMemoryLabelExactMatch,
  gpuMemoryWeightsFit,
  gpuPhaseBudget,
  gpuResourceName,
  gpuTolerationPresent,
  gracefulShutdownBudget,
  hfTokenSecret,
  hookCommandOutput,
  hookSkippedBySelfHeal,
  hookType,
  hostMemoryForLoad,
  ignoreDifferences,
  imperativeApply,
  inferencepoolSelectorAndPort,
  inventoryAge,
  kaitoWorkspaceRules,
  karpenterDoNotDisrupt,
  kserveLlmisvcRules,
  kueueQueueLabel,
  kvCacheConcurrencyFloor,
  kvCacheHoldsMaxModelLen,
  largeCrdServerSideApply,
  linkAnnotation,
  livenessWithoutStartup,
  lwsRestartPolicy,
  manualChildInWave,
  maxModelLenWithinModel,
  metricsActuallyScraped,
  migNoTensorParallel,
  migProfileExists,
  migStrategyMatchesResource,
  missingBackend,
  missingReference,
  modelDownloadStorm,
  moeExpertParallelShape,
  multimodalLimit,
  nameLength,
  namespaceMetadataWithoutCreate,
  noCpuPodsOnGpuNodes,
  nodeSelectorExists,
  orderSafePlacement,
  pdbCompatible,
  pinBatchDefaults,
  pinGpuMemoryUtilization,
  podSecurityLevel,
  ppKvCheckBug,
  prefillDecodeBudget,
  probePathAndPort,
  progressDeadlineCoversStartup,
  projectDenyEntry,
  projectEntryTwice,
  projectPermits,
  projectRolePolicy,
  projectTooOpen,
  pruneDeletesVolumes,
  quantisationMatchesGpu,
  quantisedCheckpointIsReallyQuantised,
  quotaExceeded,
  recreateMeansDowntime,
  replicasAndAutoscaler,
  requiredAntiAffinitySatisfiable,
  reservedNamespace,
  rolloutBothZero,
  rolloutDeadlock,
  routeTimeoutForStreaming,
  routeWeightsSum,
  routesLeadToDistinctBackends,
  rwoPvcMultiReplica,
  samplerWarmupMemory,
  scaleDownStabilisation,
  scaleToZeroColdStart,
  secretsNotInGit,
  servedModelNameMatchesRoute,
  serviceLinksVllmPort,
  serviceName,
  serviceWithoutPods,
  shmVolume,
  startupProbeCoversLoad,
  survivesNodeLoss,
  syncOption,
  syncWave,
  syncWindow,
  tpAboveKvHeads,
  tpDividesHeads,
  tpEqualsGpuRequest,
  tpNeedsFastLink,
  tpWithinOneNode,
  trustRemoteCode,
  twoAutoscalers,
  utilIsFractionOfTotal,
  utilLeavesRoomForCudagraphs,
  waveOrder,
  waveOrderAcrossApplications,
  wavesGateFirstInstallOnly,
  workflowReferencesExist,
  writableCachesWithHardening,
];

/** Those, and the ones whose findings come up while files are read. */
export const allRules: readonly Rule[] = [...rules, ...readingRules];

/** The rule of an id, for `explain`. */
export function ruleById(id: string): Rule | undefined {
  return allRules.find((rule) => rule.id === id);
}
