import type { SchemaNode } from './node.js';

/**
 * What the API server's validation allows in fields that its schemas leave open, by `Definition.field` of the core:
 * the enumerations and bounds that the API reference gives in words
 * (https://kubernetes.io/docs/reference/kubernetes-api/, validation in `pkg/apis/<group>/validation`). They apply wherever the
 * definition is embedded. A leading space allows the empty text, which the API server replaces by the default (or, in a
 * toleration, takes for everything). Only closed sets are here: a value that a later minor added would be refused wrongly, so the
 * union over all bundled minors is taken.
 */
const enums: Readonly<Record<string, string>> = {
  'V1Container.imagePullPolicy': ' Always IfNotPresent Never',
  'V1Container.terminationMessagePolicy': ' File FallbackToLogsOnError',
  'V1Container.restartPolicy': 'Always Never OnFailure',
  'V1ContainerPort.protocol': ' TCP UDP SCTP',
  'V1ServicePort.protocol': ' TCP UDP SCTP',
  'V1NetworkPolicyPort.protocol': ' TCP UDP SCTP',
  'V1HTTPGetAction.scheme': ' HTTP HTTPS',
  'V1PodSpec.restartPolicy': ' Always OnFailure Never',
  'V1PodSpec.dnsPolicy': ' ClusterFirst ClusterFirstWithHostNet Default None',
  'V1PodSpec.preemptionPolicy': 'PreemptLowerPriority Never',
  'V1PriorityClass.preemptionPolicy': 'PreemptLowerPriority Never',
  'V1PodOS.name': 'linux windows',
  'V1PodSecurityContext.fsGroupChangePolicy': 'OnRootMismatch Always',
  'V1PodSecurityContext.supplementalGroupsPolicy': 'Merge Strict',
  'V1SeccompProfile.type': 'Localhost RuntimeDefault Unconfined',
  'V1AppArmorProfile.type': 'Localhost RuntimeDefault Unconfined',
  'V1SecurityContext.procMount': 'Default Unmasked',
  'V1Toleration.effect': ' NoSchedule PreferNoSchedule NoExecute',
  'V1Toleration.operator': ' Exists Equal Lt Gt',
  'V1Taint.effect': 'NoSchedule PreferNoSchedule NoExecute',
  'V1NodeSelectorRequirement.operator': 'In NotIn Exists DoesNotExist Gt Lt',
  'V1LabelSelectorRequirement.operator': 'In NotIn Exists DoesNotExist',
  'V1TopologySpreadConstraint.whenUnsatisfiable': 'DoNotSchedule ScheduleAnyway',
  'V1TopologySpreadConstraint.nodeAffinityPolicy': 'Honor Ignore',
  'V1TopologySpreadConstraint.nodeTaintsPolicy': 'Honor Ignore',
  'V1VolumeMount.mountPropagation': ' None HostToContainer Bidirectional',
  'V1VolumeMount.recursiveReadOnly': 'Disabled IfPossible Enabled',
  'V1HostPathVolumeSource.type': ' DirectoryOrCreate Directory FileOrCreate File Socket CharDevice BlockDevice',
  'V1ImageVolumeSource.pullPolicy': ' Always IfNotPresent Never',
  'V1PersistentVolumeClaimSpec.volumeMode': 'Filesystem Block',
  'V1PersistentVolumeSpec.volumeMode': 'Filesystem Block',
  'V1PersistentVolumeSpec.persistentVolumeReclaimPolicy': ' Retain Delete Recycle',
  'V1StorageClass.reclaimPolicy': 'Retain Delete Recycle',
  'V1StorageClass.volumeBindingMode': 'Immediate WaitForFirstConsumer',
  'V1DeploymentStrategy.type': ' Recreate RollingUpdate',
  'V1StatefulSetUpdateStrategy.type': ' RollingUpdate OnDelete',
  'V1DaemonSetUpdateStrategy.type': ' RollingUpdate OnDelete',
  'V1StatefulSetSpec.podManagementPolicy': ' OrderedReady Parallel',
  'V1StatefulSetPersistentVolumeClaimRetentionPolicy.whenDeleted': 'Retain Delete',
  'V1StatefulSetPersistentVolumeClaimRetentionPolicy.whenScaled': 'Retain Delete',
  'V1CronJobSpec.concurrencyPolicy': ' Allow Forbid Replace',
  'V1JobSpec.completionMode': 'NonIndexed Indexed',
  'V1JobSpec.podReplacementPolicy': 'TerminatingOrFailed Failed',
  'V1ServiceSpec.type': ' ClusterIP NodePort LoadBalancer ExternalName',
  'V1ServiceSpec.sessionAffinity': ' ClientIP None',
  'V1ServiceSpec.externalTrafficPolicy': ' Cluster Local',
  'V1ServiceSpec.internalTrafficPolicy': 'Cluster Local',
  'V1ServiceSpec.ipFamilyPolicy': 'SingleStack PreferDualStack RequireDualStack',
  'V1ServiceSpec.trafficDistribution': 'PreferClose PreferSameZone PreferSameNode',
  'V1HTTPIngressPath.pathType': 'Exact Prefix ImplementationSpecific',
  'V2MetricSpec.type': 'ContainerResource External Object Pods Resource',
  'V2MetricTarget.type': 'Utilization Value AverageValue',
  'V2HPAScalingRules.selectPolicy': 'Max Min Disabled',
  'V2HPAScalingPolicy.type': 'Pods Percent',
  'V1PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy': 'IfHealthyBudget AlwaysAllow',
  'RbacV1Subject.kind': 'ServiceAccount User Group',
  'V1ScopedResourceSelectorRequirement.operator': 'In NotIn Exists DoesNotExist',
  'V1CustomResourceDefinitionSpec.scope': 'Namespaced Cluster',
  'V1CustomResourceConversion.strategy': 'None Webhook',
};

