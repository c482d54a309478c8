import { describe, expect, it } from 'vitest';
import { judgeResources, meantGpuResource } from './index.js';

const GIB = 1024 ** 3;

describe('GPUs and shared memory of a container', () => {
  it.each([
    ['nvidia.com/GPU', 'nvidia.com/gpu'],
    ['nvidia/gpu', 'nvidia.com/gpu'],
    ['nvidia.com/gpus', 'nvidia.com/gpu'],
    ['gpu', 'nvidia.com/gpu'],
    ['GPU', 'nvidia.com/gpu'],
    ['amd.com/GPU', 'amd.com/gpu'],
    ['nvidia.com/gpu', undefined],
    ['amd.com/gpu', undefined],
    ['nvidia.com/mig-1g.10gb', undefined],
    ['nvidia.com/gpu.shared', undefined],
    ['nvidia.com/gpumem', undefined],
    ['nvidia.com/gpucores', undefined],
    ['volcano.sh/vgpu-number', undefined],
    ['gpu.intel.com/i915', undefined],
    ['cpu', undefined],
    ['memory', undefined],
    ['rdma/ib', undefined],
    ['constructor', undefined],
  ])('%s means %s', (name, meant) => {
    expect(meantGpuResource(name)).toBe(meant);
  });

  it.each([
    ['a misspelt resource', { requests: {}, limits: { 'nvidia.com/GPU': 1 } }, [['gpu-resource-name', 'limits']]],
    [
      'a request without a limit',
      { requests: { 'nvidia.com/gpu': 1 }, limits: {} },
      [['gpu-limit-equals-request', 'requests']],
    ],
    [
      'a request that is not the limit',
      { requests: { 'nvidia.com/gpu': 1 }, limits: { 'nvidia.com/gpu': 2 } },
      [['gpu-limit-equals-request', 'limits']],
    ],
    [
      'a slice without a limit',
      { requests: { 'nvidia.com/mig-1g.10gb': 1 }, limits: {} },
      [['gpu-limit-equals-request', 'requests']],
    ],
    [
      '/dev/shm above the memory limit',
      { requests: {}, limits: { memory: 8 * GIB }, shmBytes: 16 * GIB },
      [['shm-within-memory-limit', 'shm']],
    ],
    ['a limit alone', { requests: {}, limits: { 'nvidia.com/gpu': 4, memory: 32 * GIB }, shmBytes: 8 * GIB }, []],
    ['both equal', { requests: { 'nvidia.com/gpu': 4 }, limits: { 'nvidia.com/gpu': 4 } }, []],
    ['/dev/shm without a limit on memory', { requests: {}, limits: {}, shmBytes: 16 * GIB }, []],
  ])('%s', (_, resources, expected) => {
    expect(judgeResources(resources).map((problem) => [problem.ruleId, problem.list])).toEqual(expected);
  });

  it('names both sizes', () => {
    expect(judgeResources({ requests: {}, limits: { memory: 8 * GIB }, shmBytes: 16 * GIB })[0]?.message).toBe(
      '/dev/shm may grow to 16.0 GiB, and it counts against the memory limit of 8.0 GiB: the container is killed before it is full',
    );
  });
});
