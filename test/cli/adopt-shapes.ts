/** Repositories as people have them, each of another shape. Nothing in them is of this tool. */
export type Shape = Readonly<Record<string, string>>;

const url = 'https://git.example.com/ml/serving.git';

interface ApplicationFacts {
  readonly name: string;
  readonly path: string;
  readonly namespace: string;
  readonly project?: string;
  readonly server?: string;
  readonly wave?: number;
}

function application({ name, path, namespace, project = 'default', server, wave }: ApplicationFacts): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${name}
  namespace: argocd${wave === undefined ? '' : `\n  annotations:\n    argocd.argoproj.io/sync-wave: "${wave}"`}
spec:
  project: ${project}
  source:
    repoURL: ${url}
    targetRevision: main
    path: ${path}
  destination:
    server: ${server ?? 'https://kubernetes.default.svc'}
    namespace: ${namespace}
  syncPolicy:
    automated: { prune: true, selfHeal: true }
`;
}

interface ServerFacts {
  readonly name: string;
  /** The container's own fields: what starts vLLM, and with what. */
  readonly engine: string;
  readonly gpus?: number;
  readonly replicas?: number;
  readonly card?: string;
}

function deployment({ name, engine, gpus = 1, replicas = 1, card = 'NVIDIA-L4' }: ServerFacts): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: ${replicas}
  selector:
    matchLabels: { app: ${name} }
  template:
    metadata:
      labels: { app: ${name} }
    spec:
      nodeSelector:
        nvidia.com/gpu.product: ${card}
      containers:
        - name: server
${engine.replace(/^(?=.)/gmu, '          ')}
          ports: [{ containerPort: 8000 }]
          resources:
            requests: { cpu: "6", memory: 24Gi }
            limits: { nvidia.com/gpu: ${gpus}, memory: 24Gi }
          startupProbe:
            httpGet: { path: /health, port: 8000 }
            failureThreshold: 120
`;
}

function service(name: string): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector: { app: ${name} }
  ports: [{ port: 80, targetPort: 8000 }]
`;
}

const kustomization = (lines: string) => `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n${lines}`;

/** A root Application over Applications in waves; overlays that take a component; the model is an argument of the image. */
const appOfApps: Shape = {
  'bootstrap/root.yaml': application({ name: 'root', path: 'bootstrap/apps', namespace: 'argocd' }),
  'bootstrap/apps/llama-dev.yaml': application({
    name: 'llama-dev',
    path: 'models/llama/overlays/dev',
    namespace: 'llm-dev',
    wave: 1,
  }),
  'bootstrap/apps/llama-prod.yaml': application({
    name: 'llama-prod',
    path: 'models/llama/overlays/prod',
    namespace: 'llm-prod',
    wave: 2,
  }),
  'models/llama/base/kustomization.yaml': kustomization('resources: [deployment.yaml, service.yaml]\n'),
  'models/llama/base/deployment.yaml': deployment({
    name: 'llama',
    engine: `image: vllm/vllm-openai:v0.26.1
args: ["--model", "meta-llama/Llama-3.1-8B-Instruct", "--max-model-len", "8192", "--gpu-memory-utilization", "0.9"]
env: [{ name: HF_TOKEN, valueFrom: { secretKeyRef: { name: hub, key: token } } }]`,
  }),
  'models/llama/base/service.yaml': service('llama'),
  'models/llama/components/more/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
replicas: [{ name: llama, count: 3 }]
`,
  'models/llama/overlays/dev/kustomization.yaml': kustomization('namespace: llm-dev\nresources: [../../base]\n'),
  'models/llama/overlays/prod/kustomization.yaml': kustomization(
    'namespace: llm-prod\nresources: [../../base]\ncomponents: [../../components/more]\n',
  ),
};

/** An ApplicationSet with a list; \`vllm serve\` as the command. */
const applicationSet: Shape = {
  'argocd/models.yaml': `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: qwen
  namespace: argocd
spec:
  goTemplate: true
  generators:
    - list:
        elements:
          - { env: staging, server: "https://kubernetes.default.svc" }
          - { env: production, server: "https://prod.example.com" }
  template:
    metadata:
      name: 'qwen-{{ .env }}'
    spec:
      project: default
      source:
        repoURL: ${url}
        targetRevision: main
        path: 'qwen/overlays/{{ .env }}'
      destination:
        server: '{{ .server }}'
        namespace: 'qwen-{{ .env }}'
`,
  'qwen/base/kustomization.yaml': kustomization('resources: [deployment.yaml]\n'),
  'qwen/base/deployment.yaml': deployment({
    name: 'qwen',
    gpus: 2,
    card: 'NVIDIA-H100-80GB-HBM3',
    engine: `image: vllm/vllm-openai:v0.25.0
command: ["vllm", "serve", "Qwen/Qwen3-32B"]
args: ["--tensor-parallel-size=2", "--max-model-len=16384", "--served-model-name=qwen"]`,
  }),
  'qwen/overlays/staging/kustomization.yaml': kustomization('resources: [../../base]\n'),
  'qwen/overlays/production/kustomization.yaml': kustomization(
    'resources: [../../base]\nreplicas: [{ name: qwen, count: 2 }]\n',
  ),
};

/** Folders of plain manifests; the model stands in a variable. */
const plainFolders: Shape = {
  'apps/mistral-prod.yaml': application({ name: 'mistral-prod', path: 'prod/mistral', namespace: 'mistral' }),
  'prod/mistral/deployment.yaml': deployment({
    name: 'mistral',
    engine: `image: vllm/vllm-openai:v0.26.1
env:
  - { name: MODEL, value: mistralai/Mistral-7B-Instruct-v0.3 }
  - { name: HF_TOKEN, valueFrom: { secretKeyRef: { name: hub, key: token } } }
args: ["--model=$(MODEL)", "--max-model-len=8192"]`,
  }),
  'prod/mistral/service.yaml': service('mistral'),
};

/** A shell that starts the module, and a second container; beside it a chart. */
const shellAndChart: Shape = {
  'apps/qwen.yaml': application({ name: 'qwen-prod', path: 'qwen', namespace: 'qwen-prod' }),
  'apps/stack.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: stack, namespace: argocd }
spec:
  project: default
  source:
    repoURL: https://vllm-project.github.io/production-stack
    chart: vllm-stack
    targetRevision: 0.1.12
  destination: { server: https://kubernetes.default.svc, namespace: stack }
`,
  'qwen/kustomization.yaml': kustomization('resources: [deployment.yaml]\n'),
  'qwen/deployment.yaml': deployment({
    name: 'qwen',
    engine: `image: registry.example.com/ml/vllm:2026-10
command: ["/bin/sh", "-c"]
args:
  - |
    exec python3 -m vllm.entrypoints.openai.api_server --model Qwen/Qwen3-8B --max-model-len 8192`,
  }),
};

export const shapes = { appOfApps, applicationSet, plainFolders, shellAndChart } as const;
