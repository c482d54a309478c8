import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type FitResult,
  findGpu,
  findModel,
  fit as judgeFit,
  type KvCacheDtype,
  type ModelFacts,
  type Precision,
} from './index.js';

/**
 * The sum against what engines reported. Evidence differs: a log or a failed start is a measurement; a vendor's matrix and a
 * published configuration say that somebody means it to work.
 */
interface TruthCase {
  readonly id: string;
  readonly model: string;
  readonly gpu: string;
  readonly usableGiB: number | null;
  readonly gpus: number;
  readonly tensor: number;
  readonly pipeline: number;
  readonly data: number;
  readonly expert: boolean;
  readonly precision: Precision;
  readonly kvCacheDtype: KvCacheDtype;
  readonly context: number | null;
  readonly gpuMemoryUtilization: number | null;
  readonly maxNumSeqs: number | null;
  readonly maxNumBatchedTokens: number | null;
  readonly enforceEager: boolean;
  readonly engine: string;
  readonly engineVersion: string | null;
  readonly evidence: string;
  readonly observed: {
    readonly fits: boolean;
    readonly weights_gib?: number;
    readonly activation_gib?: number;
    readonly kv_gib?: number;
    readonly kv_tokens?: number;
    readonly max_concurrency_x?: number;
  };
  readonly source: string;
  /** Why a wrong verdict on this case is accepted. */
  readonly reason?: string;
  /** Why a figure outside the band between worst and best is accepted. */
  readonly outside?: string;
}

const truth = JSON.parse(readFileSync(new URL('../../fixtures/memory-truth.json', import.meta.url), 'utf8')) as {
  readonly shapes: readonly ModelFacts[];
  readonly cases: readonly TruthCase[];
};

/** What people ran when a log names no version: current when the logs were written. */
const UNSTATED_VERSION = '0.11.0';

function judge(one: TruthCase): FitResult {
  const model = findModel(one.model) ?? truth.shapes.find((shape) => shape.id === one.model);
  const gpu = findGpu(one.gpu);
  if (!model || !gpu) throw new Error(`case ${one.id}: unknown model ${one.model} or GPU ${one.gpu}`);
  return judgeFit({
    model,
    gpu: { ...gpu, usableGiB: one.usableGiB ?? gpu.usableGiB },
    tensor: one.tensor,
    pipeline: one.pipeline,
    data: one.data,
    expert: one.expert,
    precision: one.precision,
    kvCacheDtype: one.kvCacheDtype,
    // Engines take the model's maximum where none is stated; logs without one say nothing of length, so one page is enough.
    context: one.context ?? (one.observed.fits ? 16 : model.maxContext),
    engineVersion: one.engineVersion ?? UNSTATED_VERSION,
    enforceEager: one.enforceEager,
    ...(one.gpuMemoryUtilization === null ? {} : { gpuMemoryUtilization: one.gpuMemoryUtilization }),
    ...(one.maxNumSeqs === null ? {} : { maxNumSeqs: one.maxNumSeqs }),
    ...(one.maxNumBatchedTokens === null ? {} : { maxNumBatchedTokens: one.maxNumBatchedTokens }),
  });
}

const judged = truth.cases.map((one) => ({ one, result: judge(one) }));
const measured = new Set(['measured-log', 'reported-works', 'failed-start']);

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

const cell = (value: number | undefined) => (value === undefined ? '' : value.toFixed(2));

function table(): string {
  const rows = judged.map(({ one, result }) =>
    [
      one.id.padEnd(46),
      one.evidence.padEnd(18),
      (one.observed.fits ? 'fits' : 'fails').padEnd(5),
      result.verdict.padEnd(6),
      cell(one.observed.weights_gib).padStart(7),
      result.terms.weightsGiB.toFixed(2).padStart(7),
      cell(one.observed.activation_gib).padStart(6),
      result.terms.activationGiB.toFixed(2).padStart(6),
      cell(one.observed.kv_gib).padStart(7),
      result.terms.kvAvailableGiB.toFixed(2).padStart(7),
    ].join(' '),
  );
  return [
    'case / evidence / observed / verdict / weights seen, ours / activation seen, ours / KV seen, ours (GiB a GPU)',
    ...rows,
  ].join('\n');
}

