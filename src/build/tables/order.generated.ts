// Generated from data/kustomize/tables.json by scripts/kustomize/write-modules.ts; do not edit.
export const orderFirst: readonly string[] = ["Namespace","ResourceQuota","StorageClass","CustomResourceDefinition","ServiceAccount","PodSecurityPolicy","Role","ClusterRole","RoleBinding","ClusterRoleBinding","ConfigMap","Secret","Endpoints","Service","LimitRange","PriorityClass","PersistentVolume","PersistentVolumeClaim","Deployment","StatefulSet","CronJob","PodDisruptionBudget"];
export const orderLast: readonly string[] = ["MutatingWebhookConfiguration","ValidatingWebhookConfiguration"];
