import type { FileContent, FileMap } from '../files/file-map.js';
import { joinName } from './names.js';

/** What `init` asks; everything but the name, the repository and the day has a default. */
export interface InitAnswers {
  readonly name: string;
  readonly repositoryUrl: string;
  /** Default `main`. */
  readonly branch?: string;
  /** The folder of the project inside the repository. Default its root. */
  readonly path?: string;
  /** In the order of promotion. Default development, staging, production. */
  readonly environments?: readonly string[];
  /** Inventory by environment, or one for all; see `clusterPresets`. */
  readonly clusterPreset?: ClusterPreset | Readonly<Record<string, ClusterPreset>>;
  /** Who installed Argo CD. Default none: gates are undecidable until it is said. */
  readonly configOwner?: 'helm' | 'operator' | 'kustomize' | 'managed' | 'none';
  readonly argocdNamespace?: string;
  readonly argocdVersion?: string;
  readonly kubernetesVersion?: string;
  /** Owners for CODEOWNERS, such as `@acme/ml-platform`. */
  readonly owners?: readonly string[];
  /** ISO date: the day on which the inventory is written down. */
  readonly today: string;
}

interface PoolPreset {
  readonly name: string;
  readonly gpu: string;
  readonly gpusPerNode: number;
  readonly nodes: string;
  readonly allocatable: string;
  readonly what: string;
}

// Allocatable figures: aws/karpenter-provider-aws, website/content/en/docs/reference/instance-types.md.
const pools = {
  t4: {
    name: 't4',
    gpu: 't4',
    gpusPerNode: 1,
    nodes: '{ min: 0, max: 4 }',
    allocatable: '{ cpu: 7910m, memory: 29317Mi, ephemeralStorage: 100Gi }',
    what: 'g4dn.2xlarge or the like: 16 GB a card, and no bf16',
  },
  l4: {
    name: 'l4',
    gpu: 'l4',
    gpusPerNode: 1,
    nodes: '{ min: 0, max: 4 }',
    allocatable: '{ cpu: 15890m, memory: 57691Mi, ephemeralStorage: 100Gi }',
    what: 'g6.4xlarge or the like: small models, one card a node',
  },
  a100: {
    name: 'a100',
    gpu: 'a100-80gb',
    gpusPerNode: 8,
    nodes: '2',
    allocatable: '{ cpu: 95690m, memory: 1082712Mi, ephemeralStorage: 500Gi }',
    what: 'p4de.24xlarge or the like',
  },
  h100: {
    name: 'h100',
    gpu: 'h100-80gb',
    gpusPerNode: 8,
    nodes: '4',
    allocatable: '{ cpu: 191450m, memory: 1938410Mi, ephemeralStorage: 500Gi }',
    what: 'p5.48xlarge or the like',
  },
} as const satisfies Readonly<Record<string, PoolPreset>>;

/** Inventories to begin with; `empty` has no GPUs. */
export const clusterPresets = {
  empty: { pools: [], shared: false },
  t4: { pools: [pools.t4], shared: false },
  l4: { pools: [pools.l4], shared: false },
  'a100-80gb': { pools: [pools.a100], shared: true },
  'h100-80gb': { pools: [pools.h100], shared: true },
  'a100-and-h100': { pools: [{ ...pools.a100, nodes: '8' }, pools.h100], shared: true },
} as const satisfies Readonly<Record<string, { pools: readonly PoolPreset[]; shared: boolean }>>;

export type ClusterPreset = keyof typeof clusterPresets;

/**
 * What a new repository begins with: the files that people write, with comments that teach. Everything else is rendered from
 * them.
 */
export function initialFiles(answers: InitAnswers): FileMap {
  const environments = answers.environments ?? ['development', 'staging', 'production'];
  const files = new Map<string, FileContent>();
  files.set('gitops-gen.yaml', projectText(answers, environments));
  for (const [index, environment] of environments.entries()) {
    const preset = presetOf(answers, environment, index, environments.length);
    files.set(`clusters/${environment}/cluster-config.yaml`, clusterText(environment, preset, answers.today));
  }
  files.set('exemptions.yaml', exemptionsText);
  return files;
}

/** Small cards first, A100 on the way, A100 and H100 at the end. */
function presetOf(answers: InitAnswers, environment: string, index: number, count: number): ClusterPreset {
  const { clusterPreset } = answers;
  if (typeof clusterPreset === 'string') return clusterPreset;
  const own = clusterPreset?.[environment];
  if (own !== undefined) return own;
  if (index === count - 1) return 'a100-and-h100';
  return index === 0 ? 'l4' : 'a100-80gb';
}