describe('the sum against measured starts', () => {
  it('prints its table', () => {
    const text = table();
    console.log(text);
    expect(text.split('\n')).toHaveLength(truth.cases.length + 1);
  });

  it.each(judged.filter(({ one }) => one.observed.fits).map(({ one, result }) => [one.id, result] as const))(
    'never calls the success %s no-fit',
    (_, result) => {
      expect(result.verdict, result.explanation.join('\n')).not.toBe('no-fit');
    },
  );

  it.each(
    judged
      .filter(({ one }) => !one.observed.fits && one.reason === undefined)
      .map(({ one, result }) => [one.id, result] as const),
  )('never calls the failure %s fits', (_, result) => {
    expect(result.verdict, result.explanation.join('\n')).not.toBe('fits');
  });

  it('needs a written reason only where the verdict is wrong', () => {
    for (const { one, result } of judged) {
      if (one.reason !== undefined)
        expect(`${one.id} ${result.verdict}`).toBe(`${one.id} ${one.observed.fits ? 'no-fit' : 'fits'}`);
    }
  });

  it('has weights within 2 % in the median', () => {
    const errors = judged.flatMap(({ one, result }) =>
      one.observed.weights_gib === undefined ? [] : [Math.abs(result.terms.weightsGiB / one.observed.weights_gib - 1)],
    );
    expect(errors.length).toBeGreaterThanOrEqual(20);
    expect(median(errors)).toBeLessThan(0.02);
  });

  it('has the memory left for the KV cache within 1 GiB in the median', () => {
    const errors = judged.flatMap(({ one, result }) =>
      one.observed.kv_gib === undefined || one.gpuMemoryUtilization === null
        ? []
        : [Math.abs(result.terms.kvAvailableGiB - one.observed.kv_gib)],
    );
    expect(errors.length).toBeGreaterThanOrEqual(15);
    expect(median(errors)).toBeLessThan(1);
  });

  it('holds every measured figure inside its band, except where the fixture says why', () => {
    const outside = judged.filter(({ one, result }) => {
      const seen = one.observed.kv_gib;
      if (seen === undefined || one.gpuMemoryUtilization === null || !measured.has(one.evidence)) return false;
      return seen < result.terms.kvAvailableLeastGiB - 0.05 || seen > result.terms.kvAvailableMostGiB + 0.05;
    });
    expect(outside.map(({ one }) => one.id)).toEqual(
      truth.cases.filter((one) => one.outside !== undefined).map((one) => one.id),
    );
  });

  it('reproduces what engines said they need for one request', () => {
    const needed = (model: string, context: number, maxNumBatchedTokens?: number) => {
      const facts = findModel(model);
      const gpu = findGpu('h200-141gb');
      if (!facts || !gpu) throw new Error(model);
      return judgeFit({
        model: facts,
        gpu,
        context,
        engineVersion: '0.11.0',
        ...(maxNumBatchedTokens ? { maxNumBatchedTokens } : {}),
      }).terms.kvCacheGiB;
    };
    // vllm#27508: 4.54 GiB for gpt-oss-120b at 131,072 tokens with batches of 1,024.
    expect(needed('gpt-oss-120b', 131072, 1024)).toBeCloseTo(4.54, 2);
    // Qwen3-Coder-30B (the shape of Qwen3-30B-A3B) at 262,144 tokens: 24.0 GiB.
    expect(needed('qwen3-30b-a3b', 262144)).toBeCloseTo(24, 5);
  });

  it('reproduces the concurrency that an engine printed', () => {
    // gpt-oss-20b on an L4 with an fp8 cache: 2.78x at 131,072 tokens.
    const { result } = judged.find(({ one }) => one.observed.max_concurrency_x !== undefined)!;
    expect(Math.abs(result.maxConcurrency - 2.78)).toBeLessThan(0.15);
  });
});
