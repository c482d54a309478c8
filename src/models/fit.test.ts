import { describe, expect, it } from 'vitest';
import {
  engineDefaults,
  type FitRequest,
  type FitResult,
  findGpu,
  findModel,
  type GpuClass,
  fit as judgeFit,
  type ModelFacts,
  parseEngineVersion,
  validTensorSizes,
} from './index.js';
import { kvCacheShape, sequenceBytes } from './kv-cache.js';
import { weightTerms } from './weights.js';

const model = (id: string): ModelFacts => findModel(id) ?? expect.fail(`no model ${id}`);
const gpu = (id: string): GpuClass => findGpu(id) ?? expect.fail(`no GPU ${id}`);
const judge = (name: string, card: string, more: Partial<FitRequest> = {}): FitResult =>
  judgeFit({ model: model(name), gpu: gpu(card), ...more });

describe('verdicts that people know', () => {
  it.each<[string, string, Partial<FitRequest>, FitResult['verdict']]>([
    // The family of the demonstration.
    ['llama-3.1-8b', 't4', {}, 'no-fit'],
    ['llama-3.1-8b', 'l4', { engineVersion: '0.11.0' }, 'fits'],
    ['llama-3.1-70b', 'h100-80gb', { tensor: 4 }, 'fits'],
    ['llama-3.1-70b', 'h100-80gb', { tensor: 8 }, 'fits'],
    ['llama-3.1-70b', 'a100-80gb', { tensor: 4, precision: 'fp8' }, 'fits'],
    ['llama-3.1-70b', 'h100-80gb', { tensor: 1 }, 'no-fit'],
    ['llama-3.1-405b', 'h100-80gb', { tensor: 8 }, 'no-fit'],
    ['llama-3.1-405b', 'h100-80gb', { tensor: 8, precision: 'fp8' }, 'fits'],
    ['llama-3.1-405b', 'h100-80gb', { tensor: 8, pipeline: 2 }, 'fits'],
    ['deepseek-r1', 'h100-80gb', { tensor: 8 }, 'no-fit'],
    ['deepseek-r1', 'h200-141gb', { tensor: 8 }, 'fits'],
    ['qwen3-32b', 'h100-80gb', { engineVersion: '0.11.0', maxNumSeqs: 256 }, 'fits'],
    ['gpt-oss-20b', 'l4', { engineVersion: '0.11.0', context: 131072 }, 'fits'],
  ])('%s on %s %j: %s', (name, card, more, verdict) => {
    const result = judge(name, card, more);
    expect(result.verdict, result.explanation.join('\n')).toBe(verdict);
  });

  it('refuses bf16 on a T4 and gives the numbers all the same', () => {
    const result = judge('llama-3.1-8b', 't4', { engineVersion: '0.11.0' });
    expect(result.refusals.map((refusal) => refusal.code)).toEqual(['quantisation-matches-gpu']);
    expect(result.terms.weightsGiB).toBeCloseTo(14.96, 2);
    expect(result.terms.availableGiB).toBeCloseTo(13.27, 2);
    expect(result.smallestChange).toEqual({
      change: 'tensor',
      value: 2,
      with: { change: 'precision', value: 'fp16' },
      description: 'fp16 (--dtype float16) and tensor 2 (instead of 1), 2 x t4',
    });
  });
});

