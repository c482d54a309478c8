import { listAt } from '../../../capacity/read.js';
import { closest } from '../../../diagnostics/closest.js';
import { isApplication } from '../../../repository/applications.js';
import { noParameters, onField, type Rule } from '../../rule.js';

/** Finalizers of Applications that Argo CD handles (application_defaults.go). The last two may carry a stage. */
const known = [
  'resources-finalizer.argocd.argoproj.io',
  'resources-finalizer.argocd.argoproj.io/foreground',
  'resources-finalizer.argocd.argoproj.io/background',
  'pre-delete-finalizer.argocd.argoproj.io',
  'post-delete-finalizer.argocd.argoproj.io',
];

export const applicationFinalizer: Rule = {
  id: 'application-finalizer',
  group: 'argocd',
  severity: 'error',
  summary: 'An Application has a finalizer that Argo CD does not know, so that it can never be deleted.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const object of repository.objects) {
      if (!isApplication(object)) continue;
      for (const [index, finalizer] of listAt(object.value, 'metadata', 'finalizers').entries()) {
        if (typeof finalizer !== 'string' || !/argo/i.test(finalizer)) continue;
        if (known.includes(finalizer) || /^(pre|post)-delete-finalizer\.argocd\.argoproj\.io\/[\w-]+$/.test(finalizer))
          continue;
        const near = closest(finalizer, known)[0];
        onFinding(
          onField(object, `/metadata/finalizers/${index}`, {
            message: `Argo CD has no finalizer "${finalizer}" and never takes it off: the Application stays in deletion for ever.`,
            allowed: known,
            ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
            key: finalizer,
          }),
        );
      }
    }
  },
};
