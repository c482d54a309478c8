import { closest } from '../../../diagnostics/closest.js';
import { shown } from '../../../diagnostics/show.js';
import {
  annotation,
  commaList,
  hookAnnotation,
  hookDeleteAnnotation,
  hookDeletePolicies,
  hookTypes,
} from '../../../repository/waves.js';
import { noParameters, onField, type Rule } from '../../rule.js';

export const hookType: Rule = {
  id: 'hook-type',
  group: 'order',
  severity: 'error',
  summary: 'A hook annotation names a phase or a delete policy that Argo CD does not have.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const object of repository.objects) {
      const hooks = commaList(annotation(object.value, hookAnnotation));
      const unknown = hooks.filter((name) => !(hookTypes as readonly string[]).includes(name));
      const never = unknown.length === hooks.length;
      for (const name of unknown) {
        onFinding(
          onField(object, '/metadata/annotations/argocd.argoproj.io~1hook', {
            ...(never ? {} : { severity: 'warning' as const }),
            message: never
              ? `Argo CD has no hook "${shown(name)}": it takes ${object.kind} ${object.name} for a hook and never applies it.`
              : `Argo CD has no hook "${shown(name)}" and passes it over.`,
            allowed: hookTypes,
            ...meant(name, hookTypes),
            key: name,
          }),
        );
      }
      if (hooks.includes('Skip') && hooks.length > 1) {
        onFinding(
          onField(object, '/metadata/annotations/argocd.argoproj.io~1hook', {
            severity: 'warning',
            message: 'Skip counts only where it stands alone; beside other hooks Argo CD passes it over.',
            key: 'Skip',
          }),
        );
      }
      for (const name of commaList(annotation(object.value, hookDeleteAnnotation))) {
        if ((hookDeletePolicies as readonly string[]).includes(name)) continue;
        onFinding(
          onField(object, '/metadata/annotations/argocd.argoproj.io~1hook-delete-policy', {
            severity: 'warning',
            message: `Argo CD has no delete policy "${shown(name)}" and drops it; without another the hook is deleted before the next run (BeforeHookCreation).`,
            allowed: hookDeletePolicies,
            ...meant(name, hookDeletePolicies),
            key: name,
          }),
        );
      }
    }
  },
};

function meant(name: string, names: readonly string[]): { readonly hint?: string } {
  const near = closest(name, names)[0];
  return near === undefined ? {} : { hint: `Did you mean "${near}"? Names are compared letter by letter.` };
}
