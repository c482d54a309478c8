import { GPUS } from './catalog.generated.js';
import type { GpuProduct } from './facts.js';
import { validTensorSizes } from './refusals.js';
import { about, type ServingProblem, type ServingQuestion, type ServingRule } from './serving-context.js';

/** The engine spreads over Pods by itself, so that the GPUs of one Pod are not all it has. */
function spansNodes({ facts }: ServingQuestion): boolean {
  if (facts.flags.get('distributed-executor-backend')?.value === 'ray') return true;
  return [
    'nnodes',
    'node-rank',
    'headless',
    'data-parallel-address',
    'data-parallel-start-rank',
    'data-parallel-rank',
  ].some((flag) => facts.flags.has(flag));
}

/** Ranks that this Pod runs. */
function ranksHere(question: ServingQuestion): number {
  const { facts } = question;
  const ownRank = facts.flags.has('data-parallel-rank') ? 1 : undefined;
  return facts.tensor * facts.pipeline * (facts.dataLocal ?? ownRank ?? facts.data);
}

const equalsRequest: ServingRule = {
  id: 'tp-equals-gpu-request',
  category: 'parallelism',
  severity: 'error',
  summary: 'the engine uses exactly the GPUs that the Pod asks for',
  evidence: ['vllm#25263', 'vllm#8908', 'vllm#13388', 'dgx-spark-playbooks#63', 'llm-d-benchmark capacity_validator'],
  check(question) {
    const { request, facts } = question;
    const flags = ['tensor-parallel-size', 'pipeline-parallel-size', 'data-parallel-size', 'data-parallel-size-local'];
    if (!request || facts.configFile || question.unknown(...flags)) return [];
    if (question.podsPerReplica === undefined && spansNodes(question)) return [];
    const have = request.count * (question.podsPerReplica ?? 1);
    const need = ranksHere(question);
    if (need === have) return [];
    const parts = [
      `tensor ${facts.tensor}`,
      ...(facts.pipeline > 1 ? [`pipeline ${facts.pipeline}`] : []),
      ...(facts.data > 1 ? [`data ${facts.dataLocal ?? facts.data}`] : []),
    ].join(' x ');
    const pods = question.podsPerReplica && question.podsPerReplica > 1 ? ` in ${question.podsPerReplica} Pods` : '';
    const message =
      need > have
        ? `${parts} needs ${need} GPUs, and the container asks for ${have} (${request.resource})${pods}: the engine does not start`
        : `${parts} uses ${need} of the ${have} GPUs (${request.resource}) that the container asks for${pods}: ${have - need} are paid for and idle`;
    return [
      about(question, 'tensor-parallel-size', {
        ruleId: this.id,
        severity: need > have ? 'error' : 'warning',
        message,
        hint:
          need > have
            ? `ask for ${need} GPUs, or lower the parallelism`
            : `ask for ${need} GPUs, or raise the parallelism`,
      }),
    ];
  },
};

const dividesHeads: ServingRule = {
  id: 'tp-divides-heads',
  category: 'parallelism',
  severity: 'error',
  summary: 'the tensor size divides the attention heads',
  evidence: [
    'vllm config: "Total number of attention heads must be divisible by tensor parallel size"',
    'llm-d-planner',
  ],
  check(question) {
    const { model, facts } = question;
    if (!model || question.unknown('tensor-parallel-size')) return [];
    const valid = validTensorSizes(model, Math.max(16, facts.tensor));
    if (valid.includes(facts.tensor)) return [];
    const heads =
      model.attentionHeads % facts.tensor === 0
        ? `${model.keyValueHeads} key-value heads`
        : `${model.attentionHeads} attention heads`;
    return [
      about(question, 'tensor-parallel-size', {
        ruleId: this.id,
        severity: 'error',
        message: `--tensor-parallel-size ${facts.tensor} does not divide the ${heads} of ${model.id}: the engine refuses to start`,
        allowed: valid.filter((size) => size <= 16).map(String),
      }),
    ];
  },
};

