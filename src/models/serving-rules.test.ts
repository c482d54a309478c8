import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findGpu,
  findModel,
  judgeServing,
  listGpus,
  listModels,
  type ServingContext,
  servingFacts,
  servingPrecision,
  servingRule,
  servingRules,
} from './index.js';

interface Setting extends Partial<Omit<ServingContext, 'facts' | 'gpu' | 'model'>> {
  readonly gpu?: string;
  readonly model?: string;
  readonly image?: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

/** A container as somebody would write it: `model` is looked up as the caller of the rules would. */
function context(
  args: string,
  { gpu, model, image = 'vllm/vllm-openai:v0.11.0', env = [], ...more }: Setting = {},
): ServingContext {
  const facts = servingFacts({ image, args: args.split(' ').filter((word) => word !== ''), env });
  if (!facts) throw new Error(`no engine in ${args}`);
  const found = findModel(model ?? facts.model ?? '');
  const card = gpu === undefined ? undefined : findGpu(gpu);
  if (gpu !== undefined && !card) throw new Error(gpu);
  return { ...more, facts, ...(found ? { model: found } : {}), ...(card ? { gpu: card } : {}) };
}

const pinned = '--max-num-seqs 256 --max-num-batched-tokens 2048 --gpu-memory-utilization 0.9';
const llama8 = 'meta-llama/Llama-3.1-8B-Instruct';
const llama70 = 'meta-llama/Llama-3.1-70B-Instruct';
const request = (count: number, resource = 'nvidia.com/gpu') => ({ request: { resource, count } });

type Row = readonly [
  rule: string,
  args: string,
  setting: Setting,
  severity: 'error' | 'warning' | 'info' | undefined,
  message?: RegExp | string,
];

const rows: readonly Row[] = [
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
  [
    'quantisation-matches-gpu',
    `${llama8} --quantization fp8`,
    { gpu: 'a100-80gb' },
    'info',
    'save memory there and no time',
  ],
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

describe('rules over an engine', () => {
  it.each(rows.map((row) => [`${row[0]}: ${row[1]} ${JSON.stringify(row[2])}`, row] as const))(
    '%s',
    (_, [id, args, setting, severity, message]) => {
      const found = judgeServing(context(args, setting), new Set([id]));
      expect(
        found.map((problem) => problem.severity),
        found[0]?.message,
      ).toEqual(severity === undefined ? [] : [severity]);
      expect(found.every((problem) => problem.ruleId === id)).toBe(true);
      if (message !== undefined) expect(found[0]?.message).toMatch(message);
    },
  );

  it('has a failing and a passing case for every rule', () => {
    const cases = (id: string, fails: boolean) =>
      rows.filter((row) => row[0] === id && (row[3] !== undefined) === fails).length;
    for (const rule of servingRules) {
      expect(cases(rule.id, true), rule.id).toBeGreaterThan(0);
      expect(cases(rule.id, false), rule.id).toBeGreaterThan(0);
      expect(rule.evidence.length, rule.id).toBeGreaterThan(0);
      expect(servingRule(rule.id)).toBe(rule);
    }
    expect(new Set(servingRules.map((rule) => rule.id)).size).toBe(servingRules.length);
  });

  it('points at the word that states the flag, and at nothing where nobody wrote it', () => {
    const [stated] = judgeServing(
      context(`${llama70} --tensor-parallel-size 4`, request(2)),
      new Set(['tp-equals-gpu-request']),
    );
    expect(stated).toMatchObject({ flag: 'tensor-parallel-size', source: { list: 'args', index: 2 } });
    const [absent] = judgeServing(context(llama8), new Set(['pin-gpu-memory-utilization']));
    expect(absent?.flag).toBe('gpu-memory-utilization');
    expect(absent).not.toHaveProperty('source');
  });

  it('names the remedy', () => {
    const [problem] = judgeServing(
      context(`${llama70} ${pinned} --max-model-len 8192`, { gpu: 'h100-80gb' }),
      new Set(['gpu-memory-weights-fit']),
    );
    expect(problem?.hint).toBe('would fit with tensor 2 (instead of 1), 2 x h100-80gb');
  });

  it('says nothing against the demonstration family', () => {
    const settings: readonly [string, Setting][] = [
      [`${llama8} ${pinned} --max-model-len 8192`, { gpu: 'l4', gpusPerNode: 1, ...request(1) }],
      [
        `RedHatAI/Meta-Llama-3.1-70B-Instruct-FP8 ${pinned} --max-model-len 8192 -tp 4`,
        { gpu: 'h100-80gb', gpusPerNode: 8, productLabels: ['NVIDIA-H100-80GB-HBM3'], ...request(4) },
      ],
      [
        `${llama70} ${pinned} --max-model-len 8192 -tp 8`,
        { gpu: 'h100-80gb', gpusPerNode: 8, productLabels: ['NVIDIA-H100-80GB-HBM3'], ...request(8) },
      ],
    ];
    for (const [args, setting] of settings) expect(judgeServing(context(args, setting)), args).toEqual([]);
  });

  it.each([
    [`${llama8}`, 'bf16'],
    [`${llama8} --dtype half`, 'fp16'],
    [`${llama8} --quantization fp8`, 'fp8'],
    [`RedHatAI/Llama-3.3-70B-Instruct-FP8-dynamic`, 'fp8'],
    [`Qwen/Qwen2.5-7B-Instruct-AWQ`, 'int4'],
    [`openai/gpt-oss-20b`, 'mxfp4'],
    [`openai/gpt-oss-20b --dtype bfloat16`, 'mxfp4'],
  ])('%s is served in %s', (args, precision) => {
    const { facts, model } = context(args);
    expect(servingPrecision(facts, model!)).toBe(precision);
  });

  it('never throws, and is the same twice, for any model, card and setting', () => {
    const flag = fc.constantFrom(
      ...[
        '-tp 3',
        '-tp 8',
        '-pp 2',
        '-dp 4',
        '--max-model-len 1m',
        '--max-model-len auto',
        '--gpu-memory-utilization 0.99',
        '--quantization fp8',
      ],
      ...[
        '--kv-cache-dtype fp8',
        '--enable-expert-parallel',
        '--enforce-eager',
        '--max-num-seqs 1',
        '--cpu-offload-gb 500',
        '--dtype half',
      ],
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...listModels()),
        fc.constantFrom(...listGpus()),
        fc.array(flag, { maxLength: 6 }),
        fc.integer({ min: 0, max: 16 }),
        (model, gpu, flags, count) => {
          const setting = context([model.checkpoints[0]!.id, ...flags].join(' '), {
            gpu: gpu.id,
            gpusPerNode: 8,
            sharedBy: 2,
            migStrategy: 'single',
            ...request(count),
          });
          const found = judgeServing(setting);
          expect(judgeServing(setting)).toEqual(found);
          for (const problem of found) expect(problem.message).not.toMatch(/NaN|Infinity|undefined/);
        },
      ),
      { seed: 610, numRuns: 400 },
    );
  });
});
