import { llama8, llama70, type Row, request } from './serving-case.js';

/** Cases of the rules about how a model is spread. */
export const parallelismRows: readonly Row[] = [
  [
    'tp-equals-gpu-request',
    `${llama70} --tensor-parallel-size 4`,
    request(2),
    'error',
    'tensor 4 needs 4 GPUs, and the container asks for 2 (nvidia.com/gpu): the engine does not start',
  ],
  ['tp-equals-gpu-request', `${llama70} --tensor-parallel-size 2`, request(8), 'warning', '6 are paid for and idle'],
  ['tp-equals-gpu-request', `${llama70} -tp 2 -pp 4`, request(8), undefined],
  ['tp-equals-gpu-request', `${llama70} -tp 8 -pp 2`, { ...request(8), podsPerReplica: 2 }, undefined],
  ['tp-equals-gpu-request', `${llama70} -tp 8 -pp 2 --distributed-executor-backend ray`, request(8), undefined],
  [
    'tp-equals-gpu-request',
    `deepseek-ai/DeepSeek-R1 -dp 16 --data-parallel-size-local 8 --enable-expert-parallel`,
    request(8),
    undefined,
  ],
  ['tp-equals-gpu-request', `${llama8} -tp $(TP)`, { ...request(4), env: [{ name: 'TP' }] }, undefined],
  ['tp-equals-gpu-request', `${llama8} -tp $(TP)`, { ...request(4), env: [{ name: 'TP', value: '2' }] }, 'warning'],

  ['tp-divides-heads', `Qwen/Qwen2.5-7B-Instruct -tp 8`, {}, 'error', 'does not divide the 28 attention heads'],
  ['tp-divides-heads', `microsoft/phi-4 -tp 4`, {}, 'error', '10 key-value heads'],
  ['tp-divides-heads', `Qwen/Qwen2.5-7B-Instruct -tp 4`, {}, undefined],
  ['tp-divides-heads', `unknown/model -tp 7`, {}, undefined],

  ['tp-above-kv-heads', `Qwen/Qwen3-235B-A22B -tp 8`, {}, 'info', '4 key-value heads, copied on 8 tensor ranks'],
  ['tp-above-kv-heads', `deepseek-ai/DeepSeek-R1 -tp 8`, {}, 'info', 'one latent KV cache'],
  ['tp-above-kv-heads', `${llama70} -tp 8`, {}, undefined],

  ['tp-within-one-node', `${llama70} -tp 8`, { gpusPerNode: 4, ...request(8) }, 'error', 'the Pod stays Pending'],
  ['tp-within-one-node', `${llama70} -tp 16`, { gpusPerNode: 8, ...request(8) }, 'error', 'above the 8 GPUs of a node'],
  ['tp-within-one-node', `${llama70} -tp 8`, { gpusPerNode: 8, ...request(8) }, undefined],

  ['tp-needs-fast-link', `${llama70} -tp 8`, { gpu: 'l4' }, 'warning', 'PCIe (32 GB/s one way)'],
  ['tp-needs-fast-link', `${llama70} -tp 4`, { gpu: 'a100-80gb', productLabels: ['NVIDIA-A100-80GB-PCIe'] }, 'warning'],
  ['tp-needs-fast-link', `${llama70} -tp 4`, { gpu: 'a100-80gb', productLabels: ['NVIDIA-A100-SXM4-80GB'] }, undefined],
  ['tp-needs-fast-link', `${llama70} -tp 2 -pp 4`, { gpu: 'l4' }, undefined],

  [
    'mig-no-tensor-parallel',
    `${llama8} -tp 2`,
    request(2, 'nvidia.com/mig-3g.40gb'),
    'error',
    'slices cannot exchange data',
  ],
  [
    'mig-no-tensor-parallel',
    `${llama8} -tp 2`,
    { ...request(2), productLabels: ['NVIDIA-A100-SXM4-80GB-MIG-3g.40gb'] },
    'error',
  ],
  ['mig-no-tensor-parallel', `${llama8}`, request(1, 'nvidia.com/mig-3g.40gb'), undefined],
  ['mig-no-tensor-parallel', `${llama8} -tp 2`, request(2), undefined],

  [
    'mig-profile-exists',
    `${llama8}`,
    { gpu: 'h200-141gb', ...request(1, 'nvidia.com/mig-1g.10gb') },
    'error',
    'there is no MIG profile 1g.10gb on h200-141gb',
  ],
  [
    'mig-profile-exists',
    `${llama8}`,
    { gpu: 'l4', ...request(1, 'nvidia.com/mig-1g.10gb') },
    'error',
    'l4 cannot be cut',
  ],
  ['mig-profile-exists', `${llama8}`, request(1, 'nvidia.com/mig-9g.90gb'), 'error', 'on any card'],
  ['mig-profile-exists', `${llama8}`, { gpu: 'h100-80gb', ...request(1, 'nvidia.com/mig-1g.10gb') }, undefined],

  [
    'mig-strategy-matches-resource',
    `${llama8}`,
    { migStrategy: 'single', ...request(1, 'nvidia.com/mig-1g.10gb') },
    'error',
    'exists only under mixed',
  ],
  [
    'mig-strategy-matches-resource',
    `${llama8}`,
    { migStrategy: 'mixed', ...request(1), productLabels: ['NVIDIA-A100-SXM4-80GB-MIG-1g.10gb'] },
    'error',
    'exist only under single',
  ],
  [
    'mig-strategy-matches-resource',
    `${llama8}`,
    { migStrategy: 'mixed', ...request(1, 'nvidia.com/mig-1g.10gb') },
    undefined,
  ],
  [
    'mig-strategy-matches-resource',
    `${llama8}`,
    { migStrategy: 'single', ...request(1), productLabels: ['NVIDIA-A100-SXM4-80GB-MIG-1g.10gb'] },
    undefined,
  ],

  [
    'moe-expert-parallel-shape',
    `mistralai/Mixtral-8x7B-v0.1 -tp 2 -dp 3 --enable-expert-parallel`,
    {},
    'warning',
    /8 experts of mixtral-8x7b on 6 ranks .*some hold 2, others 1/,
  ],
  ['moe-expert-parallel-shape', `${llama8} --enable-expert-parallel`, {}, 'warning', 'has no experts'],
  ['moe-expert-parallel-shape', `deepseek-ai/DeepSeek-R1 -tp 8 -dp 2 --enable-expert-parallel`, {}, undefined],
];
