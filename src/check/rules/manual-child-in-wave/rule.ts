import { at, isObject } from '../../../capacity/read.js';
import { isApplication } from '../../../repository/applications.js';
import { waveOf } from '../../../repository/waves.js';
import { noParameters, onField, type Rule } from '../../rule.js';

export const manualChildInWave: Rule = {
  id: 'manual-child-in-wave',
  group: 'order',
  severity: 'warning',
  summary: 'A child Application without automated sync stands in a wave that later waves wait for.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    // Without a health of Applications nothing waits, and nothing can wait for ever.
    if (repository.argocd.applicationHealth === undefined) return;
    for (const parent of repository.applications) {
      const children = parent.deployed.filter((each) => isApplication(each.object));
      const last = Math.max(...children.map((each) => waveOf(each.object.value)));
      for (const child of children) {
        const automated = at(child.object.value, 'spec', 'syncPolicy', 'automated');
        const isAutomated = isObject(automated) && automated['enabled'] !== false;
        const wave = waveOf(child.object.value);
        // What deploys itself is synced when it is a parent; application-includes-itself says it.
        const isItself =
          child.object.name === parent.name && child.object.resource.origin.file === parent.object.resource.origin.file;
        if (isAutomated || wave === last || isItself) continue;
        onFinding(
          onField(child.object, '/metadata/annotations/argocd.argoproj.io~1sync-wave', {
            application: parent,
            message: `Application ${child.object.name} is not synced automatically and stands in wave ${wave}; its parent ${parent.name} waits there until somebody syncs it, and wave ${last} does not come.`,
            hint: 'Automate it, or put it into the last wave.',
            key: parent.name,
          }),
        );
      }
    }
  },
};
