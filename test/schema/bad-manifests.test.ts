import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/build/resource.js';
import type { Json, JsonObject } from '../../src/diagnostics/diagnostic.js';
import { ruleDocs } from '../../src/schema/rules.js';
import { filesUnder, judge, resourcesOf, storeFor, textOf } from './helpers.js';

const store = storeFor();
const good = filesUnder('test/schema/manifests').flatMap((path) => resourcesOf(path, textOf(path)));
const byName = new Map(good.map((resource) => [nameOf(resource.value), resource]));

function nameOf(value: JsonObject): string {
  const metadata = value['metadata'] as JsonObject;
  return `${String(value['kind'])}/${String(metadata['name'] ?? metadata['generateName'])}`;
}

/** A copy with the value at a dotted path replaced (`containers.0.name`), or removed where it is undefined. */
function changed(resource: Resource, path: string, to: Json | undefined): Resource {
  const value = structuredClone(resource.value) as JsonObject;
  const keys = path === '' ? [] : path.split('.').map((key) => key.replaceAll('~', '.'));
  let parent = value as unknown as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) {
    parent[key] ??= {};
    parent = parent[key] as Record<string, unknown>;
  }
  const last = keys.at(-1)!;
  if (to === undefined) delete parent[last];
  else parent[last] = to;
  return { ...resource, value };
}

/** [base, path, new value, rule, pointer of the finding, part of its message]; `~` in a path is a dot of a key. */
type Row = readonly [base: string, path: string, to: Json | undefined, rule: string, pointer: string, message: string];

const pod = 'spec.template.spec';
const container = `${pod}.containers.0`;
const at = '/spec/template/spec';
const engine = 'Deployment/engine';

