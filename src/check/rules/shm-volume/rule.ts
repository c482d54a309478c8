import { at } from '../../../capacity/read.js';
import { judgeResources } from '../../../models/index.js';
import { noParameters, type Rule } from '../../rule.js';
import { bytesOf, gib, gibibyte, mountAt, mountsOf, nameOf, onServer, ranksInPod, servers } from '../../workloads.js';

export const shmVolume: Rule = {
  id: 'shm-volume',
  group: 'serving',
  severity: 'error',
  summary: 'An engine with several ranks has no room in /dev/shm.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const { template, container, place } = engine;
      if (template.spec['hostIPC'] === true) continue;
      const mount = mountAt(mountsOf(place.object, template, container), '/dev/shm');
      const ranks = ranksInPod(engine);
      if (mount === undefined) {
        if (ranks < 2 || engine.facts.unresolved.length > 0) continue;
        onFinding(
          onServer(engine, `${container.pointer}/volumeMounts`, {
            part: 'key',
            message: `${nameOf(place)} runs ${ranks} ranks that exchange data through /dev/shm, of which a container has 64 MiB: the engine hangs or ends with a bus error.`,
            hint: 'Mount an emptyDir with medium: Memory and a sizeLimit of 2Gi or more at /dev/shm.',
          }),
        );
        continue;
      }
      const size = bytesOf(at(mount.volume, 'emptyDir', 'sizeLimit'));
      if (at(mount.volume, 'emptyDir', 'medium') !== 'Memory' || size === undefined) continue;
      const memory = bytesOf(at(container.value, 'resources', 'limits', 'memory'));
      const pointer = `${mount.volumePointer}/emptyDir/sizeLimit`;
      const limits = memory === undefined ? {} : { memory };
      for (const problem of judgeResources({ requests: {}, limits, shmBytes: size })) {
        onFinding(
          onServer(engine, pointer, {
            message: `${problem.message}.`,
            hint: 'Lower sizeLimit, or raise the memory limit above it.',
            key: 'limit',
          }),
        );
      }
      if (size >= gibibyte || ranks < 2) continue;
      onFinding(
        onServer(engine, pointer, {
          severity: 'warning',
          message: `${nameOf(place)} gives /dev/shm ${gib(size)} for ${ranks} ranks.`,
          hint: 'The vLLM documentation gives it 2Gi.',
        }),
      );
    }
  },
};
