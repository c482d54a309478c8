import { isApplication } from '../../../repository/applications.js';
import type { Application, Deployed } from '../../../repository/model.js';
import { waveOf } from '../../../repository/waves.js';
import { noParameters, onField, placeOf, type Rule } from '../../rule.js';

export const wavesNeedHealth: Rule = {
  id: 'app-of-apps-waves-need-health',
  group: 'order',
  severity: 'warning',
  summary: 'Child Applications have sync waves, and Argo CD is not told to wait for their health.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    const { configMaps, applicationHealth } = repository.argocd;
    // Without argocd-cm in the repository nobody here knows: the run says so among what it did not check.
    const configMap = configMaps[0];
    if (configMap === undefined) return;
    for (const parent of repository.applications) {
      const children = childrenInWaves(parent);
      const first = children[1];
      if (first === undefined) continue;
      if (applicationHealth === undefined) {
        onFinding(
          onField(first.object, '/metadata/annotations/argocd.argoproj.io~1sync-wave', {
            application: parent,
            message: `The Applications that ${parent.name} deploys have waves, and argocd-cm gives Applications no health: a wave of Applications is over as soon as they exist, and all phases start at once.`,
            hint: 'Add resource.customizations.health.argoproj.io_Application to argocd-cm.',
            related: [{ message: 'argocd-cm', at: placeOf(configMap, '/data', 'key') }],
            key: parent.name,
          }),
        );
      } else if (!/comparedTo/.test(applicationHealth.lua)) {
        onFinding(
          onField(applicationHealth.object, applicationHealth.pointer, {
            message:
              'The health of Applications is read from a status that may be older than the spec: after a change a wave passes on the health of the previous release.',
            hint: 'Report Progressing while status.sync.comparedTo differs from spec.source, and while the Application is not Synced or an operation runs.',
            part: 'key',
          }),
        );
      }
    }
  },
};

/** The first child of each wave, in order of waves. */
function childrenInWaves(parent: Application): Deployed[] {
  const first = new Map<number, Deployed>();
  for (const each of parent.deployed) {
    if (!isApplication(each.object)) continue;
    const wave = waveOf(each.object.value);
    if (!first.has(wave)) first.set(wave, each);
  }
  return [...first].sort((a, b) => a[0] - b[0]).map(([, each]) => each);
}