const rows: readonly Row[] = [
  // What schemas hold.
  [engine, 'spec.replica', 3, 'schema-unknown-field', '/spec/replica', 'Did you mean `replicas`?'],
  [engine, `${container}.volumes`, [], 'schema-unknown-field', `${at}/containers/0/volumes`, 'unknown field'],
  [engine, 'spec.replicas', '3', 'schema-wrong-type', '/spec/replicas', 'expected integer, got string "3"'],
  [
    engine,
    `${container}.env.0.value`,
    true,
    'schema-wrong-type',
    `${at}/containers/0/env/0/value`,
    'expected string, got boolean true',
  ],
  [engine, 'spec.selector', undefined, 'schema-missing-required', '/spec', 'required field `selector` is missing'],
  [engine, 'spec.selector', null, 'schema-missing-required', '/spec', 'required field `selector` is missing'],
  [
    engine,
    `${container}.imagePullPolicy`,
    'always',
    'schema-not-allowed-value',
    `${at}/containers/0/imagePullPolicy`,
    'Did you mean `Always`?',
  ],
  [
    engine,
    `${container}.ports.0.containerPort`,
    70000,
    'schema-out-of-bounds',
    `${at}/containers/0/ports/0/containerPort`,
    'above the maximum of 65535',
  ],
  [
    engine,
    `${container}.resources.limits.memory`,
    '64GB',
    'schema-bad-format',
    `${at}/containers/0/resources/limits/memory`,
    'expected a quantity',
  ],
  [
    engine,
    'metadata.creationTimestamp',
    '2026-02-30T00:00:00Z',
    'schema-bad-format',
    '/metadata/creationTimestamp',
    'RFC 3339',
  ],
  [engine, 'spec.minReadySeconds', 3e9, 'schema-bad-format', '/spec/minReadySeconds', 'an integer of 32 bits'],
  [
    engine,
    `${container}.livenessProbe.periodSeconds`,
    0,
    'schema-out-of-bounds',
    `${at}/containers/0/livenessProbe/periodSeconds`,
    'below the minimum of 1',
  ],
  ['Secret/pull', 'data', { token: 'not base64' }, 'schema-bad-format', '/data/token', 'expected base64'],
  ['Application/engine', 'spec.preSync', [], 'schema-unknown-field', '/spec/preSync', 'Argo CD 3.3.9'],
  [
    'Application/engine',
    'spec.source.kustomize.patches.0.target.nam',
    'x',
    'schema-unknown-field',
    '/spec/source/kustomize/patches/0/target/nam',
    'Did you mean `name`?',
  ],
  [
    'HTTPRoute/engine',
    'spec.rules.0.backendRefs.0.weight',
    -1,
    'schema-out-of-bounds',
    '/spec/rules/0/backendRefs/0/weight',
    'below the minimum of 0',
  ],
  ['ClusterQueue/gpus', 'spec.cohort', 'all', 'schema-unknown-field', '/spec/cohort', 'partial schema: Kueue 0.19'],
  ['InferencePool/engine', 'spec.targetPorts', undefined, 'schema-missing-required', '/spec', '`targetPorts`'],
  [
    engine,
    `${pod}.volumes.1`,
    { name: 'shm', secret: { name: 'x' } },
    'schema-unknown-field',
    `${at}/volumes/1/secret/name`,
    'unknown field',
  ],
  // Which API it is.
  [engine, 'apiVersion', 'apps/v1beta2', 'api-removed', '/apiVersion', 'Use apps/v1.'],
  [engine, 'apiVersion', 'app/v1', 'schema-not-available', '/kind', 'no schema is known'],
  [engine, 'kind', 'Deploymnet', 'api-unknown', '/kind', 'Did you mean `Deployment`?'],
  [engine, 'apiVersion', undefined, 'schema-missing-required', '', 'required field `apiVersion`'],
  [
    'Application/engine',
    'apiVersion',
    'argoproj.io/v1',
    'schema-not-available',
    '/kind',
    'Known: argoproj.io/v1alpha1',
  ],
  [
    'ClusterQueue/gpus',
    'apiVersion',
    'kueue.x-k8s.io/v1beta1',
    'api-deprecated',
    '/apiVersion',
    'use kueue.x-k8s.io/v1beta2',
  ],
  [
    'InferencePool/engine',
    'apiVersion',
    'inference.networking.x-k8s.io/v1alpha2',
    'api-deprecated',
    '/apiVersion',
    'moved to inference.networking.k8s.io/v1',
  ],
  // Names and labels.
  ['Service/engine', 'metadata.name', 'llama-3.1-8b', 'api-name', '/metadata/name', 'DNS-1123 label'],
  ['Namespace/serving', 'metadata.name', 'Serving', 'api-name', '/metadata/name', '`Serving` is no legal name'],
  [engine, 'metadata.name', 'engine_1', 'api-name', '/metadata/name', 'DNS-1123 subdomain'],
  [engine, 'metadata.name', undefined, 'api-name', '/metadata', 'neither `metadata.name` nor'],
  [engine, 'metadata.namespace', 'a.b', 'api-name', '/metadata/namespace', 'DNS-1123 label'],
  ['CronJob/nightly', 'metadata.name', 'n'.repeat(53), 'api-name', '/metadata/name', 'at most 52'],
  ['StatefulSet/store', 'metadata.name', 's'.repeat(53), 'api-name', '/metadata/name', 'at most 52'],
  ['ClusterRole/system:read:gpus', 'metadata.name', 'a/b', 'api-name', '/metadata/name', 'hold no `/`'],
  [engine, 'metadata.labels.model', 'Llama 3', 'api-label', '/metadata/labels/model', 'letters, digits'],
  [engine, 'metadata.labels.model', 'x'.repeat(64), 'api-label', '/metadata/labels/model', 'at most 63'],
  [engine, 'metadata.labels.a/b/c', 'x', 'api-label', '/metadata/labels/a~1b~1c', 'more than one `/`'],
  [engine, 'metadata.annotations.-x', 'y', 'api-annotation', '/metadata/annotations/-x', 'is not legal'],
  [engine, `${pod}.nodeSelector.gpu`, 'a b', 'api-label', `${at}/nodeSelector/gpu`, 'letters, digits'],
  // Selectors.
  [
    engine,
    'spec.selector.matchLabels.tier',
    'a',
    'api-selector',
    '/spec/selector/matchLabels/tier',
    'the template has no such label',
  ],
  [
    engine,
    'spec.template.metadata.labels.app~kubernetes~io/name',
    'other',
    'api-selector',
    '/spec/selector/matchLabels/app.kubernetes.io~1name',
    'the template says "other"',
  ],
  [engine, 'spec.selector', {}, 'api-selector', '/spec/selector', 'an empty selector'],
  [
    'DaemonSet/agent',
    'spec.selector',
    { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['agent'] }] },
    'api-selector',
    '/spec/selector/matchExpressions/0',
    'does not match',
  ],
  [
    'PodDisruptionBudget/engine',
    'spec.selector',
    { matchExpressions: [{ key: 'a', operator: 'In' }] },
    'api-label',
    '/spec/selector/matchExpressions/0/operator',
    'at least one value',
  ],
  [
    'Rollout/engine',
    'spec.selector.matchLabels.app',
    'other',
    'api-selector',
    '/spec/selector/matchLabels/app',
    'the template says "engine"',
  ],
  // Pods.
  [
    engine,
    `${pod}.restartPolicy`,
    'Never',
    'api-restart-policy',
    `${at}/restartPolicy`,
    'not allowed in the Pods of a Deployment',
  ],
  ['Job/check-', `${pod}.restartPolicy`, undefined, 'api-restart-policy', at, 'OnFailure or Never'],
  [
    'CronJob/nightly',
    'spec.jobTemplate.spec.template.spec.restartPolicy',
    'Always',
    'api-restart-policy',
    '/spec/jobTemplate/spec/template/spec/restartPolicy',
    'Always is not allowed',
  ],
  [engine, `${container}.name`, 'Engine', 'api-container', `${at}/containers/0/name`, 'no legal name of a container'],
  [engine, `${container}.name`, 'fetch', 'api-container', `${at}/containers/0/name`, 'called `fetch` already'],
  [engine, `${container}.image`, undefined, 'api-container', `${at}/containers/0`, 'has no `image`'],
  [engine, `${container}.image`, 'vllm/Engine:v1', 'api-container', `${at}/containers/0/image`, 'lower-case'],
  [engine, `${pod}.containers`, [], 'api-container', `${at}/containers`, 'at least one container'],
  [engine, `${pod}.activeDeadlineSeconds`, 60, 'api-container', `${at}/activeDeadlineSeconds`, 'not allowed'],
  [
    engine,
    `${container}.volumeMounts.0.name`,
    'model',
    'api-volume',
    `${at}/containers/0/volumeMounts/0/name`,
    'did you mean `models`?',
  ],
  [
    engine,
    `${container}.volumeMounts.1.mountPath`,
    '/models',
    'api-volume',
    `${at}/containers/0/volumeMounts/1/mountPath`,
    'mounted twice',
  ],
  [
    engine,
    `${container}.volumeMounts.0.subPath`,
    '../x',
    'api-volume',
    `${at}/containers/0/volumeMounts/0/subPath`,
    'must be relative',
  ],
  [engine, `${pod}.volumes.1.configMap`, { name: 'x' }, 'api-volume', `${at}/volumes/1`, 'several sources'],
  [engine, `${pod}.volumes.2.name`, 'shm', 'api-volume', `${at}/volumes/2/name`, 'called `shm` already'],
  [
    'StatefulSet/store',
    'spec.volumeClaimTemplates.0.metadata.name',
    'other',
    'api-volume',
    `${at}/containers/0/volumeMounts/0/name`,
    'no volume of the Pod is called `data`',
  ],
  [engine, `${container}.env.1.value`, 'x', 'api-env', `${at}/containers/0/env/1`, 'exclude each other'],
  [engine, `${container}.env.0.name`, 'A=B', 'api-env', `${at}/containers/0/env/0/name`, 'without `=`'],
  [engine, `${container}.env.1.valueFrom`, {}, 'api-env', `${at}/containers/0/env/1/valueFrom`, 'needs one of'],
  [engine, `${container}.envFrom.0`, {}, 'api-env', `${at}/containers/0/envFrom/0`, 'configMapRef'],
  [
    engine,
    `${container}.securityContext.privileged`,
    true,
    'api-security-context',
    `${at}/containers/0/securityContext/allowPrivilegeEscalation`,
    'privileged',
  ],
  [engine, `${container}.securityContext.runAsNonRoot`, true, 'none', '', ''],
  // Resources.
  [
    engine,
    `${container}.resources.limits.gpu`,
    1,
    'api-resource',
    `${at}/containers/0/resources/limits/gpu`,
    'no resource of a container',
  ],
  [
    engine,
    `${container}.resources.limits.nvidia~com/gpu`,
    '500m',
    'api-extended-resource',
    `${at}/containers/0/resources/limits/nvidia.com~1gpu`,
    'whole units',
  ],
  [
    engine,
    `${container}.resources.requests.nvidia~com/gpu`,
    2,
    'api-extended-resource',
    `${at}/containers/0/resources/requests/nvidia.com~1gpu`,
    'both must be equal',
  ],
  [
    engine,
    `${container}.resources.requests.amd~com/gpu`,
    1,
    'api-extended-resource',
    `${at}/containers/0/resources/requests/amd.com~1gpu`,
    'without a limit',
  ],
  [
    engine,
    `${container}.resources.requests.memory`,
    '65Gi',
    'api-quantity',
    `${at}/containers/0/resources/requests/memory`,
    'more than its limit',
  ],
  [
    engine,
    `${container}.resources.requests.memory`,
    '512m',
    'api-quantity',
    `${at}/containers/0/resources/requests/memory`,
    '0.512 bytes',
  ],
  [
    engine,
    `${container}.resources.requests.memory`,
    '64',
    'api-quantity',
    `${at}/containers/0/resources/requests/memory`,
    '64 bytes of memory',
  ],
  [
    engine,
    `${container}.resources.requests.cpu`,
    -1,
    'api-quantity',
    `${at}/containers/0/resources/requests/cpu`,
    'below zero',
  ],
  // Ports and probes.
  [engine, `${container}.ports.1.name`, 'http', 'api-port', `${at}/containers/0/ports/1/name`, 'called `http` already'],
  [
    engine,
    `${container}.ports.0.name`,
    'metrics-endpoint',
    'api-port',
    `${at}/containers/0/ports/0/name`,
    'at most 15',
  ],
  [
    engine,
    `${container}.startupProbe.httpGet.port`,
    'web',
    'api-probe',
    `${at}/containers/0/startupProbe/httpGet/port`,
    'no port of the container is called `web`',
  ],
  [
    engine,
    `${container}.livenessProbe.httpGet.port`,
    '8000',
    'api-port',
    `${at}/containers/0/livenessProbe/httpGet/port`,
    'without quotes',
  ],
  [
    engine,
    `${container}.livenessProbe.exec`,
    { command: ['true'] },
    'api-probe',
    `${at}/containers/0/livenessProbe`,
    'only one is allowed',
  ],
  [
    engine,
    `${container}.livenessProbe`,
    { periodSeconds: 5 },
    'api-probe',
    `${at}/containers/0/livenessProbe`,
    'needs one of exec, grpc',
  ],
  [
    engine,
    `${container}.livenessProbe.successThreshold`,
    2,
    'api-probe',
    `${at}/containers/0/livenessProbe/successThreshold`,
    'must be 1',
  ],
  [
    engine,
    `${pod}.initContainers.0.livenessProbe`,
    { exec: { command: ['true'] } },
    'api-probe',
    `${at}/initContainers/0/livenessProbe`,
    'init container',
  ],
  [
    'DaemonSet/agent',
    `${container}.ports.0.hostPort`,
    9101,
    'api-port',
    `${at}/containers/0/ports/0/hostPort`,
    'under hostNetwork',
  ],
  // Scheduling.
  [engine, `${pod}.tolerations.0.value`, 'x', 'api-scheduling', `${at}/tolerations/0/value`, 'must be empty'],
  [
    engine,
    `${pod}.tolerations.0`,
    { effect: 'NoSchedule' },
    'api-scheduling',
    `${at}/tolerations/0`,
    'operator must be Exists',
  ],
  [
    engine,
    `${pod}.tolerations.1.effect`,
    'NoSchedule',
    'api-scheduling',
    `${at}/tolerations/1/tolerationSeconds`,
    'NoExecute only',
  ],
  [
    engine,
    `${pod}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`,
    [],
    'api-scheduling',
    `${at}/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms`,
    'at least one term',
  ],
  [
    engine,
    `${pod}.topologySpreadConstraints.0.whenUnsatisfiable`,
    'ScheduleAnyway',
    'api-scheduling',
    `${at}/topologySpreadConstraints/0/minDomains`,
    'DoNotSchedule',
  ],
  // Strategies.
  [
    engine,
    'spec.strategy.type',
    'Recreate',
    'api-strategy',
    '/spec/strategy/rollingUpdate',
    'forbidden when the type is Recreate',
  ],
  [
    engine,
    'spec.strategy.rollingUpdate.maxUnavailable',
    0,
    'api-strategy',
    '/spec/strategy/rollingUpdate/maxUnavailable',
    'nothing could be replaced',
  ],
  [
    engine,
    'spec.strategy.rollingUpdate.maxSurge',
    '1',
    'api-strategy',
    '/spec/strategy/rollingUpdate/maxSurge',
    'neither a count nor a percentage',
  ],
  [
    engine,
    'spec.progressDeadlineSeconds',
    5,
    'api-strategy',
    '/spec/progressDeadlineSeconds',
    'greater than minReadySeconds',
  ],
  [
    'DaemonSet/agent',
    'spec.updateStrategy.rollingUpdate.maxSurge',
    1,
    'api-strategy',
    '/spec/updateStrategy/rollingUpdate',
    'not both',
  ],
  [
    'StatefulSet/store',
    'spec.updateStrategy.type',
    'OnDelete',
    'api-strategy',
    '/spec/updateStrategy/rollingUpdate',
    'OnDelete',
  ],
  // Services and routes.
  ['Service/engine', 'spec.ports.1.name', undefined, 'api-port', '/spec/ports/1', 'needs a `name`'],
  ['Service/engine', 'spec.ports.1.port', 80, 'api-port', '/spec/ports/1/port', '80/TCP is listed twice'],
  ['Service/engine', 'spec.ports.0.targetPort', '8000', 'api-port', '/spec/ports/0/targetPort', 'without quotes'],
  ['Service/engine', 'spec.ports.0.nodePort', 30000, 'api-port', '/spec/ports/0/nodePort', 'type ClusterIP'],
  ['Service/engine', 'spec.ports', [], 'api-service', '/spec', 'at least one port'],
  ['Service/headless', 'spec.type', 'LoadBalancer', 'api-service', '/spec/clusterIP', 'None is not allowed'],
  ['Service/outside', 'spec.externalName', 'http://x', 'api-service', '/spec/externalName', 'host name'],
  [
    'Service/engine',
    'spec.externalTrafficPolicy',
    'Local',
    'api-service',
    '/spec/externalTrafficPolicy',
    'not to ClusterIP',
  ],
  [
    'Ingress/engine',
    'spec.rules.0.http.paths.0.path',
    'v1',
    'api-ingress',
    '/spec/rules/0/http/paths/0/path',
    'begins with /',
  ],
  ['Ingress/engine', 'spec.rules.0.host', '10.0.0.1', 'api-ingress', '/spec/rules/0/host', 'is an address'],
  [
    'Ingress/engine',
    'spec.rules.0.http.paths.0.backend.service.port',
    {},
    'api-ingress',
    '/spec/rules/0/http/paths/0/backend/service',
    'port.number',
  ],
  ['Ingress/engine', 'spec.rules', [], 'api-ingress', '/spec', 'defaultBackend'],
  [
    'NetworkPolicy/engine',
    'spec.ingress.0.ports.1.endPort',
    80,
    'api-network-policy',
    '/spec/ingress/0/ports/1/endPort',
    'below port 9000',
  ],
  [
    'NetworkPolicy/engine',
    'spec.egress.0.to.0.ipBlock.cidr',
    '10.0.0.0/33',
    'api-network-policy',
    '/spec/egress/0/to/0/ipBlock/cidr',
    'no network',
  ],
  [
    'NetworkPolicy/engine',
    'spec.egress.0.to.0.podSelector',
    {},
    'api-network-policy',
    '/spec/egress/0/to/0',
    'beside selectors',
  ],
  // Scaling.
  ['HorizontalPodAutoscaler/engine', 'spec.maxReplicas', 1, 'api-autoscaler', '/spec/maxReplicas', 'below minReplicas'],
  [
    'HorizontalPodAutoscaler/engine',
    'spec.minReplicas',
    0,
    'api-autoscaler',
    '/spec/minReplicas',
    'Object or External',
  ],
  [
    'HorizontalPodAutoscaler/engine',
    'spec.metrics.0.type',
    'Pods',
    'api-autoscaler',
    '/spec/metrics/0',
    'needs the block `pods`',
  ],
  [
    'HorizontalPodAutoscaler/engine',
    'spec.metrics.0.resource.target.type',
    'AverageValue',
    'api-autoscaler',
    '/spec/metrics/0/resource/target',
    'needs `averageValue`',
  ],
  [
    'PodDisruptionBudget/engine',
    'spec.minAvailable',
    1,
    'api-disruption-budget',
    '/spec/maxUnavailable',
    'exclude each other',
  ],
  [
    'PodDisruptionBudget/engine',
    'spec.maxUnavailable',
    '120%',
    'api-disruption-budget',
    '/spec/maxUnavailable',
    'from 0% to 100%',
  ],
  // Jobs, data, storage, roles, definitions.
  ['CronJob/nightly', 'spec.schedule', '* * * *', 'api-job', '/spec/schedule', 'has 4 fields'],
  ['CronJob/nightly', 'spec.schedule', '60 * * * *', 'api-job', '/spec/schedule', '`60` is no minute'],
  ['CronJob/nightly', 'spec.schedule', 'TZ=UTC 0 0 * * *', 'api-job', '/spec/schedule', 'spec.timeZone'],
  ['Job/check-', 'spec.completions', undefined, 'api-job', '/spec', 'needs `completions`'],
  ['Job/check-', 'spec.selector', {}, 'api-job', '/spec/selector', 'manualSelector'],
  ['ConfigMap/engine', 'data.a b', 'x', 'api-config-data', '/data/a b', 'letters, digits'],
  ['ConfigMap/engine', 'binaryData.LOG_LEVEL', '', 'api-config-data', '/binaryData/LOG_LEVEL', 'in `data` as well'],
  ['Secret/pull', 'stringData', {}, 'api-config-data', '', '.dockerconfigjson'],
  [
    'Secret/pull',
    'stringData.~dockerconfigjson',
    '{',
    'api-config-data',
    '/stringData/.dockerconfigjson',
    'is not JSON',
  ],
  ['PersistentVolumeClaim/models', 'spec.accessModes', [], 'api-storage', '/spec', 'at least one mode'],
  ['PersistentVolumeClaim/models', 'spec.resources', {}, 'api-storage', '/spec', 'requests.storage'],
  ['Role/read', 'rules.0.nonResourceURLs', ['/x'], 'api-rbac', '/rules/0/nonResourceURLs', 'ClusterRole'],
  ['Role/read', 'rules.0.apiGroups', undefined, 'api-rbac', '/rules/0', '`apiGroups`'],
  ['ClusterRoleBinding/read-gpus', 'subjects.0.namespace', undefined, 'api-rbac', '/subjects/0', '`namespace`'],
  ['ClusterRoleBinding/read-gpus', 'roleRef.kind', 'Role', 'api-rbac', '/roleRef/kind', 'ClusterRole'],
  [
    'CustomResourceDefinition/widgets.example.com',
    'metadata.name',
    'widget.example.com',
    'api-crd',
    '/metadata/name',
    'widgets.example.com',
  ],
  [
    'CustomResourceDefinition/widgets.example.com',
    'spec.versions.0.storage',
    false,
    'api-crd',
    '/spec/versions',
    'exactly one version',
  ],
];