describe('bytes a token on one GPU', () => {
  it.each<[string, Partial<FitRequest>, number]>([
    ['llama-3.1-8b', {}, 2 * 32 * 8 * 128 * 2],
    ['llama-3.1-8b', { kvCacheDtype: 'fp8' }, 2 * 32 * 8 * 128],
    ['llama-3.1-70b', { tensor: 4 }, 2 * 80 * 2 * 128 * 2],
    // Copied above the number of KV heads: 16 ranks cost as much as 8.
    ['llama-3.1-70b', { tensor: 16 }, 2 * 80 * 1 * 128 * 2],
    ['llama-3.1-70b', { tensor: 4, pipeline: 2 }, 2 * 40 * 2 * 128 * 2],
    // 61 layers in 4 stages: the fullest has 16.
    ['deepseek-r1', { tensor: 8, pipeline: 4 }, 16 * (512 + 64) * 2],
    ['deepseek-r1', { tensor: 1 }, 61 * (512 + 64) * 2],
    ['deepseek-r1', { tensor: 8 }, 61 * (512 + 64) * 2],
    // Before 0.7 every head was cached, padded to 256.
    ['deepseek-v2-lite', { tensor: 2, engineVersion: '0.5.1' }, 2 * 27 * 8 * 256 * 2],
    // Only full layers grow.
    ['gpt-oss-20b', {}, 2 * 12 * 8 * 64 * 2],
    ['gemma-3-27b', {}, 2 * 10 * 16 * 128 * 2],
    ['gemma-3-27b', { engineVersion: '0.8.5' }, 2 * 62 * 16 * 128 * 2],
    // Gemma 4: 4 KV heads of 512 in full layers.
    ['gemma-4-31b', {}, 2 * 10 * 4 * 512 * 2],
    ['qwen3.5-27b', {}, 2 * 16 * 4 * 256 * 2],
  ])('%s %j: %d', (name, more, bytes) => {
    expect(judge(name, 'h200-141gb', more).terms.kvBytesPerToken).toBe(bytes);
  });

  it('keeps a sliding layer to its window and one batch', () => {
    const need = (context: number) =>
      judge('gemma-3-27b', 'h200-141gb', { context, maxNumBatchedTokens: 2048 }).terms.kvCacheGiB;
    const full = 2 * 10 * 16 * 128 * 2;
    const sliding = 2 * 52 * 16 * 128 * 2;
    expect(need(1024) * 1024 ** 3).toBe(1024 * (full + sliding));
    expect(need(131072) * 1024 ** 3).toBe(131072 * full + Math.ceil((1023 + 2048) / 16) * 16 * sliding);
  });

  it('charges a linear hybrid its state in whole pages', () => {
    const page = 784 * 2 * 4 * 256 * 2;
    const need = (context: number) => judge('qwen3.5-27b', 'h200-141gb', { context }).terms.kvCacheGiB * 1024 ** 3;
    expect(need(16)).toBe(48 * page + 16 * page);
    expect(need(784)).toBe(need(16));
    expect(need(785)).toBe(48 * page + 2 * 16 * page);
  });

  it.each([
    // Qwen3.5 4B on 0.22: pages of 528 tokens, padded by 0.76 %; 11.11 GiB hold 137.80 requests of 1,024 tokens.
    [
      { kvCacheDtype: 'auto', full: 8, linear: 24, valueHeads: 32 },
      { blockSize: 528, padding: 0.0076, gib: 11.11, context: 1024, requests: 137.8 },
    ],
    // Qwen3.6 27B on 0.23 with an fp8 cache: pages of 1,568 tokens, padded by 0.13 %.
    [
      { kvCacheDtype: 'fp8', full: 16, linear: 48, valueHeads: 48 },
      { blockSize: 1568, padding: 0.0013 },
    ],
  ] as const)('pages as the engine prints them: %j', (given, printed) => {
    const stateBytes = given.valueHeads * 128 * 128 * 4 + (2 * 16 * 128 + given.valueHeads * 128) * 3 * 2;
    const hybrid: ModelFacts = {
      ...model('qwen3.5-27b'),
      layers: given.full + given.linear,
      attention: { kind: 'linear-hybrid', fullLayers: given.full, linearLayers: given.linear, stateBytes },
    };
    const settings = {
      kvCacheDtype: given.kvCacheDtype,
      maxNumBatchedTokens: 8192,
      blockSize: 16,
      boundsSlidingLayers: true,
      cachesLatent: true,
    };
    const shape = kvCacheShape(hybrid, { tensor: 1, pipeline: 1, data: 1, expert: false }, settings);
    expect(shape.blockSize).toBe(printed.blockSize);
    expect(shape.bytesPerSequence / given.linear / stateBytes - 1).toBeCloseTo(printed.padding, 4);
    if ('requests' in printed)
      expect((printed.gib * 1024 ** 3) / sequenceBytes(shape, printed.context)).toBeCloseTo(printed.requests, 0);
  });
});

