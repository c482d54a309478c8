import { fleet } from './fleet.js';

/** Projects of the fleet: one for each family, and one for the parents. */
export const projects = 33;
const families = projects - 1;
const environments = ['development', 'staging', 'production'] as const;
const address = 'https://github.com/acme/fleet';
const server = 'https://kubernetes.default.svc';
const revision = 'fleet.example.com/revision';

interface Source {
  readonly path: string;
  readonly kustomize?: string;
}

function application(name: string, project: string, source: Source, namespace: string, more = ''): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${name}
  namespace: argocd
${more}spec:
  project: ${project}
  source:
    repoURL: ${address}
    targetRevision: main
    path: ${source.path}
${source.kustomize ?? ''}  destination:
    server: ${server}
    namespace: ${namespace}
  syncPolicy:
    automated:
      prune: true
      selfHeal: true
    syncOptions:
    - CreateNamespace=true
`;
}

function project(name: string, namespaces: string, lists = ''): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: ${name}
  namespace: argocd
spec:
  sourceRepos:
  - ${address}
  destinations:
  - server: ${server}
    namespace: ${namespaces}
${lists}`;
}

const ownNamespace = `  clusterResourceWhitelist:
  - group: ""
    kind: Namespace
`;

const settings = `apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: argocd
data:
  resource.customizations.health.argoproj.io_Application: |
    local revision = obj.status.sync.comparedTo
`;

/** Parents hand their revision to their children, so that waves gate every release. */
const follow = `    kustomize:
      commonAnnotationsEnvsubst: true
      commonAnnotations:
        ${revision}: $ARGOCD_APP_REVISION
`;

function children(names: readonly string[]): string {
  return `resources:
${names.map((name) => `- ${name}.yaml\n`).join('')}replacements:
- source:
    kind: Application
    name: ${names[0]}
    fieldPath: metadata.annotations.[${revision}]
  targets:
  - select:
      kind: Application
    fieldPaths:
    - spec.source.targetRevision
`;
}

/** What keeps the engines of a fleet from being remarked on: nothing here is about them. */
function tidied(path: string, text: string): string {
  if (path.endsWith('/deployment.yaml')) {
    return text
      .replace('  replicas: 1\n', '')
      .replace(/ {6}serviceAccountName: .*\n/, '')
      .replace('meta-llama/Llama-3.1-8B-Instruct', 'Qwen/Qwen2.5-7B-Instruct')
      .replace(
        '        - "8192"\n',
        '        - "8192"\n        - --max-num-seqs=64\n        - --max-num-batched-tokens=4096\n        - --gpu-memory-utilization=0.9\n',
      );
  }
  if (path.endsWith('/pvc.yaml')) {
    return text.replace('spec:\n', '  annotations:\n    argocd.argoproj.io/sync-options: Prune=false\nspec:\n');
  }
  if (path.endsWith('/kustomization.yaml')) return text.replace(/replicas:\n- name: .*\n {2}count: .*\n/, '');
  return text;
}

/** `models` times three Applications in waves of environments, below one parent for each family: with nothing to remark on. */
export function argocdFleet(models: number): Record<string, string> {
  const files: Record<string, string> = { 'argocd/settings.yaml': settings };
  for (const [path, text] of Object.entries(fleet(models))) files[path] = tidied(path, text);
  files['argocd/projects/parents.yaml'] = project('parents', 'argocd');
  const below = new Map<string, string[]>();
  for (let i = 0; i < models; i += 1) {
    const family = `family-${i % families}`;
    const names = below.get(family) ?? [];
    below.set(family, names);
    for (const [wave, environment] of environments.entries()) {
      const name = `model-${i}-${environment}`;
      const annotations = `  annotations:\n    argocd.argoproj.io/sync-wave: "${wave}"\n    ${revision}: main\n`;
      const path = `overlays/model-${i}/${environment}`;
      names.push(name);
      files[`argocd/children/${family}/${name}.yaml`] = application(name, family, { path }, name, annotations);
    }
  }
  for (const [family, names] of below) {
    files[`argocd/projects/${family}.yaml`] = project(family, 'model-*', ownNamespace);
    files[`argocd/children/${family}/kustomization.yaml`] = children(names);
    const source = { path: `argocd/children/${family}`, kustomize: follow };
    const parent = application(family, 'parents', source, 'argocd');
    files[`argocd/roots/${family}.yaml`] = parent.replace('    syncOptions:\n    - CreateNamespace=true\n', '');
  }
  return files;
}

/** The same with what hurries bring: replicas beside autoscalers, no token, claims that are pruned, waves that no parent moves. */
export function untidyFleet(models: number): Record<string, string> {
  const files = argocdFleet(models);
  Object.assign(files, fleet(models));
  for (const path of Object.keys(files)) {
    if (path.startsWith('argocd/roots/')) files[path] = (files[path] ?? '').replace(follow, '');
    else if (/^argocd\/children\/.*kustomization/.test(path)) {
      files[path] = (files[path] ?? '').replace(/replacements:[\s\S]*$/, '');
    }
  }
  return files;
}