describe('manifests as they should be', () => {
  it.each(good.map((resource) => [nameOf(resource.value), resource] as const))(
    '%s has no finding',
    (_name, resource) => {
      const { verdict, problems } = judge(resource, store);
      expect(problems.filter(({ ruleId }) => ruleId !== 'schema-partial').map(({ message }) => message)).toEqual([]);
      expect(['valid', 'partial']).toContain(verdict);
    },
  );
});

describe('one mistake in a manifest', () => {
  it.each(rows.filter(([, , , rule]) => rule !== 'none'))(
    '%s with %s = %j: %s',
    (base, path, to, rule, pointer, message) => {
      const resource = byName.get(base);
      expect(resource, base).toBeDefined();
      const { verdict, problems } = judge(changed(resource!, path, to), store);
      const found = problems.filter(({ ruleId }) => ruleId === rule);
      expect(
        found.map(({ at: { pointer: place } }) => place),
        JSON.stringify(problems.map((p) => p.message)),
      ).toContain(pointer);
      expect(found.map((problem) => problem.message).join('\n')).toContain(message);
      if (found.some(({ severity }) => severity === 'error')) expect(verdict).toBe('invalid');
      else expect(['valid', 'partial', 'no-schema', 'invalid']).toContain(verdict);
    },
  );

  it('says nothing where the change is legal', () => {
    for (const [base, path, to] of rows.filter(([, , , rule]) => rule === 'none')) {
      const { problems } = judge(changed(byName.get(base)!, path, to), store);
      expect(problems).toEqual([]);
    }
  });
});

describe('rules of this room', () => {
  const tested = new Set(rows.map(([, , , rule]) => rule));
  it('are documented, every one that a manifest can break', () => {
    const documented = new Set(ruleDocs.map(({ id }) => id));
    expect([...tested].filter((id) => id !== 'none' && !documented.has(id))).toEqual([]);
    for (const { id, docs, severity } of ruleDocs) {
      expect(docs.length, id).toBeGreaterThan(80);
      expect(['error', 'warning', 'info']).toContain(severity);
    }
  });
});