const aboveKeyValueHeads: ServingRule = {
  id: 'tp-above-kv-heads',
  category: 'parallelism',
  severity: 'info',
  summary: 'more tensor ranks still make the KV cache of a GPU smaller',
  evidence: ['vllm get_num_kv_heads', 'vllm#4650'],
  check(question) {
    const { model, facts } = question;
    if (!model || question.unknown('tensor-parallel-size') || facts.tensor < 2) return [];
    const latent = model.attention.kind === 'mla';
    if (!latent && facts.tensor <= model.keyValueHeads) return [];
    return [
      about(question, 'tensor-parallel-size', {
        ruleId: this.id,
        severity: 'info',
        message: latent
          ? `${model.id} keeps one latent KV cache, the same on each of the ${facts.tensor} tensor ranks: more ranks hold no more requests`
          : `${model.id} has ${model.keyValueHeads} key-value heads, copied on ${facts.tensor} tensor ranks: the KV cache of a GPU shrinks no further`,
        hint: latent
          ? 'data parallelism for attention (--data-parallel-size) holds more requests'
          : 'a pipeline or data parallelism holds more requests',
      }),
    ];
  },
};

const withinNode: ServingRule = {
  id: 'tp-within-one-node',
  category: 'parallelism',
  severity: 'error',
  summary: 'a Pod and its tensor group fit on one node',
  evidence: ['llm-d-benchmark capacity_validator', 'LeaderWorkerSet example for vLLM', 'Karpenter instance types'],
  check(question) {
    const { gpusPerNode, facts, request } = question;
    if (gpusPerNode === undefined) return [];
    const found: ServingProblem[] = [];
    if (request && request.count > gpusPerNode) {
      found.push({
        ruleId: this.id,
        severity: 'error',
        message: `the container asks for ${request.count} x ${request.resource}, and nodes of that pool have ${gpusPerNode}: the Pod stays Pending`,
        hint: 'choose a larger node type, or spread the model over Pods with a LeaderWorkerSet and a pipeline',
        key: 'request',
      });
    } else if (!question.unknown('tensor-parallel-size') && facts.tensor > gpusPerNode) {
      found.push(
        about(question, 'tensor-parallel-size', {
          ruleId: this.id,
          severity: 'error',
          message: `--tensor-parallel-size ${facts.tensor} is above the ${gpusPerNode} GPUs of a node: every layer would wait for the network`,
          hint: `--tensor-parallel-size ${gpusPerNode} and --pipeline-parallel-size ${Math.ceil(facts.tensor / gpusPerNode)}`,
          key: 'tensor',
        }),
      );
    }
    return found;
  },
};

/** The products of the class that the Pod can land on. */
function products({ gpu, productLabels }: ServingQuestion): readonly GpuProduct[] {
  if (!gpu) return [];
  const chosen = gpu.products.filter((product) => productLabels?.includes(product.label));
  return chosen.length > 0 ? chosen : gpu.products;
}

const fastLink: ServingRule = {
  id: 'tp-needs-fast-link',
  category: 'parallelism',
  severity: 'warning',
  summary: 'a wide tensor group has a fast link between its cards',
  evidence: ['KubeAI runs 70B in fp8 on 8 L4 as pipeline 4 x tensor 2', 'aiconfigurator systems, intra_node_bw'],
  check(question) {
    const { facts } = question;
    const slow = products(question);
    if (facts.tensor <= 2 || slow.length === 0 || question.unknown('tensor-parallel-size')) return [];
    if (!slow.every((product) => product.interconnect === 'pcie')) return [];
    const link = Math.min(...slow.map((product) => product.linkGBs));
    return [
      about(question, 'tensor-parallel-size', {
        ruleId: this.id,
        severity: 'warning',
        message: `--tensor-parallel-size ${facts.tensor} on ${question.gpu?.id} exchanges every layer over PCIe (${link} GB/s one way): it works, slowly`,
        hint: `--tensor-parallel-size 2 and --pipeline-parallel-size ${Math.ceil(facts.tensor / 2)}, or cards with NVLink`,
      }),
    ];
  },
};

const migTensor: ServingRule = {
  id: 'mig-no-tensor-parallel',
  category: 'parallelism',
  severity: 'error',
  summary: 'MIG slices do not work together',
  evidence: ['vllm#7211', 'vllm#6551', 'NVIDIA/k8s-device-plugin#446', 'pytorch#130181', 'nccl#1716'],
  check(question) {
    const { facts, profile } = question;
    const ranks = facts.tensor * facts.pipeline;
    if (profile === undefined || ranks < 2 || question.unknown('tensor-parallel-size', 'pipeline-parallel-size'))
      return [];
    return [
      about(question, facts.tensor > 1 ? 'tensor-parallel-size' : 'pipeline-parallel-size', {
        ruleId: this.id,
        severity: 'error',
        message: `${ranks} ranks on MIG slices (${profile}): slices cannot exchange data, the engine fails`,
        hint: 'one slice and tensor 1, or whole GPUs',
      }),
    ];
  },
};

