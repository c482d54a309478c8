/**
 * Kinds of the bundled packages that belong to the cluster and not to a namespace (`scope: Cluster` in their projects'
 * CRDs; the packages do not say). Every other kind there is namespaced.
 */
export const clusterScopedKinds: ReadonlySet<string> = new Set([
  'AWSPCAClusterIssuer',
  'Bundle',
  'CertificateRequestPolicy',
  'ClusterAnalysisTemplate',
  'ClusterBundle',
  'ClusterCloudEventSource',
  'ClusterExternalSecret',
  'ClusterGenerator',
  'ClusterIssuer',
  'ClusterPushSecret',
  'ClusterSecretStore',
  'ClusterTriggerAuthentication',
  'ClusterWorkflowTemplate',
  'EC2NodeClass',
  'GatewayClass',
  'NodeClaim',
  'NodeOverlay',
  'NodePool',
  'XMesh',
]);
