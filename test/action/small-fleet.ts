/** A repository with three Applications, a cluster with GPUs, policies, and a mistake in `old` that nobody mended. */

export const application = (name: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: ${name}, namespace: argocd }
spec:
  project: fleet
  source: { repoURL: https://github.com/acme/fleet, path: ${name}, targetRevision: main }
  destination: { server: https://kubernetes.default.svc, namespace: ${name} }
`;

export const config = (name: string, more = ''): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}`;

export const pod = (image: string, comment = ''): string => `apiVersion: v1
kind: Pod
metadata: { name: job }
spec:
  containers:
    - name: job
      image: ${image}${comment}
`;

/** A vLLM Deployment that asks for some GPUs of each of its Pods. */
export const engine = (gpus: number, flag = '--max-model-len=8192'): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: llama }
spec:
  replicas: 1
  selector: { matchLabels: { app: llama } }
  template:
    metadata: { labels: { app: llama } }
    spec:
      nodeSelector: { pool: a100 }
      containers:
        - name: vllm
          image: vllm/vllm-openai:v0.20.0
          command: [vllm, serve]
          args: [meta-llama/Llama-3.1-8B-Instruct, --gpu-memory-utilization=0.9, --max-num-seqs=256, ${flag}]
          resources: { limits: { nvidia.com/gpu: ${gpus} } }
`;

export const policies = (severity: string): string => `apiVersion: gitops-gen.io/v1alpha1
kind: Policies
metadata: { name: own }
spec:
  policies:
    - { id: floating-image-tags, severity: ${severity} }
`;

export const exemptions = (rule: string, file: string): string => `apiVersion: gitops-gen.io/v1alpha1
kind: Exemptions
metadata: { name: own }
spec:
  exemptions:
    - { rule: ${rule}, match: { file: ${file} }, reason: it is fine }
`;

export const cluster = (pool = 'gpu: a100-80gb'): string => `apiVersion: gitops-gen.io/v1alpha1
kind: ClusterConfig
metadata: { name: production }
spec:
  destination: { server: https://kubernetes.default.svc }
  nodePools:
    - name: a100
      ${pool}
      gpusPerNode: 4
      nodes: 2
      allocatable: { cpu: "60", memory: 500Gi }
      labels: { pool: a100 }
`;

export const project = `apiVersion: gitops-gen.io/v1alpha1
kind: Project
metadata: { name: fleet }
spec:
  repository: { url: https://github.com/acme/fleet }
  environments: [{ name: production, clusters: [production] }]
`;

export const fleet: Readonly<Record<string, string>> = {
  'gitops-gen.yaml': project,
  'clusters/production/cluster-config.yaml': cluster(),
  'policies/own.yaml': policies('error'),
  'argocd/project.yaml': `apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: { name: fleet, namespace: argocd }
spec:
  sourceRepos: [https://github.com/acme/fleet]
  destinations:
    - { server: https://kubernetes.default.svc, namespace: a }
    - { server: https://kubernetes.default.svc, namespace: b }
    - { server: https://kubernetes.default.svc, namespace: old }
`,
  'argocd/a.yaml': application('a'),
  'argocd/b.yaml': application('b'),
  'argocd/old.yaml': application('old'),
  'a/kustomization.yaml': 'resources: [../common, own.yaml]\n',
  'a/own.yaml': config('own-a'),
  'b/kustomization.yaml': 'resources: [../common]\n',
  'common/kustomization.yaml': 'resources: [config.yaml]\n',
  'common/config.yaml': config('shared', 'data: { size: small }\n'),
  'old/kustomization.yaml': 'resources: [config.yaml]\n',
  'old/config.yaml': config('old', 'dta: { size: small }\n'),
  'README.md': 'A fleet.\n',
};

/** Adds files to Application b. */
export const inB = (files: Readonly<Record<string, string>>): Record<string, string> => ({
  'b/kustomization.yaml': `resources: [../common, ${Object.keys(files).join(', ')}]\n`,
  ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`b/${name}`, text])),
});