const migProfileExists: ServingRule = {
  id: 'mig-profile-exists',
  category: 'parallelism',
  severity: 'error',
  summary: 'the MIG profile exists on the card',
  evidence: ['kaito pkg/utils/mig/mig.go, known profiles', 'NVIDIA MIG user guide'],
  check(question) {
    const { profile, gpu } = question;
    if (profile === undefined) return [];
    const allowed = gpu ? (gpu.mig ?? []) : [...new Set(GPUS.flatMap((one) => one.mig ?? []))].sort();
    if (allowed.includes(profile)) return [];
    const where = gpu === undefined ? ' on any card' : gpu.mig ? ` on ${gpu.id}` : `: ${gpu.id} cannot be cut`;
    return [{ ruleId: this.id, severity: 'error', message: `there is no MIG profile ${profile}${where}`, allowed }];
  },
};

const migStrategy: ServingRule = {
  id: 'mig-strategy-matches-resource',
  category: 'parallelism',
  severity: 'error',
  summary: 'the Pod asks for slices the way the cluster offers them',
  evidence: ['NVIDIA/k8s-device-plugin, GPU feature discovery README'],
  check(question) {
    const { migStrategy: strategy, request, profile } = question;
    if (strategy === undefined || !request) return [];
    const byName = /\/mig-/.test(request.resource);
    if (byName && strategy !== 'mixed') {
      const hint =
        strategy === 'single'
          ? `ask for nvidia.com/gpu and select the product with -MIG-${profile ?? '<profile>'}`
          : 'ask for nvidia.com/gpu, or cut the cards';
      return [
        {
          ruleId: this.id,
          severity: 'error',
          message: `the cluster's MIG strategy is ${strategy}, and ${request.resource} exists only under mixed: the Pod stays Pending`,
          hint,
        },
      ];
    }
    if (!byName && profile !== undefined && strategy !== 'single') {
      return [
        {
          ruleId: this.id,
          severity: 'error',
          message: `the cluster's MIG strategy is ${strategy}, and products with -MIG-${profile} exist only under single: the Pod stays Pending`,
          hint: strategy === 'mixed' ? `ask for nvidia.com/mig-${profile}` : 'select whole cards',
        },
      ];
    }
    return [];
  },
};

const expertShape: ServingRule = {
  id: 'moe-expert-parallel-shape',
  category: 'parallelism',
  severity: 'warning',
  summary: 'experts spread evenly over their ranks',
  evidence: ['public log of Qwen3-235B on 8 L40S (27.72 GiB a GPU at tensor 4, data 2, experts placed whole)'],
  check(question) {
    const { facts, model } = question;
    if (!facts.expert || !model || question.unknown('tensor-parallel-size', 'data-parallel-size')) return [];
    const ranks = facts.tensor * facts.data;
    if (!model.experts) {
      return [
        about(question, 'enable-expert-parallel', {
          ruleId: this.id,
          severity: 'warning',
          message: `${model.id} has no experts: --enable-expert-parallel has no effect`,
          hint: 'leave the flag out',
        }),
      ];
    }
    if (model.experts.count % ranks === 0) return [];
    return [
      about(question, 'enable-expert-parallel', {
        ruleId: this.id,
        severity: 'warning',
        message: `${model.experts.count} experts of ${model.id} on ${ranks} ranks (tensor ${facts.tensor} x data ${facts.data}): some hold ${Math.ceil(model.experts.count / ranks)}, others ${Math.floor(model.experts.count / ranks)}`,
        hint: 'choose tensor x data so that it divides the experts',
      }),
    ];
  },
};

/** Rules about how the model is spread, in the order in which they are reported. */
export const parallelismRules: readonly ServingRule[] = [
  equalsRequest,
  dividesHeads,
  aboveKeyValueHeads,
  withinNode,
  fastLink,
  migTensor,
  migProfileExists,
  migStrategy,
  expertShape,
];
