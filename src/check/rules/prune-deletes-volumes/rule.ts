import { listAt, objectAt } from '../../../capacity/read.js';
import type { Application } from '../../../repository/model.js';
import { annotation, commaList, syncOptionsAnnotation } from '../../../repository/waves.js';
import { noParameters, onField, placeOf, type Rule } from '../../rule.js';

export const pruneDeletesVolumes: Rule = {
  id: 'prune-deletes-volumes',
  group: 'argocd',
  severity: 'warning',
  summary: 'Automated pruning would delete a volume together with the models in it.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const place of repository.byKind.get('/PersistentVolumeClaim') ?? []) {
      const { object, application } = place;
      if (application === undefined || !prunes(application)) continue;
      const own = commaList(annotation(object.value, syncOptionsAnnotation));
      const all = listAt(application.object.value, 'spec', 'syncPolicy', 'syncOptions').map(String);
      if ([...own, ...all].some((option) => /^Prune=(false|confirm)$/.test(option))) continue;
      onFinding(
        onField(object, '/metadata/name', {
          application,
          namespace: place.namespace,
          message: `Application ${application.name} prunes automatically, and PersistentVolumeClaim ${object.name} is among what it prunes: a renamed folder or claim deletes the volume, and hundreds of GiB are downloaded again.`,
          hint: 'Annotate the claim with argocd.argoproj.io/sync-options: Prune=false (or Prune=confirm).',
          related: [
            { message: 'automated pruning', at: placeOf(application.object, '/spec/syncPolicy/automated/prune') },
          ],
        }),
      );
    }
  },
};

function prunes({ object }: Application): boolean {
  return objectAt(object.value, 'spec', 'syncPolicy', 'automated')['prune'] === true;
}