function projectText(answers: InitAnswers, environments: readonly string[]): string {
  const last = environments.at(-1) ?? 'production';
  const { branch = 'main', path, owners = [], configOwner = 'none', argocdNamespace = 'argocd' } = answers;
  const lines = [
    '# yaml-language-server: $schema=.gitops-gen/schemas/project.schema.json',
    'apiVersion: gitops-gen.io/v1alpha1',
    'kind: Project',
    'metadata:',
    `  name: ${joinName(answers.name)}`,
    'spec:',
    '  # What Argo CD reads.',
    '  repository:',
    `    url: ${JSON.stringify(answers.repositoryUrl)}`,
    `    branch: ${JSON.stringify(branch)}`,
    ...(path === undefined || path === '' || path === '.' ? [] : [`    path: ${JSON.stringify(path)}`]),
    '  # In the order of promotion. The first follows the branch; the others are moved by `gitops-gen promote`.',
    '  # Each runs on the cluster of its name unless it says `clusters: [a, b]`.',
    '  environments:',
    ...environments.map((name) => `    - name: ${name}`),
    '  argocd:',
    '    instances:',
    '      - name: argocd',
    `        # The cluster that Argo CD runs in. The others are known to it by the names of their folders under clusters/.`,
    `        cluster: ${last}`,
    `        namespace: ${argocdNamespace}`,
    ...(answers.argocdVersion === undefined ? [] : [`        version: ${JSON.stringify(answers.argocdVersion)}`]),
    '        # Who owns argocd-cm, and so the setting that makes phases wait for each other: helm, operator, kustomize, managed.',
    `        configOwner: ${configOwner}`,
    ...(answers.kubernetesVersion === undefined
      ? []
      : [`  kubernetesVersion: ${JSON.stringify(answers.kubernetesVersion)}`]),
    ...(owners.length === 0
      ? ['  # owners:', '  #   default: ["@acme/ml-platform"]']
      : ['  owners:', `    default: [${owners.map((owner) => JSON.stringify(owner)).join(', ')}]`]),
    '',
  ];
  return lines.join('\n');
}

function clusterText(name: string, preset: ClusterPreset, today: string): string {
  const { pools: own, shared } = clusterPresets[preset];
  const lines = [
    '# yaml-language-server: $schema=../../.gitops-gen/schemas/cluster-config.schema.json',
    '# What the cluster has. Whether models fit is judged by this: make it true before you trust a verdict.',
    'apiVersion: gitops-gen.io/v1alpha1',
    'kind: ClusterConfig',
    'metadata:',
    `  name: ${name}`,
    'spec:',
    `  observedAt: ${JSON.stringify(today)}`,
    ...(own.length === 0 ? ['  nodePools: []'] : ['  nodePools:', ...own.flatMap(poolLines)]),
    ...(shared
      ? [
          '  # kubectl get storageclass',
          '  storageClasses:',
          '    - { name: shared, accessModes: [ReadWriteMany] }',
          '  # Weights are downloaded once, to a volume that all Pods of a model share.',
          '  modelStorage: pvc-rwx',
        ]
      : [
          '  # Every Pod downloads its weights. A shared volume is faster from the second Pod on: pvc-rwx.',
          '  modelStorage: ephemeral',
        ]),
    '  # Secrets that are in the cluster and never in Git. Gated models need a Hugging Face token.',
    '  externalSecrets:',
    '    - { name: hf-token, purpose: huggingface-token, keys: [token] }',
    '  # What is in the cluster, with its version. Only what is listed is used: a range of replicas needs keda and prometheus.',
    '  installed:',
    '    gpu-operator: "25.10.0"',
    ...(shared
      ? ['    prometheus: "0.86.0"', '    keda: "2.18.0"']
      : ['    # prometheus: "0.86.0"', '    # keda: "2.18.0"']),
    '',
  ];
  return lines.join('\n');
}

function poolLines(pool: PoolPreset): readonly string[] {
  return [
    `    # ${pool.what}`,
    `    - name: ${pool.name}`,
    `      gpu: ${pool.gpu}`,
    `      gpusPerNode: ${pool.gpusPerNode}`,
    `      nodes: ${pool.nodes}`,
    '      # status.allocatable of one node',
    `      allocatable: ${pool.allocatable}`,
    '      taints:',
    '        - { key: nvidia.com/gpu, effect: NoSchedule }',
  ];
}

const exemptionsText = `# yaml-language-server: $schema=.gitops-gen/schemas/exemptions.schema.json
# Findings that somebody has accepted, each with a reason. One that has expired, or that nothing needs, is a finding itself:
#   - rule: floating-image-tags
#     match: { kind: Deployment, name: legacy-router }
#     reason: Replaced in January.
#     expires: "2027-01-31"
apiVersion: gitops-gen.io/v1alpha1
kind: Exemptions
metadata:
  name: exemptions
spec:
  exemptions: []
`;
