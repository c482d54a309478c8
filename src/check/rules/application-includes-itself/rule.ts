import { listAt, objectAt } from '../../../capacity/read.js';
import { noParameters, onField, type Rule } from '../../rule.js';

export const applicationIncludesItself: Rule = {
  id: 'application-includes-itself',
  group: 'argocd',
  severity: 'warning',
  summary: 'An Application deploys itself.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const application of repository.applications) {
      const { object } = application;
      const itself = application.deployed.some(
        (each) => each.object === object || sameOrigin(each.object.resource.origin, object.resource.origin),
      );
      if (!itself) continue;
      const prunes = objectAt(object.value, 'spec', 'syncPolicy', 'automated')['prune'] === true;
      const cascades = listAt(object.value, 'metadata', 'finalizers').some((each) =>
        String(each).startsWith('resources-finalizer.argocd'),
      );
      onFinding(
        onField(object, '/metadata/name', {
          message: `Application ${object.name} is among what it deploys itself${prunes && cascades ? ': moving its file out of the folder prunes it, and its finalizer then deletes everything below it' : ': a mistake in it stops the sync that would mend it'}.`,
          hint: 'Keep it outside of the folder that it deploys, and apply it once by hand.',
        }),
      );
    }
  },
};

function sameOrigin(
  a: { readonly file: string; readonly document?: number; readonly pointer?: string },
  b: { readonly file: string; readonly document?: number; readonly pointer?: string },
): boolean {
  return a.file === b.file && (a.document ?? 0) === (b.document ?? 0) && (a.pointer ?? '') === (b.pointer ?? '');
}