/** Enumerations of the items of a list. */
const itemEnums: Readonly<Record<string, string>> = {
  'V1PersistentVolumeClaimSpec.accessModes': 'ReadOnlyMany ReadWriteMany ReadWriteOnce ReadWriteOncePod',
  'V1PersistentVolumeSpec.accessModes': 'ReadOnlyMany ReadWriteMany ReadWriteOnce ReadWriteOncePod',
  'V1NetworkPolicySpec.policyTypes': 'Ingress Egress',
  'V1ServiceSpec.ipFamilies': 'IPv4 IPv6',
};

/** Bounds as `[minimum, maximum]`. */
const port: readonly [number, number?] = [1, 65535];
const natural: readonly [number, number?] = [0];
const positive: readonly [number, number?] = [1];
const bounds: Readonly<Record<string, readonly [number, number?]>> = {
  'V1ContainerPort.containerPort': port,
  'V1ContainerPort.hostPort': [0, 65535],
  'V1ServicePort.port': port,
  'V1ServicePort.nodePort': [0, 65535],
  'V1ServiceBackendPort.number': port,
  'V1GRPCAction.port': port,
  'V1NetworkPolicyPort.endPort': port,
  'V1Probe.initialDelaySeconds': natural,
  'V1Probe.periodSeconds': positive,
  'V1Probe.timeoutSeconds': positive,
  'V1Probe.failureThreshold': positive,
  'V1Probe.successThreshold': positive,
  'V1Probe.terminationGracePeriodSeconds': positive,
  'V1PodSpec.terminationGracePeriodSeconds': natural,
  'V1PodSpec.activeDeadlineSeconds': [1, 2147483647],
  'V1SecurityContext.runAsUser': [0, 2147483647],
  'V1SecurityContext.runAsGroup': [0, 2147483647],
  'V1PodSecurityContext.runAsUser': [0, 2147483647],
  'V1PodSecurityContext.runAsGroup': [0, 2147483647],
  'V1PodSecurityContext.fsGroup': [0, 2147483647],
  'V1DeploymentSpec.replicas': natural,
  'V1DeploymentSpec.minReadySeconds': natural,
  'V1DeploymentSpec.revisionHistoryLimit': natural,
  'V1DeploymentSpec.progressDeadlineSeconds': natural,
  'V1StatefulSetSpec.replicas': natural,
  'V1StatefulSetSpec.minReadySeconds': natural,
  'V1ReplicaSetSpec.replicas': natural,
  'V1DaemonSetSpec.minReadySeconds': natural,
  'V1JobSpec.parallelism': natural,
  'V1JobSpec.completions': natural,
  'V1JobSpec.backoffLimit': natural,
  'V1JobSpec.activeDeadlineSeconds': natural,
  'V1JobSpec.ttlSecondsAfterFinished': natural,
  'V1CronJobSpec.startingDeadlineSeconds': natural,
  'V1CronJobSpec.successfulJobsHistoryLimit': natural,
  'V1CronJobSpec.failedJobsHistoryLimit': natural,
  'V2HorizontalPodAutoscalerSpec.minReplicas': natural,
  'V2HorizontalPodAutoscalerSpec.maxReplicas': positive,
  'V2HPAScalingRules.stabilizationWindowSeconds': [0, 3600],
  'V2HPAScalingPolicy.periodSeconds': [1, 1800],
  'V2HPAScalingPolicy.value': positive,
  'V2MetricTarget.averageUtilization': positive,
  'V1HorizontalPodAutoscalerSpec.maxReplicas': positive,
  'V1TopologySpreadConstraint.maxSkew': positive,
  'V1TopologySpreadConstraint.minDomains': positive,
  'V1WeightedPodAffinityTerm.weight': [1, 100],
  'V1PreferredSchedulingTerm.weight': [1, 100],
  // Modes are read as octal where they begin with a zero: 0777 is 511.
  'V1ConfigMapVolumeSource.defaultMode': [0, 511],
  'V1SecretVolumeSource.defaultMode': [0, 511],
  'V1ProjectedVolumeSource.defaultMode': [0, 511],
  'V1KeyToPath.mode': [0, 511],
  'V1ClientIPConfig.timeoutSeconds': [1, 86400],
};

/** The limits of a field, by its definition and name. */
export function fieldLimits(definition: string, field: string): Partial<SchemaNode> | undefined {
  const key = `${definition}.${field}`;
  const values = enums[key];
  if (values !== undefined) return { enum: values.split(' ') };
  const bound = bounds[key];
  if (bound === undefined) return undefined;
  return { minimum: bound[0], ...(bound[1] !== undefined && { maximum: bound[1] }) };
}

/** The limits of the items of a list field. */
export function itemLimits(definition: string, field: string): Partial<SchemaNode> | undefined {
  const values = itemEnums[`${definition}.${field}`];
  return values === undefined ? undefined : { enum: values.split(' ') };
}

/** Every `Definition.field` that is limited here, for the test that each of them exists. */
export const limitedFields: readonly string[] = [enums, itemEnums, bounds].flatMap((table) => Object.keys(table));
