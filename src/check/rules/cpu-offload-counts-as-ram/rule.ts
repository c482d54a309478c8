import { at } from '../../../capacity/read.js';
import { noParameters, type Rule } from '../../rule.js';
import { bytesOf, gib, gibibyte, nameOf, onServer, ranksInPod, servers } from '../../workloads.js';

export const cpuOffloadCountsAsRam: Rule = {
  id: 'cpu-offload-counts-as-ram',
  group: 'serving',
  severity: 'error',
  summary: 'Weights that are moved to host memory do not fit into the memory of the container.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const { facts, container, place } = engine;
      const offload = facts.cpuOffloadGiB * ranksInPod(engine) * gibibyte;
      if (offload === 0 || facts.unresolved.length > 0) continue;
      const limit = bytesOf(at(container.value, 'resources', 'limits', 'memory'));
      const request = bytesOf(at(container.value, 'resources', 'requests', 'memory')) ?? limit;
      const what = `${nameOf(place)} moves ${gib(offload)} of weights to host memory (--cpu-offload-gb ${facts.cpuOffloadGiB} for each of ${ranksInPod(engine)} ranks)`;
      const hint = `Give it ${Math.ceil(offload / gibibyte) + 16}Gi: what is moved, and 16 GiB for the engine.`;
      if (limit !== undefined && limit < offload)
        onFinding(
          onServer(engine, `${container.pointer}/resources/limits/memory`, {
            hint,
            message: `${what}, and its memory limit is ${gib(limit)}: it is killed while it loads.`,
          }),
        );
      else if (request === undefined || request < offload)
        onFinding(
          onServer(engine, `${container.pointer}/resources`, {
            hint,
            part: 'key',
            severity: 'warning',
            message: `${what}, and it requests ${request === undefined ? 'no memory' : gib(request)}: the node may have none to give.`,
          }),
        );
    }
  },
};
