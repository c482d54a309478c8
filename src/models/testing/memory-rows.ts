import { llama8, llama70, pinned, type Row, request } from './serving-case.js';

/** Cases of the rules about memory: a failing and a passing one at least. */
export const memoryRows: readonly Row[] = [
  [
    'gpu-memory-weights-fit',
    `${llama70} ${pinned} --max-model-len 8192`,
    { gpu: 'h100-80gb' },
    'error',
    /take 131\.42 GiB a GPU, and h100-80gb at tensor 1 offers 71\.26 GiB/,
  ],
  // A published overlay of this shape asks for 201 GiB on one 96 GB card.
  [
    'gpu-memory-weights-fit',
    `meta-llama/Llama-4-Scout-17B-16E-Instruct ${pinned}`,
    { gpu: 'rtx-pro-6000' },
    'error',
    /201\.\d+|200\.\d+ GiB/,
  ],
  ['gpu-memory-weights-fit', `${llama70} ${pinned} --max-model-len 8192 -tp 4`, { gpu: 'h100-80gb' }, undefined],
  [
    'gpu-memory-weights-fit',
    `${llama70} ${pinned} --max-model-len 4096 --cpu-offload-gb 80`,
    { gpu: 'h100-80gb' },
    undefined,
  ],
  ['gpu-memory-weights-fit', `${llama70} ${pinned}`, {}, undefined],
  ['gpu-memory-weights-fit', `${llama70} -tp $(TP) ${pinned}`, { gpu: 'h100-80gb', env: [{ name: 'TP' }] }, undefined],
  ['gpu-memory-weights-fit', `${llama70} --config /etc/vllm.yaml`, { gpu: 'h100-80gb' }, undefined],
  [
    'gpu-memory-weights-fit',
    `${llama70} ${pinned}`,
    { gpu: 'h100-80gb', ...request(1, 'nvidia.com/mig-3g.40gb') },
    'error',
    /a GPU, and h100-80gb at tensor 1 offers 35\.6\d GiB/,
  ],

  [
    'kv-cache-holds-max-model-len',
    `${llama8} ${pinned}`,
    { gpu: 'l4' },
    'error',
    /131072 tokens, the model's own maximum because --max-model-len is absent, needs 16\.00 GiB of KV cache/,
  ],
  [
    'kv-cache-holds-max-model-len',
    `${llama8} ${pinned} --max-model-len 65536`,
    { gpu: 'l4' },
    'error',
    /24192 tokens fit/,
  ],
  [
    'kv-cache-holds-max-model-len',
    `${llama8} ${pinned} --max-model-len 29000`,
    { gpu: 'l4' },
    'warning',
    /are expected to be left/,
  ],
  ['kv-cache-holds-max-model-len', `${llama8} ${pinned} --max-model-len 8192`, { gpu: 'l4' }, undefined],
  ['kv-cache-holds-max-model-len', `${llama8} ${pinned} --max-model-len auto`, { gpu: 'l4' }, undefined],
  [
    'kv-cache-holds-max-model-len',
    `${llama8} ${pinned} --max-model-len 32768`,
    { gpu: 'h100-80gb', ...request(1, 'nvidia.com/mig-1g.20gb') },
    'error',
  ],

  [
    'kv-cache-holds-max-model-len',
    `google/gemma-3-27b-it ${pinned} --max-model-len 131072 --disable-hybrid-kv-cache-manager`,
    { gpu: 'h100-80gb' },
    'error',
  ],
  [
    'kv-cache-holds-max-model-len',
    `google/gemma-3-27b-it ${pinned} --max-model-len 65536`,
    { gpu: 'h100-80gb' },
    undefined,
  ],
  ['kv-cache-holds-max-model-len', `${llama8} --kv-cache-memory-bytes 4G`, { gpu: 'l4' }, undefined],
  [
    'kv-cache-concurrency-floor',
    `${llama8} ${pinned} --max-model-len 20000`,
    { gpu: 'l4' },
    'warning',
    /holds 1\.\d+ requests of 20000 tokens at once, 2 are expected/,
  ],
  [
    'kv-cache-concurrency-floor',
    `${llama8} ${pinned} --max-model-len 8192`,
    { gpu: 'l4', concurrency: 16 },
    'warning',
    '16 are expected',
  ],
  ['kv-cache-concurrency-floor', `${llama8} ${pinned} --max-model-len 8192`, { gpu: 'l4' }, undefined],

  [
    'sampler-warmup-memory',
    `openai/gpt-oss-120b --max-model-len 4096 --gpu-memory-utilization 0.95`,
    { gpu: 'h100-80gb' },
    'warning',
    /warms up with 1024 requests and reserves 7\.40 GiB/,
  ],
  [
    'sampler-warmup-memory',
    `openai/gpt-oss-120b --max-model-len 4096 --gpu-memory-utilization 0.95 --max-num-seqs 256`,
    { gpu: 'h100-80gb' },
    undefined,
  ],
  ['sampler-warmup-memory', `${llama8} --max-model-len 8192`, { gpu: 'h100-80gb' }, undefined],

  [
    'pin-batch-defaults',
    `${llama8} --max-num-seqs 64`,
    { gpu: 'h100-80gb' },
    'warning',
    /^--max-num-batched-tokens absent: .*\(here 1024 requests and 8192 tokens on h100-80gb\)/,
  ],
  ['pin-batch-defaults', `${llama8}`, {}, 'warning', '--max-num-seqs and --max-num-batched-tokens absent'],
  ['pin-batch-defaults', `${llama8} ${pinned}`, {}, undefined],
  ['pin-batch-defaults', `${llama8} --config /etc/vllm.yaml`, {}, undefined],

  ['pin-gpu-memory-utilization', `${llama8}`, {}, 'warning', '0.90 to 0.92'],
  ['pin-gpu-memory-utilization', `${llama8} ${pinned}`, {}, undefined],
  ['pin-gpu-memory-utilization', `${llama8} --kv-cache-memory-bytes 20G`, {}, undefined],

  [
    'util-leaves-room-for-cudagraphs',
    `${llama8} --max-model-len 4096 --gpu-memory-utilization 0.98`,
    { gpu: 'l4' },
    'warning',
    /0\.44 GiB lie outside the utilisation/,
  ],
  [
    'util-leaves-room-for-cudagraphs',
    `${llama8} --max-model-len 4096 --gpu-memory-utilization 0.98 --enforce-eager`,
    { gpu: 'l4' },
    undefined,
  ],
  [
    'util-leaves-room-for-cudagraphs',
    `${llama8} --max-model-len 4096 --gpu-memory-utilization 0.98`,
    { gpu: 'l4', image: 'vllm/vllm-openai:v0.22.0' },
    undefined,
  ],

  [
    'util-is-fraction-of-total',
    `${llama8} --gpu-memory-utilization 0.9`,
    { gpu: 'a100-80gb', sharedBy: 2 },
    'error',
    /together they ask for 180 %/,
  ],
  ['util-is-fraction-of-total', `${llama8}`, { gpu: 'a100-80gb', sharedBy: 4 }, 'error', '360 %'],
  [
    'util-is-fraction-of-total',
    `${llama8} --gpu-memory-utilization 0.48`,
    { gpu: 'a100-80gb', sharedBy: 2 },
    undefined,
  ],
  ['util-is-fraction-of-total', `${llama8} --gpu-memory-utilization 0.9`, { gpu: 'a100-80gb', sharedBy: 1 }, undefined],

  ['quantisation-matches-gpu', `${llama8}`, { gpu: 't4' }, 'error', 'bf16 needs compute capability 8.0, t4 has 7.5'],
  ['quantisation-matches-gpu', `${llama8} --dtype half`, { gpu: 't4' }, undefined],
  ['quantisation-matches-gpu', `${llama8} --quantization fp8`, { gpu: 'a100-80gb' }, undefined],
  ['quantisation-matches-gpu', `Qwen/Qwen2.5-7B-Instruct-AWQ --dtype half`, { gpu: 't4' }, undefined],
  [
    'quantisation-matches-gpu',
    `${llama8} --dtype half --kv-cache-dtype fp8`,
    { gpu: 't4' },
    'error',
    'an fp8 KV cache needs',
  ],
  ['quantisation-matches-gpu', `${llama8}`, { gpu: 'h100-80gb' }, undefined],

  [
    'quantised-checkpoint-is-really-quantised',
    `${llama8} --quantization awq`,
    {},
    'warning',
    'needs files in that format, and meta-llama/Llama-3.1-8B-Instruct holds bf16 weights',
  ],
  [
    'quantised-checkpoint-is-really-quantised',
    `someone/Llama-3.1-8B-FP8 --quantization gptq`,
    {},
    'warning',
    'speak of different weights',
  ],
  ['quantised-checkpoint-is-really-quantised', `${llama8} --quantization fp8`, {}, undefined],
  ['quantised-checkpoint-is-really-quantised', `someone/Llama-3.1-8B-AWQ --quantization awq_marlin`, {}, undefined],

  ['max-model-len-within-model', `Qwen/Qwen3-32B --max-model-len 131072`, {}, 'error', /131072 is above the 40960/],
  [
    'max-model-len-within-model',
    `Qwen/Qwen3-32B --max-model-len 131072 --rope-scaling {"rope_type":"yarn"}`,
    {},
    undefined,
  ],
  [
    'max-model-len-within-model',
    `Qwen/Qwen3-32B --max-model-len 131072 --hf-overrides.rope_scaling.factor 4`,
    {},
    undefined,
  ],
  [
    'max-model-len-within-model',
    `Qwen/Qwen3-32B --max-model-len 131072`,
    { env: [{ name: 'VLLM_ALLOW_LONG_MAX_MODEL_LEN', value: '1' }] },
    undefined,
  ],
  ['max-model-len-within-model', `Qwen/Qwen3-32B --max-model-len 40960`, {}, undefined],

  [
    'pp-kv-check-bug',
    `${llama70} -tp 2 -pp 4 ${pinned} --max-model-len 131072`,
    { gpu: 'a100-40gb' },
    'info',
    /check all 4 stages at once \(\d/,
  ],
  ['pp-kv-check-bug', `${llama70} -tp 2 -pp 4 ${pinned} --max-model-len 8192`, { gpu: 'a100-40gb' }, undefined],

  ['multimodal-limit', `google/gemma-3-27b-it`, {}, 'warning', 'takes images'],
  ['multimodal-limit', `google/gemma-3-27b-it --limit-mm-per-prompt {"image":1}`, {}, undefined],
  ['multimodal-limit', `google/gemma-3-27b-it --limit-mm-per-prompt.image 1`, {}, undefined],
  ['multimodal-limit', `${llama8}`, {}, undefined],
];