describe('weights', () => {
  const single = { tensor: 1, pipeline: 1, data: 1, expert: false };

  it('spreads experts over tensor x data ranks (27.72 GiB measured on 8 L40S)', () => {
    const terms = weightTerms(model('qwen3-235b-a22b'), 'fp8', { tensor: 4, pipeline: 1, data: 2, expert: true });
    expect(Math.abs(terms.perGpuGiB / 27.72 - 1)).toBeLessThan(0.05);
  });

  it('gives the fullest rank whole experts', () => {
    const even = weightTerms(model('mixtral-8x7b'), 'bf16', { ...single, tensor: 4, expert: true }).perGpuGiB;
    const uneven = weightTerms(model('mixtral-8x7b'), 'bf16', { ...single, tensor: 3, expert: true }).perGpuGiB;
    // 8 experts on 3 ranks: one rank has three of them, more than a third.
    expect(uneven * 3).toBeGreaterThan(even * 4);
  });

  it.each([
    ['gpt-oss-20b', 'mxfp4', 13.47],
    ['gpt-oss-120b', 'mxfp4', 64.38],
    ['llama-3.1-8b', 'bf16', 14.99],
    ['llama-3.3-70b', 'fp8', 67.72],
    ['qwen2.5-7b', 'int4', 5.29],
    ['gemma-3-4b', 'bf16', 8.58],
  ] as const)('%s in %s is near the %d GiB that were loaded', (name, precision, loaded) => {
    const { totalGiB } = weightTerms(model(name), precision, single);
    // Gemma 3's tower is estimated from the repository's files.
    expect(Math.abs(totalGiB / loaded - 1)).toBeLessThan(name === 'gemma-3-4b' ? 0.07 : 0.01);
  });

  it('takes partial quantisation from the checkpoint, not from the formula', () => {
    const terms = weightTerms(model('llama-3.1-405b'), 'fp8', { ...single, tensor: 8 });
    expect(terms).toMatchObject({ perGpuGiB: 57.75, basis: 'loaded' });
  });
});

describe('what the engine refuses', () => {
  it.each<[string, string, Partial<FitRequest>, string]>([
    ['qwen2.5-7b', 'l4', { tensor: 8 }, 'tp-divides-heads'],
    ['llama-3.1-8b', 'l4', { tensor: 3 }, 'tp-divides-heads'],
    ['phi-4', 'l4', { tensor: 4 }, 'tp-divides-kv-heads'],
    ['llama-3.1-8b', 'l4', { context: 131073 }, 'max-model-len-within-model'],
    ['llama-3.1-70b', 'l4', { tensor: 8, gpusPerNode: 4 }, 'tp-within-one-node'],
    ['llama-3.1-8b', 'v100-32gb', {}, 'quantisation-matches-gpu'],
    ['llama-3.1-8b', 't4', { precision: 'fp8' }, 'quantisation-matches-gpu'],
    ['gpt-oss-20b', 't4', {}, 'quantisation-matches-gpu'],
    ['llama-3.1-8b', 't4', { precision: 'fp16', kvCacheDtype: 'fp8' }, 'kv-cache-dtype-matches-gpu'],
    ['llama-3.1-8b', 'h100-80gb', { pipeline: 33 }, 'pp-divides-layers'],
  ])('%s on %s %j: %s', (name, card, more, code) => {
    const result = judge(name, card, more);
    expect(result.verdict).toBe('no-fit');
    expect(result.refusals.map((refusal) => refusal.code)).toContain(code);
  });

  it.each<[string, string, Partial<FitRequest>, string]>([
    ['qwen2.5-72b', 'a100-80gb', { precision: 'int4', tensor: 2 }, 'tp-cuts-quantisation-group'],
    ['gpt-oss-20b', 'h100-80gb', { tensor: 8, data: 2, expert: true, precision: 'bf16', engineVersion: '0.11.0' }, ''],
    [
      'qwen3-coder-480b-a35b',
      'h200-141gb',
      { tensor: 8, data: 3, expert: true, engineVersion: '0.11.0' },
      'moe-expert-parallel-shape',
    ],
    ['llama-3.1-8b', 'l4', { gpuMemoryUtilization: 0.98, engineVersion: '0.11.0' }, 'util-leaves-room-for-cudagraphs'],
    [
      'qwen3.5-27b',
      'h100-80gb',
      { precision: 'fp8', gpuMemoryUtilization: 0.95, maxNumSeqs: 1024, engineVersion: '0.20.0' },
      'linear-state-pages',
    ],
    [
      'llama-3.1-70b',
      'h100-80gb',
      { precision: 'fp8', quantizeAtLoad: true, tensor: 1, maxNumSeqs: 16, engineVersion: '0.11.0' },
      'quantise-at-load-peak',
    ],
  ])('is in doubt about %s on %s %j: %s', (name, card, more, code) => {
    const result = judge(name, card, more);
    if (code === '') return expect(result.cautions).toEqual([]);
    expect(result.verdict).toBe('tight');
    expect(result.cautions.map((caution) => caution.code)).toContain(code);
  });

  it.each<[Partial<FitRequest>]>([
    [{ tensor: 0 }],
    [{ tensor: -1 }],
    [{ tensor: 1.5 }],
    [{ pipeline: Number.NaN }],
    [{ context: 0 }],
    [{ context: Number.POSITIVE_INFINITY }],
    [{ maxNumSeqs: 0 }],
    [{ gpuMemoryUtilization: 90 }],
    [{ gpuMemoryUtilization: Number.NaN }],
  ])('refuses %j and keeps every term a number', (more) => {
    const result = judge('llama-3.1-8b', 'h100-80gb', more);
    expect(result.verdict).toBe('no-fit');
    expect(result.refusals.map((refusal) => refusal.code)).toContain('impossible-setting');
    for (const term of Object.values(result.terms)) expect(Number.isFinite(term)).toBe(true);
  });

  it('counts the KV cache of every data rank', () => {
    const one = judge('llama-3.1-8b', 'h100-80gb', { data: 1, tensor: 2 });
    const four = judge('llama-3.1-8b', 'h100-80gb', { data: 4, tensor: 2 });
    expect(four.maxConcurrency / one.maxConcurrency).toBeCloseTo(4, 3);
    expect(four.terms.weightsGiB).toBe(one.terms.weightsGiB);
  });

  it('lists valid tensor sizes', () => {
    expect(validTensorSizes(model('qwen2.5-7b'))).toEqual([1, 2, 4]);
    expect(validTensorSizes(model('phi-4'))).toEqual([1, 2, 5, 10]);
    expect(validTensorSizes(model('llama-3.1-8b'))).toEqual([1, 2, 4, 8, 16]);
  });
});

