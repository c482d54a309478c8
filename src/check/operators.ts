import { listAt, objectAt, objectsAt, stringAt } from '../capacity/read.js';
import { textAt } from '../files/file-map.js';
import { kustomizationFile } from '../repository/discover.js';
import type { Repository } from '../repository/index.js';
import type { Application, Deployed } from '../repository/model.js';
import { podTemplates } from '../repository/pods.js';
import { readYaml } from '../yaml/read.js';

const istio = ['extensions.istio.io', 'networking.istio.io', 'security.istio.io', 'telemetry.istio.io'];

/** Charts with definitions alone, and charts whose definitions come with another one. */
const definitionsOnly = /^(base|karpenter-crd|prometheus-operator-crds|kserve(-llmisvc)?-crd(-minimal)?)$/;
const operatorOnly = /^(istiod|kserve|kserve-resources|kserve-llmisvc-resources)$/;

/**
 * Helm charts that bring an operator, and the groups (or `group/Kind`) that it acts on. Charts are not rendered here; their names are
 * read off the `Chart.yaml` and the `crds` folders or templates of each project's own chart repository (2026-08).
 */
const charts: Readonly<Record<string, readonly string[]>> = {
  'argo-events': ['argoproj.io/EventBus', 'argoproj.io/EventSource', 'argoproj.io/Sensor'],
  'argo-rollouts': [
    'argoproj.io/AnalysisRun',
    'argoproj.io/AnalysisTemplate',
    'argoproj.io/ClusterAnalysisTemplate',
    'argoproj.io/Experiment',
    'argoproj.io/Rollout',
  ],
  'argo-workflows': [
    'argoproj.io/ClusterWorkflowTemplate',
    'argoproj.io/CronWorkflow',
    'argoproj.io/Workflow',
    'argoproj.io/WorkflowTemplate',
  ],
  base: istio,
  istiod: istio,
  'cert-manager': ['acme.cert-manager.io', 'cert-manager.io'],
  'cloudnative-pg': ['postgresql.cnpg.io'],
  crossplane: ['apiextensions.crossplane.io', 'pkg.crossplane.io'],
  'external-secrets': ['external-secrets.io', 'generators.external-secrets.io'],
  'gateway-helm': ['gateway.envoyproxy.io'],
  'gpu-operator': ['nvidia.com'],
  'grafana-operator': ['grafana.integreatly.org'],
  'k8s-nim-operator': ['apps.nvidia.com'],
  karpenter: ['karpenter.k8s.aws', 'karpenter.sh'],
  'karpenter-crd': ['karpenter.k8s.aws', 'karpenter.sh'],
  keda: ['eventing.keda.sh', 'keda.sh'],
  kserve: ['serving.kserve.io'],
  'kserve-crd': ['serving.kserve.io'],
  'kserve-crd-minimal': ['serving.kserve.io'],
  'kserve-llmisvc-crd': ['serving.kserve.io/LLMInferenceService', 'serving.kserve.io/LLMInferenceServiceConfig'],
  'kserve-llmisvc-resources': ['serving.kserve.io/LLMInferenceService', 'serving.kserve.io/LLMInferenceServiceConfig'],
  'kserve-resources': ['serving.kserve.io'],
  'kube-prometheus-stack': ['monitoring.coreos.com'],
  kubeai: ['kubeai.org'],
  'kuberay-operator': ['ray.io'],
  kueue: ['kueue.x-k8s.io'],
  kyverno: ['kyverno.io'],
  'knative-operator': ['operator.knative.dev'],
  lws: ['leaderworkerset.x-k8s.io'],
  longhorn: ['longhorn.io'],
  metallb: ['metallb.io'],
  'network-operator': ['mellanox.com'],
  'node-feature-discovery': ['nfd.k8s-sigs.io'],
  'opentelemetry-operator': ['opentelemetry.io'],
  'prometheus-operator-crds': ['monitoring.coreos.com'],
  'rook-ceph': ['ceph.rook.io'],
  'sealed-secrets': ['bitnami.com'],
  'strimzi-kafka-operator': ['kafka.strimzi.io'],
  traefik: ['traefik.io'],
  'trust-manager': ['trust.cert-manager.io'],
  'vault-secrets-operator': ['secrets.hashicorp.com'],
  velero: ['velero.io'],
  workspace: ['kaito.sh'],
};

