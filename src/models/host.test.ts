import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findModel, hostRequirements, listModels, MODEL_STORAGES, type Precision } from './index.js';

const GIB = 1024 ** 3;
const single = { tensor: 1, pipeline: 1, data: 1, expert: false };

describe('what a Pod needs beside GPUs', () => {
  it.each([
    // vLLM's Kubernetes example: 6 GB requested and 20 GB allowed for a 7 B model with 2 GiB of shared memory.
    ['mistral-7b', 'bf16', single, { request: 8, limit: 22, cpu: 3, shm: 2 }],
    ['llama-3.1-8b', 'bf16', single, { request: 8, limit: 23, cpu: 3, shm: 2 }],
    ['llama-3.1-70b', 'fp8', { ...single, tensor: 4 }, { request: 20, limit: 88, cpu: 6, shm: 8 }],
    ['llama-3.1-70b', 'bf16', { ...single, tensor: 8 }, { request: 36, limit: 168, cpu: 10, shm: 16 }],
  ] as const)('%s in %s with %j', (name, precision, parallelism, expected) => {
    const host = hostRequirements(findModel(name)!, precision, parallelism);
    expect({
      request: host.memoryRequestBytes / GIB,
      limit: host.memoryLimitBytes / GIB,
      cpu: host.cpuMilli / 1000,
      shm: host.shmBytes / GIB,
    }).toEqual(expected);
  });

  it('shares workers and files among the Pods of one copy', () => {
    const parallelism = { ...single, tensor: 8, pipeline: 2 };
    const one = hostRequirements(findModel('llama-3.1-405b')!, 'bf16', parallelism);
    const two = hostRequirements(findModel('llama-3.1-405b')!, 'bf16', parallelism, 2);
    expect(one.cpuMilli).toBe(18_000);
    expect(two.cpuMilli).toBe(10_000);
    expect(two.memoryLimitBytes).toBeLessThan(one.memoryLimitBytes * 0.6);
  });

  it('says which files are downloaded when the engine quantises them', () => {
    const host = hostRequirements(findModel('qwen2.5-14b')!, 'fp8', single);
    expect(host.downloadBytes / GIB).toBeCloseTo(27.51, 2);
    expect(host.explanation.find((line) => line.startsWith('download'))).toContain('quantised to fp8 while loading');
  });

  it('keeps its promises for every model', () => {
    const parallelism = fc.record({
      tensor: fc.constantFrom(1, 2, 4, 8),
      pipeline: fc.constantFrom(1, 2),
      data: fc.constantFrom(1, 2),
      expert: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...listModels()),
        fc.constantFrom<Precision>('bf16', 'fp8', 'int4'),
        parallelism,
        (model, precision, spread) => {
          const host = hostRequirements(model, precision, spread);
          expect(host.memoryRequestBytes).toBeLessThanOrEqual(host.memoryLimitBytes);
          // A shared memory above the limit would let the Pod be evicted for using what it was given.
          expect(host.shmBytes).toBeLessThan(host.memoryLimitBytes);
          expect(host.shmBytes).toBeLessThanOrEqual(host.memoryRequestBytes);
          for (const storage of MODEL_STORAGES) {
            expect(host.startupSeconds[storage]).toBeGreaterThanOrEqual(600);
            expect(host.startupSeconds[storage]).toBeGreaterThanOrEqual(2 * host.warmSeconds[storage]);
            expect(host.startupSeconds[storage] % 60).toBe(0);
          }
          expect(host.ephemeralStorageBytes.ephemeral).toBeGreaterThan(host.downloadBytes);
          expect(host.startupSeconds.ephemeral).toBeGreaterThanOrEqual(host.startupSeconds['node-cache']);
        },
      ),
      { seed: 608, numRuns: 300 },
    );
  });
});
