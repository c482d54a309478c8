export const clusterScoped: Readonly<Record<string, readonly string[]>> = {
  Namespace: ['v1'], Node: ['v1'], PersistentVolume: ['v1'], ClusterRole: ['rbac.authorization.k8s.io/v1'], ClusterRoleBinding: ['rbac.authorization.k8s.io/v1'],
  StorageClass: ['storage.k8s.io/v1'], CustomResourceDefinition: ['apiextensions.k8s.io/v1'], PriorityClass: ['scheduling.k8s.io/v1'],
  ValidatingWebhookConfiguration: ['admissionregistration.k8s.io/v1'], MutatingWebhookConfiguration: ['admissionregistration.k8s.io/v1'],
};
