import { at, isObject } from '../../../capacity/read.js';
import { noParameters, type Rule } from '../../rule.js';
import { bytesOf, downloadGiB, gib, gibibyte, onServer, servers, weightsOf } from '../../workloads.js';

export const cacheVolumeBigEnough: Rule = {
  id: 'cache-volume-big-enough',
  group: 'serving',
  severity: 'error',
  summary: 'The volume for the weights is smaller than their files.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const needed = downloadGiB(engine);
      const weights = weightsOf(repository, engine);
      if (needed === undefined || weights?.mount === undefined || weights.storage === 'object-stream') continue;
      const { mount, claim } = weights;
      const stated =
        claim === undefined
          ? at(mount.volume, 'emptyDir', 'sizeLimit')
          : at(claim, 'spec', 'resources', 'requests', 'storage');
      const size = bytesOf(stated);
      if (size === undefined || size >= needed * gibibyte) continue;
      const isTemplate = isObject(at(mount.volume, 'claimTemplate'));
      const pointer = isTemplate
        ? `${mount.volumePointer}/spec/resources/requests/storage`
        : `${mount.volumePointer}${claim === undefined ? '/emptyDir/sizeLimit' : ''}`;
      onFinding(
        onServer(engine, pointer, {
          message: `The files of ${engine.facts.model} take ${gib(needed * gibibyte)}, and the ${claim === undefined ? 'emptyDir' : 'volume'} at ${mount.path} has ${gib(size)}: ${claim === undefined ? 'the Pod is evicted when it is full' : 'the download ends with "no space left on device"'}.`,
          hint: `Give it ${Math.ceil(needed * 1.1) + 10}Gi: the files, a tenth more, and room for compiled graphs.`,
        }),
      );
    }
  },
};
