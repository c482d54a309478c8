import { objectAt } from '../../../capacity/read.js';
import { meantGpuResource } from '../../../models/index.js';
import { containersOf } from '../../../repository/pods.js';
import { toPointer } from '../../../yaml/range.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import { servingTemplates } from '../../serving.js';
import { nameOf } from '../../workloads.js';

export const gpuResourceName: Rule = {
  id: 'gpu-resource-name',
  group: 'capacity',
  severity: 'error',
  summary: 'A container asks for GPUs under a name that no device plugin offers.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const place of repository.deployed) {
      for (const { spec, pointer } of servingTemplates(place.object)) {
        for (const container of containersOf(spec, pointer)) {
          for (const list of ['limits', 'requests'] as const) {
            for (const name of Object.keys(objectAt(container.value, 'resources', list))) {
              const meant = meantGpuResource(name);
              if (meant === undefined) continue;
              onFinding(
                onField(place.object, `${container.pointer}/resources/${list}${toPointer([name])}`, {
                  part: 'key',
                  application: place.application,
                  namespace: place.namespace,
                  key: `${list} ${name}`,
                  message: `${nameOf(place)} asks for ${name}, which no device plugin offers: its Pods stay Pending.`,
                  allowed: [meant],
                }),
              );
            }
          }
        }
      }
    }
  },
};