describe('defaults of the engine', () => {
  it.each([
    ['0.6.x', 'h100-80gb', 0.9, 256, 2048],
    ['0.8.1', 'l4', 0.9, 1024, 2048],
    ['0.8.1', 'h100-80gb', 0.9, 1024, 8192],
    ['0.8.5', 'l4', 0.9, 256, 2048],
    ['0.11.0', 'l4', 0.9, 256, 2048],
    ['0.11.0', 'a100-80gb', 0.9, 256, 2048],
    ['0.11.0', 'h100-80gb', 0.9, 1024, 8192],
    ['v0.20.1', 'h100-80gb', 0.92, 1024, 8192],
    ['0.27.1', 'b200', 0.92, 1024, 8192],
    ['0.28.0', 'b200', 0.92, 1024, 16384],
    ['0.28.0', 'l4', 0.92, 256, 2048],
  ])('%s on %s: %d, %d sequences, %d tokens', (version, card, utilisation, sequences, tokens) => {
    const defaults = engineDefaults(version, gpu(card));
    expect([defaults.gpuMemoryUtilization, defaults.maxNumSeqs, defaults.maxNumBatchedTokens]).toEqual([
      utilisation,
      sequences,
      tokens,
    ]);
  });

  it.each([
    ['v0.11.0', [0, 11, 0]],
    ['0.11', [0, 11, 0]],
    ['0.10.1.1', [0, 10, 1]],
    ['0.11.0rc2', [0, 11, 0]],
    ['v0.11.0-cu129', [0, 11, 0]],
    ['v0.20.0@sha256:abc', [0, 20, 0]],
    ['1.0.0', [1, 0, 0]],
  ])('reads version %s', (text, [major, minor, patch]) => {
    expect(parseEngineVersion(text)).toMatchObject({ major, minor, patch });
  });

  it.each(['latest', '', 'nightly', 'sha256:abc', '0', 'x.y'])('does not read %j as a version, and says so', (text) => {
    expect(parseEngineVersion(text)).toBeUndefined();
    const defaults = engineDefaults(text, gpu('l4'));
    expect(defaults.beyondMeasured).toBe(true);
    expect(defaults.reasons[0]).toContain('is not a release');
  });
});
