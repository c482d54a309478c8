import { at } from '../../../capacity/read.js';
import { nodesAdmitting } from '../../cards.js';
import { noParameters, type Rule } from '../../rule.js';
import { podOf } from '../../serving.js';
import { bytesOf, downloadGiB, gib, gibibyte, nameOf, onServer, servers, weightsOf } from '../../workloads.js';

export const ephemeralStorageRequest: Rule = {
  id: 'ephemeral-storage-request',
  group: 'serving',
  severity: 'error',
  summary: 'Weights are downloaded to the disk of a node that nobody asked for room.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const size = downloadGiB(engine);
      const weights = weightsOf(repository, engine);
      if (size === undefined || weights?.storage !== 'ephemeral') continue;
      if (at(weights.mount?.volume, 'emptyDir', 'medium') === 'Memory') continue;
      const { container, place, cluster } = engine;
      const needed = size * gibibyte;
      const limit = bytesOf(at(container.value, 'resources', 'limits', 'ephemeral-storage'));
      const request = bytesOf(at(container.value, 'resources', 'requests', 'ephemeral-storage')) ?? limit;
      const nodes = cluster === undefined ? [] : nodesAdmitting(cluster, podOf(engine.template));
      const room = nodes.map((node) => node.allocatable['ephemeral-storage']);
      const most =
        room.length > 0 && room.every((each) => each !== undefined) ? Math.max(...(room as number[])) : undefined;
      const common = {
        hint: `Request ephemeral-storage: ${Math.ceil(size * 1.1) + 10}Gi, or keep the weights on a volume.`,
      };
      const pointer = `${container.pointer}/resources`;
      const what = `${nameOf(place)} downloads ${gib(needed)} to the disk of its node`;
      if (limit !== undefined && limit < needed)
        onFinding(
          onServer(engine, `${pointer}/limits/ephemeral-storage`, {
            ...common,
            message: `${what}, and its limit of ephemeral-storage is ${gib(limit)}: the Pod is evicted.`,
          }),
        );
      else if (most !== undefined && most < needed)
        onFinding(
          onServer(engine, pointer, {
            ...common,
            part: 'key',
            message: `${what}, and the nodes it may land on have ${gib(most)}: the Pod is evicted.`,
          }),
        );
      else if (request === undefined || request < needed)
        onFinding(
          onServer(engine, pointer, {
            ...common,
            part: 'key',
            severity: 'warning',
            message: `${what} and asks for ${request === undefined ? 'no' : gib(request)} ephemeral-storage: a node with less (17 GiB is what Karpenter gives by default) takes the Pod and evicts it.`,
          }),
        );
    }
  },
};
