import { stringAt } from '../capacity/read.js';
import type { KubeObject } from './model.js';

export type Scope = 'Namespaced' | 'Cluster';
/** What a store of schemas says of a kind. */
export type KnownScope = (apiVersion: string, kind: string) => Scope | undefined;
/** The scope of a kind; undefined where neither Kubernetes, a CustomResourceDefinition here nor a known one says. */
export type ScopeOf = (group: string, kind: string) => Scope | undefined;

/** The cluster-scoped kinds of Kubernetes itself (API reference of 1.34), by group. Every other kind of these groups has a namespace. */
const clusterKinds: Readonly<Record<string, readonly string[]>> = {
  '': ['Namespace', 'Node', 'PersistentVolume', 'ComponentStatus'],
  'admissionregistration.k8s.io': [
    'MutatingWebhookConfiguration',
    'ValidatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'MutatingAdmissionPolicy',
    'MutatingAdmissionPolicyBinding',
  ],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'apiregistration.k8s.io': ['APIService'],
  apps: [],
  'authentication.k8s.io': ['TokenReview', 'SelfSubjectReview'],
  'authorization.k8s.io': ['SelfSubjectAccessReview', 'SelfSubjectRulesReview', 'SubjectAccessReview'],
  autoscaling: [],
  batch: [],
  'certificates.k8s.io': ['CertificateSigningRequest', 'ClusterTrustBundle'],
  'coordination.k8s.io': [],
  'discovery.k8s.io': [],
  'events.k8s.io': [],
  'flowcontrol.apiserver.k8s.io': ['FlowSchema', 'PriorityLevelConfiguration'],
  'networking.k8s.io': ['IngressClass', 'IPAddress', 'ServiceCIDR'],
  'node.k8s.io': ['RuntimeClass'],
  policy: [],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding'],
  'resource.k8s.io': ['DeviceClass', 'ResourceSlice', 'DeviceTaintRule'],
  'scheduling.k8s.io': ['PriorityClass'],
  'storage.k8s.io': ['StorageClass', 'VolumeAttachment', 'CSIDriver', 'CSINode', 'VolumeAttributesClass'],
};

/**
 * The cluster-scoped kinds of groups whose definitions are rarely in the repository (their published CRDs, 2026-08). Every
 * other kind of these groups has a namespace.
 */
const customClusterKinds: Readonly<Record<string, readonly string[]>> = {
  'acme.cert-manager.io': [],
  'argoproj.io': ['ClusterWorkflowTemplate', 'ClusterAnalysisTemplate'],
  'autoscaling.x-k8s.io': [],
  'bitnami.com': [],
  'cert-manager.io': ['ClusterIssuer'],
  'disaggregatedset.x-k8s.io': [],
  'eventing.keda.sh': ['ClusterCloudEventSource'],
  'eventing.knative.dev': [],
  'extensions.istio.io': [],
  'external-secrets.io': ['ClusterExternalSecret', 'ClusterPushSecret', 'ClusterSecretStore'],
  'flows.knative.dev': [],
  'gateway.networking.k8s.io': ['GatewayClass'],
  'inference.networking.k8s.io': [],
  'inference.networking.x-k8s.io': [],
  'kaito.sh': ['ModelMirror'],
  'karpenter.k8s.aws': ['EC2NodeClass'],
  'karpenter.sh': ['NodeClaim', 'NodeOverlay', 'NodePool'],
  'keda.sh': ['ClusterTriggerAuthentication'],
  'kubeai.org': [],
  'kueue.x-k8s.io': [
    'AdmissionCheck',
    'ClusterQueue',
    'Cohort',
    'MultiKueueCluster',
    'MultiKueueConfig',
    'ProvisioningRequestConfig',
    'ResourceFlavor',
    'Topology',
    'WorkloadPriorityClass',
  ],
  'leaderworkerset.x-k8s.io': [],
  'messaging.knative.dev': [],
  'monitoring.coreos.com': [],
  'networking.istio.io': [],
  'ray.io': [],
  'security.istio.io': [],
  'serving.knative.dev': [],
  'serving.kserve.io': [
    'ClusterServingRuntime',
    'ClusterStorageContainer',
    'LocalModelCache',
    'LocalModelNode',
    'LocalModelNodeGroup',
  ],
  'sources.knative.dev': [],
  'telemetry.istio.io': [],
  'trust.cert-manager.io': ['Bundle'],
};

/** Scopes by Kubernetes, then by the definitions among the objects, then by what `known` says. */
export function scopesOf(objects: Iterable<KubeObject>, known?: KnownScope): ScopeOf {
  const defined = new Map<string, Scope>();
  const stated = new Map<string, Scope | undefined>();
  for (const object of objects) {
    const id = `${object.group}/${object.kind}`;
    if (known !== undefined && !stated.has(id)) stated.set(id, known(object.apiVersion, object.kind));
    if (object.kind !== 'CustomResourceDefinition') continue;
    const group = stringAt(object.value, 'spec', 'group');
    const kind = stringAt(object.value, 'spec', 'names', 'kind');
    const scope = stringAt(object.value, 'spec', 'scope');
    if (group && kind && (scope === 'Namespaced' || scope === 'Cluster')) defined.set(`${group}/${kind}`, scope);
  }
  return (group, kind) => {
    const builtIn = clusterKinds[group];
    if (builtIn !== undefined) return builtIn.includes(kind) ? 'Cluster' : 'Namespaced';
    const custom = customClusterKinds[group];
    const usual = custom === undefined ? undefined : custom.includes(kind) ? 'Cluster' : 'Namespaced';
    return defined.get(`${group}/${kind}`) ?? stated.get(`${group}/${kind}`) ?? usual;
  };
}
