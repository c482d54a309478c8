import { groupOf } from './api-version.js';

/** When an API of Kubernetes itself was deprecated, when it is gone, and what replaces it. */
export interface ApiLifecycle {
  readonly apiVersion: string;
  /** All kinds of the version where absent. */
  readonly kinds?: readonly string[];
  readonly deprecated: string;
  /** The first minor without it; absent where it is still there in the newest minor known. */
  readonly removed?: string;
  readonly replacement?: string;
  readonly note?: string;
}

/**
 * From the deprecation guide (https://kubernetes.io/docs/reference/using-api/deprecation-guide/) and, for what is
 * younger than it, the change logs of 1.31 to 1.36.
 */
export const apiLifecycles: readonly ApiLifecycle[] = [
  {
    apiVersion: 'extensions/v1beta1',
    kinds: ['Ingress'],
    deprecated: '1.14',
    removed: '1.22',
    replacement: 'networking.k8s.io/v1',
    note: '`backend.serviceName` became `backend.service.name`, and `pathType` is required',
  },
  {
    apiVersion: 'extensions/v1beta1',
    kinds: ['Deployment', 'DaemonSet', 'ReplicaSet'],
    deprecated: '1.8',
    removed: '1.16',
    replacement: 'apps/v1',
    note: '`spec.selector` is required',
  },
  {
    apiVersion: 'extensions/v1beta1',
    kinds: ['NetworkPolicy'],
    deprecated: '1.9',
    removed: '1.16',
    replacement: 'networking.k8s.io/v1',
  },
  {
    apiVersion: 'extensions/v1beta1',
    kinds: ['PodSecurityPolicy'],
    deprecated: '1.11',
    removed: '1.16',
    note: 'use Pod Security Admission (labels on the Namespace)',
  },
  {
    apiVersion: 'apps/v1beta1',
    deprecated: '1.8',
    removed: '1.16',
    replacement: 'apps/v1',
    note: '`spec.selector` is required',
  },
  { apiVersion: 'apps/v1beta2', deprecated: '1.9', removed: '1.16', replacement: 'apps/v1' },
  {
    apiVersion: 'networking.k8s.io/v1beta1',
    kinds: ['Ingress', 'IngressClass'],
    deprecated: '1.19',
    removed: '1.22',
    replacement: 'networking.k8s.io/v1',
    note: '`backend.serviceName` became `backend.service.name`, and `pathType` is required',
  },
  {
    apiVersion: 'apiextensions.k8s.io/v1beta1',
    deprecated: '1.16',
    removed: '1.22',
    replacement: 'apiextensions.k8s.io/v1',
    note: 'each version needs a structural schema',
  },
  {
    apiVersion: 'apiregistration.k8s.io/v1beta1',
    deprecated: '1.19',
    removed: '1.22',
    replacement: 'apiregistration.k8s.io/v1',
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1beta1',
    kinds: ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
    deprecated: '1.16',
    removed: '1.22',
    replacement: 'admissionregistration.k8s.io/v1',
    note: '`sideEffects` and `admissionReviewVersions` are required',
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1beta1',
    deprecated: '1.17',
    removed: '1.22',
    replacement: 'rbac.authorization.k8s.io/v1',
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1alpha1',
    deprecated: '1.17',
    removed: '1.22',
    replacement: 'rbac.authorization.k8s.io/v1',
  },
  { apiVersion: 'scheduling.k8s.io/v1beta1', deprecated: '1.14', removed: '1.22', replacement: 'scheduling.k8s.io/v1' },
  {
    apiVersion: 'storage.k8s.io/v1beta1',
    kinds: ['StorageClass', 'CSIDriver', 'CSINode', 'VolumeAttachment'],
    deprecated: '1.19',
    removed: '1.22',
    replacement: 'storage.k8s.io/v1',
  },
  {
    apiVersion: 'coordination.k8s.io/v1beta1',
    kinds: ['Lease'],
    deprecated: '1.19',
    removed: '1.22',
    replacement: 'coordination.k8s.io/v1',
  },
  {
    apiVersion: 'certificates.k8s.io/v1beta1',
    kinds: ['CertificateSigningRequest'],
    deprecated: '1.19',
    removed: '1.22',
    replacement: 'certificates.k8s.io/v1',
  },
  {
    apiVersion: 'authentication.k8s.io/v1beta1',
    kinds: ['TokenReview'],
    deprecated: '1.19',
    removed: '1.22',
    replacement: 'authentication.k8s.io/v1',
  },
  {
    apiVersion: 'authorization.k8s.io/v1beta1',
    deprecated: '1.19',
    removed: '1.22',
    replacement: 'authorization.k8s.io/v1',
  },
  { apiVersion: 'batch/v1beta1', kinds: ['CronJob'], deprecated: '1.21', removed: '1.25', replacement: 'batch/v1' },
  { apiVersion: 'batch/v2alpha1', kinds: ['CronJob'], deprecated: '1.8', removed: '1.21', replacement: 'batch/v1' },
  { apiVersion: 'discovery.k8s.io/v1beta1', deprecated: '1.21', removed: '1.25', replacement: 'discovery.k8s.io/v1' },
  { apiVersion: 'events.k8s.io/v1beta1', deprecated: '1.19', removed: '1.25', replacement: 'events.k8s.io/v1' },
  {
    apiVersion: 'autoscaling/v2beta1',
    deprecated: '1.22',
    removed: '1.25',
    replacement: 'autoscaling/v2',
    note: '`targetAverageUtilization` became `target.averageUtilization` with `target.type: Utilization`',
  },
  { apiVersion: 'autoscaling/v2beta2', deprecated: '1.23', removed: '1.26', replacement: 'autoscaling/v2' },
  {
    apiVersion: 'policy/v1beta1',
    kinds: ['PodDisruptionBudget'],
    deprecated: '1.21',
    removed: '1.25',
    replacement: 'policy/v1',
    note: 'an empty selector selects every Pod of the namespace in policy/v1',
  },
  {
    apiVersion: 'policy/v1beta1',
    kinds: ['PodSecurityPolicy'],
    deprecated: '1.21',
    removed: '1.25',
    note: 'use Pod Security Admission (labels on the Namespace)',
  },
  {
    apiVersion: 'node.k8s.io/v1beta1',
    kinds: ['RuntimeClass'],
    deprecated: '1.20',
    removed: '1.25',
    replacement: 'node.k8s.io/v1',
  },
  {
    apiVersion: 'storage.k8s.io/v1beta1',
    kinds: ['CSIStorageCapacity'],
    deprecated: '1.24',
    removed: '1.27',
    replacement: 'storage.k8s.io/v1',
  },
  {
    apiVersion: 'flowcontrol.apiserver.k8s.io/v1alpha1',
    deprecated: '1.20',
    removed: '1.24',
    replacement: 'flowcontrol.apiserver.k8s.io/v1',
  },
  {
    apiVersion: 'flowcontrol.apiserver.k8s.io/v1beta1',
    deprecated: '1.23',
    removed: '1.26',
    replacement: 'flowcontrol.apiserver.k8s.io/v1',
  },
  {
    apiVersion: 'flowcontrol.apiserver.k8s.io/v1beta2',
    deprecated: '1.26',
    removed: '1.29',
    replacement: 'flowcontrol.apiserver.k8s.io/v1',
  },
  {
    apiVersion: 'flowcontrol.apiserver.k8s.io/v1beta3',
    deprecated: '1.29',
    removed: '1.32',
    replacement: 'flowcontrol.apiserver.k8s.io/v1',
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1beta1',
    kinds: ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'],
    deprecated: '1.31',
    removed: '1.34',
    replacement: 'admissionregistration.k8s.io/v1',
  },
  { apiVersion: 'v1', kinds: ['ComponentStatus'], deprecated: '1.19' },
  { apiVersion: 'v1', kinds: ['Endpoints'], deprecated: '1.33', replacement: 'discovery.k8s.io/v1 EndpointSlice' },
  {
    apiVersion: 'resource.k8s.io/v1alpha2',
    deprecated: '1.31',
    removed: '1.31',
    replacement: 'resource.k8s.io/v1',
    note: 'served as v1 from 1.34, as v1beta1 from 1.32 where it is enabled',
  },
  {
    apiVersion: 'resource.k8s.io/v1alpha3',
    kinds: ['ResourceClaim', 'ResourceClaimTemplate', 'DeviceClass', 'ResourceSlice'],
    deprecated: '1.32',
    removed: '1.34',
    replacement: 'resource.k8s.io/v1',
  },
];

/** What is known of an API of the core's own groups, whatever the version of the cluster. */
export function lifecycleOf(apiVersion: string, kind: string): ApiLifecycle | undefined {
  return apiLifecycles.find((entry) => entry.apiVersion === apiVersion && entry.kinds?.includes(kind) !== false);
}

/** Groups that Kubernetes itself serves: an unknown kind there is an error and no missing schema. */
const coreGroups: ReadonlySet<string> = new Set([
  '',
  'apps',
  'autoscaling',
  'batch',
  'extensions',
  'policy',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'internal.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
]);

/** Whether Kubernetes itself serves this group. */
export function isCoreGroup(apiVersion: string): boolean {
  return coreGroups.has(groupOf(apiVersion));
}
