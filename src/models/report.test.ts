import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import {
  type FitRequest,
  type FitResult,
  findGpu,
  findModel,
  fitMatrix,
  fitReport,
  formatFit,
  formatFitTable,
  type GpuClass,
  fit as judgeFit,
  type ModelFacts,
} from './index.js';

const model = (id: string): ModelFacts => findModel(id) ?? expect.fail(`no model ${id}`);
const gpu = (id: string): GpuClass => findGpu(id) ?? expect.fail(`no GPU ${id}`);
const judge = (name: string, card: string, more: Partial<FitRequest> = {}): FitResult =>
  judgeFit({ model: model(name), gpu: gpu(card), ...more });

describe('how it shows', () => {
  it('as text', () => {
    expect(formatFit(judge('llama-3.1-70b', 'h100-80gb', { tensor: 4, context: 8192, engineVersion: '0.11.0' }))).toBe(
      [
        'fits: llama-3.1-70b (bf16) on 4 x h100-80gb, tensor 4, context 8,192, vLLM 0.11.0',
        '',
        'per GPU',
        '  available          71.26 GiB   79.18 GiB x 0.9 gpu-memory-utilization',
        '  - weights          32.85 GiB   bf16, 131.42 GiB in all',
        '  - activation        4.72 GiB   max-num-seqs 1024, max-num-batched-tokens 8192',
        '  - outside torch     0.60 GiB',
        '  = left for KV      33.09 GiB   31.79 to 36.74 with the worst and best figures seen',
        '  needed for KV       0.63 GiB   one request of 8,192 tokens, 16 bit',
        '  CUDA graphs         0.40 GiB   on top of the utilisation',
        '',
        'longest context that fits    131,072 tokens',
        'requests of 8,192 at once    52.93',
        '',
      ].join('\n'),
    );
  });

  it('as text with the way out', () => {
    const text = formatFit(judge('llama-3.1-8b', 't4'), { explain: true });
    expect(text).toContain(
      '\nrefused: bf16 needs compute capability 8.0, t4 has 7.5: the engine refuses to start; fp16 works [quantisation-matches-gpu]\n',
    );
    expect(text).toContain('\nwould fit with fp16 (--dtype float16) and tensor 2 (instead of 1), 2 x t4\n');
    expect(text.trimEnd().split('\n').at(-1)).toBe(
      'no-fit: the engine refuses this combination, and 1.00 GiB are needed where -1.64 are left at best',
    );
  });

  it('as a table over GPUs and tensor sizes', () => {
    const cards = ['h100-80gb', 't4', 'l4'].map(gpu);
    expect(formatFitTable(fitMatrix({ model: model('qwen2.5-7b'), engineVersion: '0.11.0' }, cards))).toBe(
      [
        'qwen2.5-7b (bf16), context 8,192, vLLM 0.11.0; verdict and longest context that fits',
        '',
        'GPU        tensor 1  tensor 2  tensor 4',
        't4         no        no        no',
        'l4         fits 32k  fits 32k  fits 32k',
        'h100-80gb  fits 32k  fits 32k  fits 32k',
        '',
      ].join('\n'),
    );
  });

  it('as JSON that follows its schema', () => {
    const schema = JSON.parse(readFileSync(new URL('../../schemas/fit-report.schema.json', import.meta.url), 'utf8'));
    const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);
    const reports = fitMatrix({ model: model('llama-3.1-70b'), precision: 'fp8' }).map(fitReport);
    expect(validate(reports) ? [] : validate.errors).toEqual([]);
    for (const [name, card] of [
      ['llama-3.1-8b', 't4'],
      ['gpt-oss-120b', 'h100-80gb'],
      ['llama-3.1-8b', 'l40s'],
    ] as const) {
      const report = fitReport(judge(name, card));
      expect(validate(report) ? [] : validate.errors).toEqual([]);
      expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    }
  });
});
