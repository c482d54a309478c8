import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findGpu,
  findModel,
  type GpuClass,
  fit as judgeFit,
  listModels,
  type ModelFacts,
  smallestFit,
} from './index.js';

const model = (id: string): ModelFacts => findModel(id) ?? expect.fail(`no model ${id}`);
const gpu = (id: string): GpuClass => findGpu(id) ?? expect.fail(`no GPU ${id}`);

describe('the smallest set of GPUs', () => {
  const offers = ['t4', 'l4', 'a100-80gb', 'h100-80gb'].map((id) => ({
    gpu: gpu(id),
    gpusPerNode: id === 't4' ? 4 : 8,
  }));

  it.each([
    ['llama-3.1-8b', 'bf16', 'l4', 1],
    ['llama-3.1-70b', 'fp8', 'a100-80gb', 2],
    ['llama-3.1-70b', 'bf16', 'a100-80gb', 2],
    ['llama-3.1-405b', 'fp8', 'a100-80gb', 8],
  ] as const)('%s in %s: %s x %d', (name, precision, card, tensor) => {
    const search = smallestFit(model(name), {
      gpus: offers,
      precision,
      context: 8192,
      engineVersion: '0.11.0',
      maxNumSeqs: 256,
    });
    expect([search.best?.gpu.id, search.best?.tensor]).toEqual([card, tensor]);
    expect(search.tried.at(-1)?.reason).toBe('chosen');
  });

  it('uses nodes beside each other only where it may', () => {
    const h100 = [{ gpu: gpu('h100-80gb'), gpusPerNode: 8 }];
    expect(smallestFit(model('llama-3.1-405b'), { gpus: h100 }).best).toBeUndefined();
    const two = smallestFit(model('llama-3.1-405b'), { gpus: h100.map((offer) => ({ ...offer, maxNodes: 2 })) });
    expect([two.best?.tensor, two.best?.pipeline]).toEqual([8, 2]);
  });

  it('holds the concurrency that is asked for', () => {
    const few = smallestFit(model('llama-3.1-8b'), { gpus: offers, context: 16384, minConcurrency: 1 });
    const many = smallestFit(model('llama-3.1-8b'), { gpus: offers, context: 16384, minConcurrency: 16 });
    expect(many.best!.result.maxConcurrency).toBeGreaterThanOrEqual(16);
    expect(many.best!.gpus * many.best!.gpu.usableGiB).toBeGreaterThan(few.best!.gpus * few.best!.gpu.usableGiB);
  });

  it('does not depend on the order of the offers, and nothing smaller fits', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...listModels()),
        fc.shuffledSubarray(offers, { minLength: 1 }),
        fc.constantFrom('bf16', 'fp8'),
        (any, shuffled, precision) => {
          const options = { precision: precision as 'bf16' | 'fp8', engineVersion: '0.11.0' };
          const one = smallestFit(any, { gpus: shuffled, ...options });
          const other = smallestFit(any, { gpus: [...shuffled].reverse(), ...options });
          expect(other).toEqual(one);
          const best = one.best;
          if (!best) return;
          for (const offer of shuffled) {
            for (const tensor of [1, 2, 4, 8]) {
              if (tensor > offer.gpusPerNode || tensor * offer.gpu.usableGiB >= best.gpus * best.gpu.usableGiB)
                continue;
              expect(
                judgeFit({ model: any, gpu: offer.gpu, tensor, gpusPerNode: offer.gpusPerNode, ...options }).verdict,
              ).not.toBe('fits');
            }
          }
        },
      ),
      { seed: 607, numRuns: 200 },
    );
  });
});
