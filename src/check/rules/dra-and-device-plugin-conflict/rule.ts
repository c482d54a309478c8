import { objectAt, objectsAt, stringAt } from '../../../capacity/read.js';
import type { JsonObject } from '../../../diagnostics/diagnostic.js';
import type { Repository } from '../../../repository/index.js';
import type { Deployed } from '../../../repository/model.js';
import { containersOf } from '../../../repository/pods.js';
import { found } from '../../neighbourhood.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import { isDevice, servingTemplates } from '../../serving.js';
import { nameOf } from '../../workloads.js';

export const draAndDevicePluginConflict: Rule = {
  id: 'dra-and-device-plugin-conflict',
  group: 'capacity',
  severity: 'error',
  summary: 'A Pod asks for GPUs by claim and by the device plugin at once.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const place of repository.deployed) {
      for (const { spec, pointer } of servingTemplates(place.object)) {
        const claims = objectsAt(spec, 'resourceClaims');
        const counted = containersOf(spec, pointer).find(({ value }) =>
          Object.keys(objectAt(value, 'resources', 'limits')).some(isDevice),
        );
        if (claims.length === 0 || counted === undefined) continue;
        const index = claims.findIndex((claim) => isGpuClaim(repository, place, claim));
        if (index < 0) continue;
        onFinding(
          onField(place.object, `${pointer}/resourceClaims/${index}`, {
            application: place.application,
            namespace: place.namespace,
            message: `${nameOf(place)} claims GPUs through DRA and asks the device plugin for GPUs as well: it gets two sets of devices, and a node offers them by one of the two only.`,
            hint: 'Keep one: resourceClaims with resources.claims, or the extended resource.',
          }),
        );
      }
    }
  },
};

/** Whether a claim of the repository asks for a device class of NVIDIA's DRA driver. */
function isGpuClaim(repository: Repository, place: Deployed, claim: JsonObject): boolean {
  const template = stringAt(claim, 'resourceClaimTemplateName');
  const name = stringAt(claim, 'resourceClaimName');
  const objects =
    template === undefined
      ? found(repository, place, `resource.k8s.io/ResourceClaim/${name}`)
      : found(repository, place, `resource.k8s.io/ResourceClaimTemplate/${template}`);
  return objects.some(({ object }) => {
    const spec = template === undefined ? objectAt(object.value, 'spec') : objectAt(object.value, 'spec', 'spec');
    return objectsAt(spec, 'devices', 'requests').some((request) => {
      const name = stringAt(request, 'exactly', 'deviceClassName') ?? stringAt(request, 'deviceClassName') ?? '';
      return /^(gpu|mig)\.nvidia\.com$/.test(name);
    });
  });
}