/** Charts called like many others count only where their repository names the project. */
const ambiguous: Readonly<Record<string, RegExp>> = {
  base: /istio/,
  istiod: /istio/,
  workspace: /kaito/,
  traefik: /traefik/,
};

/** What a chart brings for a group, or for one kind of it (`group/Kind`). */
export interface Brought {
  readonly acts: string;
  readonly definitions: boolean;
  readonly operator: boolean;
}

/** What the charts that an Application installs bring; empty where none of them is known. */
export function broughtByCharts(application: Application, repository: Repository): readonly Brought[] {
  const out: Brought[] = [];
  for (const source of application.sources) {
    if (source.chart !== undefined) note(out, source.chart, source.repoURL);
    const { unit } = source;
    if (unit === undefined || unit.complete || unit.kind !== 'kustomization' || unit.revision !== '') continue;
    const file = kustomizationFile(repository.tree, unit.dir);
    const text = file === undefined ? undefined : textAt(repository.tree.files, file);
    const value = text === undefined ? undefined : readYaml(file as string, text, () => {})[0]?.value;
    for (const chart of objectsAt(value, 'helmCharts')) {
      note(out, stringAt(chart, 'name') ?? '', stringAt(chart, 'repo') ?? '');
    }
  }
  return out;
}

function note(out: Brought[], chart: string, address: string): void {
  const name = chart.slice(chart.lastIndexOf('/') + 1);
  if (!Object.hasOwn(charts, name) || ambiguous[name]?.test(`${address}/${chart}`) === false) return;
  for (const acts of charts[name] ?? [])
    out.push({ acts, definitions: !operatorOnly.test(name), operator: !definitionsOnly.test(name) });
}

/**
 * The workloads of an Application that act on a group of their own: the Application brings definitions of the group, and a cluster role
 * lets the workload's account watch it.
 */
export function ownOperators(deployed: readonly Deployed[]): ReadonlyMap<Deployed, ReadonlySet<string>> {
  const groups = new Set(
    deployed
      .filter(({ object }) => object.kind === 'CustomResourceDefinition')
      .flatMap(({ object }) => stringAt(object.value, 'spec', 'group') ?? []),
  );
  const out = new Map<Deployed, ReadonlySet<string>>();
  if (groups.size === 0) return out;
  const watched = watchedBy(deployed, groups);
  for (const place of deployed) {
    if (place.object.kind !== 'Deployment' && place.object.kind !== 'StatefulSet') continue;
    const found = podTemplates(place.object).flatMap(({ spec }) => [
      ...(watched.get(`${place.namespace ?? ''}/${stringAt(spec, 'serviceAccountName') ?? 'default'}`) ?? []),
    ]);
    if (found.length > 0) out.set(place, new Set(found));
  }
  return out;
}

/** `namespace/account` → the groups that its cluster roles let it watch. */
function watchedBy(deployed: readonly Deployed[], groups: ReadonlySet<string>): Map<string, Set<string>> {
  const roles = new Map<string, string[]>();
  for (const { object } of deployed) {
    if (object.kind !== 'ClusterRole') continue;
    const rules = objectsAt(object.value, 'rules').filter((rule) =>
      listAt(rule, 'verbs').some((verb) => verb === 'watch' || verb === '*'),
    );
    const named = rules.flatMap((rule) => listAt(rule, 'apiGroups').map(String)).filter((group) => groups.has(group));
    if (named.length > 0) roles.set(object.name, named);
  }
  const out = new Map<string, Set<string>>();
  for (const { object } of deployed) {
    if (object.kind !== 'ClusterRoleBinding') continue;
    const found = roles.get(stringAt(objectAt(object.value, 'roleRef'), 'name') ?? '') ?? [];
    for (const subject of objectsAt(object.value, 'subjects')) {
      const key = `${stringAt(subject, 'namespace') ?? ''}/${stringAt(subject, 'name') ?? ''}`;
      out.set(key, new Set([...(out.get(key) ?? []), ...found]));
    }
  }
  return out;
}
