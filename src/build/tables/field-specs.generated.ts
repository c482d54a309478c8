import type { Config } from '../config-types.js';
const s = (path: string, kind = '', create = false, group = '', version = '') => ({ group, version, kind, path, create });
const pods = ['spec', 'spec/template/spec', 'spec/jobTemplate/spec/template/spec'];
const ref = (kind: string, paths: string[], extra: ReturnType<typeof s>[] = []) => ({ group: '', version: 'v1', kind, fieldSpecs: [...pods.flatMap((pod) => paths.map((path) => s(`${pod}/${path}`))), ...extra] });
const kinds: [string, string][] = [['apps', 'Deployment'], ['apps', 'StatefulSet'], ['apps', 'DaemonSet'], ['apps', 'ReplicaSet']];
export const defaultConfig: Config = {
  namePrefix: [s('metadata/name')], nameSuffix: [s('metadata/name')],
  namespace: [s('metadata/namespace', '', true), s('metadata/name', 'Namespace', true), s('subjects', 'RoleBinding'), s('subjects', 'ClusterRoleBinding')],
  commonLabels: [s('metadata/labels', '', true), s('spec/selector', 'Service', true, '', 'v1'), ...kinds.flatMap(([group, kind]) => [s('spec/selector/matchLabels', kind, true, group), s('spec/template/metadata/labels', kind, true, group)]),
    s('spec/template/metadata/labels', 'Job', true, 'batch'), s('spec/jobTemplate/metadata/labels', 'CronJob', true, 'batch'), s('spec/jobTemplate/spec/template/metadata/labels', 'CronJob', true, 'batch'),
    s('spec/selector/matchLabels', 'PodDisruptionBudget', false, 'policy'), s('spec/podSelector/matchLabels', 'NetworkPolicy', false, 'networking.k8s.io')],
  labels: [], templateLabels: [...kinds.map(([group, kind]) => s('spec/template/metadata/labels', kind, true, group)), s('spec/template/metadata/labels', 'Job', true, 'batch')],
  commonAnnotations: [s('metadata/annotations', '', true), ...kinds.map(([group, kind]) => s('spec/template/metadata/annotations', kind, true, group)), s('spec/template/metadata/annotations', 'Job', true, 'batch')],
  nameReference: [
    ref('ConfigMap', ['volumes/configMap/name', 'containers/env/valueFrom/configMapKeyRef/name', 'initContainers/env/valueFrom/configMapKeyRef/name', 'containers/envFrom/configMapRef/name', 'initContainers/envFrom/configMapRef/name', 'volumes/projected/sources/configMap/name']),
    ref('Secret', ['volumes/secret/secretName', 'containers/env/valueFrom/secretKeyRef/name', 'initContainers/env/valueFrom/secretKeyRef/name', 'containers/envFrom/secretRef/name', 'initContainers/envFrom/secretRef/name', 'imagePullSecrets/name', 'volumes/projected/sources/secret/name'], [s('imagePullSecrets/name', 'ServiceAccount'), s('secrets/name', 'ServiceAccount')]),
    ref('PersistentVolumeClaim', ['volumes/persistentVolumeClaim/claimName']),
    ref('ServiceAccount', ['serviceAccountName', 'serviceAccount'], [s('subjects', 'RoleBinding'), s('subjects', 'ClusterRoleBinding')]),
    ref('Service', [], [s('spec/serviceName', 'StatefulSet'), s('spec/rules/http/paths/backend/service/name', 'Ingress')]),
    { group: 'rbac.authorization.k8s.io', version: '', kind: 'Role', fieldSpecs: [s('roleRef/name', 'RoleBinding')] },
    { group: 'rbac.authorization.k8s.io', version: '', kind: 'ClusterRole', fieldSpecs: [s('roleRef/name', 'RoleBinding'), s('roleRef/name', 'ClusterRoleBinding')] },
    ...['Deployment', 'StatefulSet'].map((kind) => ({ group: 'apps', version: '', kind, fieldSpecs: [s('spec/scaleTargetRef/name', 'HorizontalPodAutoscaler')] })),
  ],
  varReference: [], images: [], replicas: ['Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController'].map((kind) => s('spec/replicas', kind, true)),
};
