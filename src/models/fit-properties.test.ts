import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type FitRequest,
  type FitResult,
  findGpu,
  type GpuClass,
  fit as judgeFit,
  listGpus,
  listModels,
  validTensorSizes,
} from './index.js';

const gpu = (id: string): GpuClass => findGpu(id) ?? expect.fail(`no GPU ${id}`);
const rank = (result: FitResult) => ['no-fit', 'tight', 'fits'].indexOf(result.verdict);

const anyModel = fc.constantFrom(...listModels());
const anyGpu = fc.constantFrom(...listGpus());
const anyVersion = fc.constantFrom('0.9.2', '0.11.0', '0.20.0', '0.22.0', '0.27.0', '0.28.0');
const anyRequest: fc.Arbitrary<FitRequest> = fc
  .record({
    model: anyModel,
    gpu: anyGpu,
    tensor: fc.constantFrom(1, 2, 4, 8),
    pipeline: fc.constantFrom(1, 1, 2),
    context: fc.integer({ min: 1, max: 131072 }),
    precision: fc.constantFrom('bf16', 'fp8', 'int4'),
    kvCacheDtype: fc.constantFrom('auto', 'fp8'),
    engineVersion: anyVersion,
    maxNumSeqs: fc.integer({ min: 1, max: 1024 }),
    maxNumBatchedTokens: fc.integer({ min: 512, max: 16384 }),
    gpuMemoryUtilization: fc.double({ min: 0.3, max: 0.95, noNaN: true }),
    enforceEager: fc.boolean(),
  })
  .map((request) => request as FitRequest);

const runs = { seed: 606, numRuns: process.env['GITOPS_GEN_DEEP'] ? 20_000 : 500 };

describe('properties of the sum', () => {
  it('a longer context is never easier', () => {
    fc.assert(
      fc.property(anyRequest, fc.integer({ min: 1, max: 100_000 }), (request, more) => {
        const longer = { ...request, context: request.context! + more };
        expect(rank(judgeFit(longer))).toBeLessThanOrEqual(rank(judgeFit(request)));
      }),
      runs,
    );
  });

  it('more memory is never worse', () => {
    fc.assert(
      fc.property(anyRequest, fc.double({ min: 0, max: 50, noNaN: true }), (request, more) => {
        const larger = { ...request, gpu: { ...request.gpu, usableGiB: request.gpu.usableGiB + more } };
        expect(rank(judgeFit(larger))).toBeGreaterThanOrEqual(rank(judgeFit(request)));
      }),
      runs,
    );
  });

  it('a higher tensor size that the model allows is never worse, among sizes above one', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const before = judgeFit({ ...request, tensor: 2 });
        const after = judgeFit({ ...request, tensor: 4 });
        if (!validTensorSizes(request.model, 8).includes(4) || after.cautions.length > 0) return;
        expect(rank(after)).toBeGreaterThanOrEqual(rank(before));
        expect(after.terms.weightsGiB).toBeLessThan(before.terms.weightsGiB);
      }),
      runs,
    );
  });

  it('the terms add up, and their band holds the expected figure', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const { terms, cudaGraphsInsideUtilization } = judgeFit(request);
        const graphs = cudaGraphsInsideUtilization ? terms.cudaGraphsGiB : 0;
        const left = terms.availableGiB - terms.weightsGiB - terms.activationGiB - terms.nonTorchGiB - graphs;
        expect(terms.kvAvailableGiB).toBeCloseTo(left, 9);
        expect(terms.kvAvailableLeastGiB).toBeLessThanOrEqual(terms.kvAvailableGiB);
        expect(terms.kvAvailableMostGiB).toBeGreaterThanOrEqual(terms.kvAvailableGiB);
        for (const value of Object.values(terms)) expect(Number.isFinite(value)).toBe(true);
      }),
      runs,
    );
  });

  it('the longest context fits, and one page more does not', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const { maxContext } = judgeFit(request);
        if (maxContext > 0) expect(judgeFit({ ...request, context: maxContext }).verdict).toBe('fits');
        if (maxContext < request.model.maxContext)
          expect(judgeFit({ ...request, context: maxContext + 16 }).verdict).not.toBe('fits');
      }),
      runs,
    );
  });

  it('the smallest change, applied, fits', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const result = judgeFit(request);
        const { smallestChange } = result;
        if (result.verdict === 'fits') expect(smallestChange).toBeNull();
        if (smallestChange === null) return;
        const { change, value } = smallestChange;
        const changed = {
          ...request,
          ...(smallestChange.with ? { precision: smallestChange.with.value } : {}),
          ...(change === 'gpu' ? { gpu: gpu(String(value)) } : { [change]: value }),
          ...(change === 'pipeline' ? { tensor: Math.max(result.tensor, 8) } : {}),
        };
        expect(judgeFit(changed).verdict, smallestChange.description).toBe('fits');
      }),
      { ...runs, numRuns: Math.min(runs.numRuns, 2000) },
    );
  });
});
