import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContainerCommand } from './command-line.js';
import { engineVersionOf, servingFacts } from './serving-facts.js';

const image = 'vllm/vllm-openai:v0.11.0';
const full = { model: 'meta-llama/Llama-3.1-8B-Instruct', tensor: 4, context: 8192 };

describe('the command lines that people write', () => {
  it.each<[string, ContainerCommand]>([
    [
      'args of the image',
      { image, args: ['--model', full.model, '--tensor-parallel-size', '4', '--max-model-len', '8192'] },
    ],
    ['equals signs', { image, args: [`--model=${full.model}`, '--tensor-parallel-size=4', '--max-model-len=8192'] }],
    ['a positional model', { image, args: [full.model, '-tp', '4', '--max-model-len', '8K'] }],
    [
      'vllm serve',
      { command: ['vllm', 'serve'], args: [full.model, '--tensor_parallel_size', '4', '--max_model_len=8192'] },
    ],
    ['a path to vllm', { command: ['/usr/local/bin/vllm', 'serve', full.model, '-tp=4', '--max-model-len', '8.192k'] }],
    [
      'the python module',
      {
        command: ['python3', '-m', 'vllm.entrypoints.openai.api_server'],
        args: ['--model', full.model, '--tensor-parallel-size', '4', '--max-model-len', '8192'],
      },
    ],
    [
      'a shell',
      { command: ['/bin/sh', '-c'], args: [`vllm serve ${full.model} --tensor-parallel-size 4 --max-model-len 8192`] },
    ],
    [
      'a shell with options',
      {
        command: [
          'bash',
          '-euxo',
          'pipefail',
          '-c',
          `exec vllm serve "${full.model}" \\\n  --tensor-parallel-size 4 \\\n  --max-model-len 8192`,
        ],
      },
    ],
    [
      'a script that does something first',
      {
        command: ['bash', '-lc'],
        args: [
          `# start\nexport A=1; sleep 1 && vllm serve '${full.model}' --tensor-parallel-size 4 --max-model-len 8192 | tee log`,
        ],
      },
    ],
    [
      'variables of the container',
      {
        image,
        args: ['--model', '$(MODEL)', '--tensor-parallel-size', '$(TP)', '--max-model-len', '$(LENGTH)'],
        env: [
          { name: 'MODEL', value: full.model },
          { name: 'TP', value: '4' },
          { name: 'LENGTH', value: '8192' },
        ],
      },
    ],
    [
      'a variable made of another',
      {
        image,
        args: ['$(MODEL)', '-tp', '4', '--max-model-len=8192'],
        env: [
          { name: 'OWNER', value: 'meta-llama' },
          { name: 'MODEL', value: '$(OWNER)/Llama-3.1-8B-Instruct' },
        ],
      },
    ],
    [
      'shell variables',
      {
        command: ['sh', '-c', 'vllm serve $MODEL --tensor-parallel-size "${TP}" --max-model-len ${LENGTH:-8192}'],
        env: [
          { name: 'MODEL', value: full.model },
          { name: 'TP', value: '4' },
        ],
      },
    ],
    [
      'the last of two',
      { image, args: ['--model', full.model, '-tp', '2', '--max-model-len', '8192', '--tensor-parallel-size', '4'] },
    ],
  ])('%s', (_, container) => {
    expect(servingFacts(container)).toMatchObject({ ...full, unresolved: [], malformed: [] });
  });

  it('reads every setting that memory depends on', () => {
    const args = [
      'Qwen/Qwen3-235B-A22B-FP8',
      ...[
        '--pipeline-parallel-size',
        '2',
        '-dp',
        '4',
        '--data-parallel-size-local',
        '2',
        '--enable-expert-parallel',
        '--trust-remote-code',
      ],
      ...[
        '--gpu-memory-utilization',
        '0.95',
        '--max-num-seqs',
        '64',
        '--max-num-batched-tokens',
        '16K',
        '--kv-cache-dtype',
        'fp8_e4m3',
      ],
      ...['--dtype', 'bfloat16', '-q', 'fp8', '--enforce-eager', '--cpu-offload-gb', '10', '--max-model-len', 'auto'],
    ];
    expect(servingFacts({ image: 'registry.example/vllm-openai:v0.20.1-cu129', args })).toMatchObject({
      engineVersion: '0.20.1',
      model: 'Qwen/Qwen3-235B-A22B-FP8',
      pipeline: 2,
      data: 4,
      dataLocal: 2,
      expert: true,
      gpuMemoryUtilization: 0.95,
      maxNumSeqs: 64,
      maxNumBatchedTokens: 16384,
      kvCacheDtype: 'fp8_e4m3',
      dtype: 'bfloat16',
      quantization: 'fp8',
      enforceEager: true,
      cpuOffloadGiB: 10,
      context: 'auto',
    });
  });

  it('says where a flag stands', () => {
    const facts = servingFacts({
      command: ['vllm', 'serve', 'm'],
      args: ['--trust-remote-code', '--max-model-len', '8192'],
    });
    expect(facts?.flags.get('max-model-len')).toEqual({
      name: 'max-model-len',
      value: '8192',
      unknown: [],
      source: { list: 'args', index: 2 },
    });
    expect(facts?.flags.get('trust-remote-code')?.source).toEqual({ list: 'args', index: 0 });
  });

  it('does not guess what stands elsewhere', () => {
    const env = [{ name: 'TP' }, { name: 'LENGTH' }];
    const facts = servingFacts({
      image,
      args: ['--tensor-parallel-size=$(TP)', '--max-model-len', '$(LENGTH)', '--config', '/etc/vllm.yaml'],
      env,
    });
    expect(facts).toMatchObject({ tensor: 1, configFile: true });
    expect(facts?.context).toBeUndefined();
    expect([...(facts?.unresolved ?? [])].sort()).toEqual(['max-model-len', 'tensor-parallel-size']);
    expect(facts?.flags.get('tensor-parallel-size')).toMatchObject({ unknown: ['TP'] });
  });

  it('leaves a reference to nothing as Kubernetes does, and says that it is no number', () => {
    const facts = servingFacts({
      image,
      args: ['--max-num-seqs', '$(NOWHERE)', '--tensor-parallel-size', '$$(TP)'],
      env: [{ name: 'TP', value: '4' }],
    });
    expect(facts?.malformed).toEqual([
      { flag: 'max-num-seqs', value: '$(NOWHERE)', needs: 'a whole number above 0' },
      { flag: 'tensor-parallel-size', value: '$(TP)', needs: 'a whole number above 0' },
    ]);
  });

  it.each([
    ['--gpu-memory-utilization', '90'],
    ['--gpu-memory-utilization', ''],
    ['--max-model-len', '8Ki'],
    ['--max-model-len', '1.5K'],
    ['--tensor-parallel-size', '0'],
    ['--max-num-seqs', '1e3'],
  ])('%s %j is malformed', (flag, value) => {
    const facts = servingFacts({ image, args: [flag, value] });
    expect(facts?.malformed.map((one) => [`--${one.flag}`, one.value])).toEqual([[flag, value]]);
  });

  it.each<[string, ContainerCommand]>([
    ['another image', { image: 'nginx:1.29', args: ['--model', 'x'] }],
    ['another command in a vLLM image', { image, command: ['sleep', 'infinity'] }],
    [
      'a script without vLLM',
      { image, command: ['sh', '-c', 'echo vllm serve is not here'.replace('vllm serve', 'vllm-serve')] },
    ],
    ['nothing', {}],
  ])('is nothing for %s', (_, container) => {
    expect(servingFacts(container)).toBeUndefined();
  });

  it.each([
    ['vllm/vllm-openai:v0.11.0', '0.11.0'],
    ['registry:5000/vllm/vllm-openai:v0.20.0@sha256:abcdef', '0.20.0'],
    ['vllm/vllm-openai:latest', undefined],
    ['vllm/vllm-openai', undefined],
    ['registry:5000/vllm-openai', undefined],
    ['ghcr.io/llm-d/llm-d-cuda:v0.5.1', undefined],
    ['nvcr.io/nvidia/vllm:25.10-py3', undefined],
    ['public.ecr.aws/deep-learning-containers/vllm:0.11.0-gpu-py312', '0.11.0'],
    ['rocm/vllm:rocm7.0_vllm_0.11.1_20251103', '0.11.1'],
    [undefined, undefined],
  ])('image %s is version %s', (reference, version) => {
    expect(engineVersionOf(reference)).toBe(version);
  });

  it('never throws, whatever a container holds', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.constantFrom(
        '--max-model-len',
        '-tp',
        'vllm',
        'serve',
        'sh',
        '-c',
        '$(A)',
        '"',
        "'",
        '\\',
        '${A',
        '=',
        '--=',
        '-',
      ),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), fc.array(text, { maxLength: 8 }), text, (command, args, value) => {
        servingFacts({ image, command, args, env: [{ name: 'A', value }] });
      }),
      { seed: 609, numRuns: 1000 },
    );
  });
});
