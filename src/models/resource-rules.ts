import { GPUS } from './catalog.generated.js';

/** What a container asks for. Memory in bytes, CPU in milli, extended resources as counts. */
export interface ContainerResources {
  readonly requests: Readonly<Record<string, number>>;
  readonly limits: Readonly<Record<string, number>>;
  /** `sizeLimit` of the memory-backed volume on /dev/shm; absent where there is none or it has no limit. */
  readonly shmBytes?: number;
}

/** A finding on one entry; the caller adds the place of `list` and `resource`. */
export interface ResourceProblem {
  readonly ruleId: 'gpu-resource-name' | 'gpu-limit-equals-request' | 'shm-within-memory-limit';
  readonly severity: 'error';
  readonly message: string;
  readonly hint: string;
  readonly resource: string;
  readonly list: 'requests' | 'limits' | 'shm';
}

/** Extended resources of the catalog's cards, sorted. */
export const GPU_RESOURCES: readonly string[] = [...new Set(GPUS.map((gpu) => gpu.resource))].sort();

const SLICE = /^nvidia\.com\/mig-\d+g\.\d+gb$/;

/** A name without case, separators, `com` and plural: what is left when only the spelling is wrong. */
function bare(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.com\b/, '')
    .replace(/[^a-z]/g, '')
    .replace(/s$/, '');
}

const BY_BARE_NAME: ReadonlyMap<string, string> = new Map([
  ['gpu', 'nvidia.com/gpu'],
  ...GPU_RESOURCES.map((resource) => [bare(resource), resource] as const),
]);

/**
 * The resource that somebody meant by a name that no device plugin offers: `nvidia.com/GPU`, `nvidia/gpu`, `gpu`. Undefined
 * where the name is right or simply another one: schedulers that share cards have names of their own (`nvidia.com/gpumem`).
 */
export function meantGpuResource(name: string): string | undefined {
  if (GPU_RESOURCES.includes(name) || SLICE.test(name)) return undefined;
  return BY_BARE_NAME.get(bare(name));
}

function nameProblems({ requests, limits }: ContainerResources): ResourceProblem[] {
  return (['requests', 'limits'] as const).flatMap((list) =>
    Object.keys(list === 'requests' ? requests : limits).flatMap((resource): ResourceProblem[] => {
      const meant = meantGpuResource(resource);
      if (meant === undefined) return [];
      return [
        {
          ruleId: 'gpu-resource-name',
          severity: 'error',
          resource,
          list,
          message: `no device plugin offers ${resource}: the Pod stays Pending`,
          hint: `did you mean ${meant}?`,
        },
      ];
    }),
  );
}

function limitProblems({ requests, limits }: ContainerResources): ResourceProblem[] {
  const resources = [...new Set([...Object.keys(requests), ...Object.keys(limits)])].filter(
    (name) => GPU_RESOURCES.includes(name) || SLICE.test(name),
  );
  return resources.flatMap((resource): ResourceProblem[] => {
    const request = requests[resource];
    const limit = limits[resource];
    // A limit alone is copied to the request; a request alone, or another one, is refused by the API server.
    if (request === undefined || request === limit) return [];
    const message =
      limit === undefined
        ? `${resource} is requested (${request}) without a limit: "Limit must be set for non overcommitable resources"`
        : `${resource} has request ${request} and limit ${limit}: they must be equal, GPUs cannot be overcommitted`;
    return [
      {
        ruleId: 'gpu-limit-equals-request',
        severity: 'error',
        resource,
        list: limit === undefined ? 'requests' : 'limits',
        message,
        hint: `write ${resource}: ${limit ?? request} under limits and requests`,
      },
    ];
  });
}

function shmProblems({ limits, shmBytes }: ContainerResources): ResourceProblem[] {
  const memory = limits['memory'];
  if (shmBytes === undefined || memory === undefined || shmBytes <= memory) return [];
  const gib = (bytes: number) => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
  return [
    {
      ruleId: 'shm-within-memory-limit',
      severity: 'error',
      resource: 'memory',
      list: 'shm',
      message: `/dev/shm may grow to ${gib(shmBytes)}, and it counts against the memory limit of ${gib(memory)}: the container is killed before it is full`,
      hint: 'lower sizeLimit, or raise the memory limit above it',
    },
  ];
}

/** What is wrong with a container's GPUs and shared memory, whatever engine it runs. */
export function judgeResources(resources: ContainerResources): ResourceProblem[] {
  return [...nameProblems(resources), ...limitProblems(resources), ...shmProblems(resources)];
}
