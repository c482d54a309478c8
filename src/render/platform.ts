import type { JsonObject } from '../diagnostics/diagnostic.js';
import { type ClusterPlan, gpuCheckAccount, type Plan } from '../plan/index.js';
import { hasPlatform } from './argo.js';
import type { Blueprint } from './blueprint.js';
import { headerOf, type Output, put, putDocuments, putKustomization, putTemplate } from './manifest.js';
import { judgeRendered } from './rendered.js';
import { renderTemplate } from './template.js';
import { workflowsOn } from './workflow.js';

const namespaceTemplate = `apiVersion: v1
kind: Namespace
metadata:
  name: "{{name}}"
  labels:
    app.kubernetes.io/managed-by: gitops-gen
    gitops-gen.io/family: "{{family}}"
    gitops-gen.io/environment: "{{environment}}"
    # {{why}}
    pod-security.kubernetes.io/enforce: "{{podSecurity}}"
    pod-security.kubernetes.io/warn: "{{warn}}"
  annotations:
    # A namespace takes everything in it along.
    argocd.argoproj.io/sync-options: Prune=false,Delete=false
`;

const quotaTemplate = `apiVersion: v1
kind: ResourceQuota
metadata:
  name: gitops-gen
  namespace: "{{namespace}}"
spec:
  hard: "{{hard}}"
`;

const queueTemplate = `apiVersion: kueue.x-k8s.io/v1beta2
kind: LocalQueue
metadata:
  name: "{{name}}"
  namespace: "{{namespace}}"
spec:
  clusterQueue: "{{clusterQueue}}"
`;

const checkAccountTemplate = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: "{{account}}"
  namespace: "{{namespace}}"
`;

const checkBindingTemplate = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: "{{account}}-{{namespace}}"
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: "{{account}}"
subjects:
  - kind: ServiceAccount
    name: "{{account}}"
    namespace: "{{namespace}}"
`;

const checkRoleTemplate = `# What the GPU check before a sync may read: which GPUs there are, and which Pods hold them.
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: "{{account}}"
rules:
  - apiGroups:
      - ""
    resources:
      - nodes
      - pods
    verbs:
      - list
`;

/** What each cluster needs before models run on it: clusters/<cluster>, and the parts of infrastructure/ that it includes. */
export function renderPlatforms(plan: Plan, blueprints: ReadonlyMap<string, Blueprint>, output: Output): void {
  for (const cluster of plan.clusters)
    if (hasPlatform(cluster)) renderCluster(cluster, workflowsOn(plan, cluster), output);
  if (plan.clusters.some((cluster) => cluster.gpuCheckNamespaces.length > 0)) {
    const folder = 'infrastructure/gpu-nodes';
    putTemplate(output, `${folder}/gpu-check.yaml`, plan.project.file, checkRoleTemplate, { account: gpuCheckAccount });
    putKustomization(output, folder, plan.project.file, 'Kustomization', { resources: ['gpu-check.yaml'] });
  }
  for (const name of new Set(plan.clusters.flatMap((cluster) => cluster.infrastructure))) {
    const blueprint = blueprints.get(name);
    if (blueprint !== undefined) renderInfrastructure(plan, blueprint, output);
  }
}

function renderCluster(cluster: ClusterPlan, workflows: readonly string[], output: Output): void {
  const folder = `clusters/${cluster.name}`;
  const resources: string[] = [];
  const add = (file: string, template: string, all: readonly JsonObject[]) => {
    if (all.length === 0) return;
    putDocuments(output, `${folder}/${file}`, cluster.file, template, all);
    resources.push(file);
  };
  add(
    'namespaces.yaml',
    namespaceTemplate,
    cluster.namespaces.map((each) => ({
      ...each,
      ...(each.why === undefined ? {} : { why: `Not restricted: ${each.why}.`, warn: 'restricted' }),
    })),
  );
  add(
    'resource-quotas.yaml',
    quotaTemplate,
    cluster.resourceQuotas.map((each) => ({ ...each, hard: { ...each.hard } })),
  );
  add(
    'local-queues.yaml',
    queueTemplate,
    cluster.localQueues.map((each) => ({ ...each })),
  );
  const checks = cluster.gpuCheckNamespaces.map((namespace) => ({ namespace, account: gpuCheckAccount }));
  if (checks.length > 0) {
    const texts = checks.flatMap((values) =>
      [checkAccountTemplate, checkBindingTemplate].map(
        (template) => renderTemplate(`${folder}/gpu-check.yaml`, template, values, output.onProblem) ?? '',
      ),
    );
    put(output, `${folder}/gpu-check.yaml`, headerOf(cluster.file) + texts.join('---\n'), cluster.file);
    resources.push('gpu-check.yaml', '../../infrastructure/gpu-nodes');
  }
  resources.push(...cluster.infrastructure.map((name) => `../../infrastructure/${name}`));
  resources.push(...workflows.map((path) => `../../${path}`));
  putKustomization(output, folder, cluster.file, 'Kustomization', { resources });
}

/** Objects of scope `infrastructure` that a blueprint brings once per cluster (CRDs). */
function renderInfrastructure(plan: Plan, blueprint: Blueprint, output: Output): void {
  const folder = `infrastructure/${blueprint.name}`;
  const resources: string[] = [];
  for (const file of blueprint.files.filter((each) => each.scope === 'infrastructure')) {
    const { origin } = file;
    const path = `${folder}/${file.path}`;
    const text = renderTemplate(origin, file.text, {}, output.onProblem);
    if (text === undefined || !judgeRendered(text, path, origin, blueprint, false, output.onProblem)) continue;
    put(output, path, headerOf(plan.project.file) + text, `blueprint ${blueprint.name}`);
    resources.push(file.path);
  }
  putKustomization(output, folder, plan.project.file, 'Kustomization', { resources });
}
