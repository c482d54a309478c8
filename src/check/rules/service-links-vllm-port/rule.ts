import { stringAt } from '../../../capacity/read.js';
import { found } from '../../neighbourhood.js';
import { noParameters, placeOf, type Rule } from '../../rule.js';
import { nameOf, onServer, servers, variable } from '../../workloads.js';

export const serviceLinksVllmPort: Rule = {
  id: 'service-links-vllm-port',
  group: 'serving',
  severity: 'error',
  summary: 'A Service called vllm gives the engine an address where it expects its port.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const { template, container, place } = engine;
      if (template.spec['enableServiceLinks'] === false || variable(container.value, 'VLLM_PORT') !== undefined)
        continue;
      const service = found(repository, place, '/Service/vllm').find(
        ({ object }) => stringAt(object.value, 'spec', 'clusterIP') !== 'None',
      );
      if (service === undefined) continue;
      onFinding({
        ...onServer(engine, template.pointer, {
          part: 'key',
          message: `${nameOf(place)} runs beside a Service called vllm: the kubelet sets VLLM_PORT=tcp://… for it, which the engine reads as its own setting, and it does not start.`,
          hint: 'Write enableServiceLinks: false in the Pod, or give the Service another name.',
        }),
        related: [{ message: 'the Service', at: placeOf(service.object, '/metadata/name') }],
      });
    }
  },
};
