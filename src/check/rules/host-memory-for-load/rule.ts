import { at } from '../../../capacity/read.js';
import { noParameters, type Rule } from '../../rule.js';
import { bytesOf, gib, gibibyte, nameOf, onServer, ranksInPod, servers } from '../../workloads.js';

export const hostMemoryForLoad: Rule = {
  id: 'host-memory-for-load',
  group: 'serving',
  severity: 'error',
  summary: 'The memory limit of an engine is below what its processes need to start.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const { container, place, facts } = engine;
      const limit = bytesOf(at(container.value, 'resources', 'limits', 'memory'));
      if (limit === undefined || facts.unresolved.length > 0 || engine.request === undefined) continue;
      const ranks = ranksInPod(engine);
      const needed = (server + worker * ranks) * gibibyte;
      if (limit >= needed) continue;
      onFinding(
        onServer(engine, `${container.pointer}/resources/limits/memory`, {
          ...(limit < needed / 2 ? {} : { severity: 'warning' as const }),
          message: `${nameOf(place)} has a memory limit of ${gib(limit)}; the server and ${ranks} ${ranks === 1 ? 'worker' : 'workers'} take about ${gib(needed)} before any weight is read: the container is killed while it starts.`,
          hint: 'Limit memory to the processes, /dev/shm, and the files of the model for the page cache.',
        }),
      );
    }
  },
};

/** GiB of the API server and scheduler, and of each worker: vLLM's example for Kubernetes requests 6 GB for one GPU. */
const server = 4;
const worker = 2;
