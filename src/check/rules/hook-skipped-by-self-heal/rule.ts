import { objectAt } from '../../../capacity/read.js';
import type { Application, Deployed } from '../../../repository/model.js';
import { isHook } from '../../../repository/waves.js';
import { needKey, needsOf } from '../../prerequisites.js';
import { noParameters, onField, placeOf, type Rule } from '../../rule.js';

export const hookSkippedBySelfHeal: Rule = {
  id: 'hook-skipped-by-self-heal',
  group: 'order',
  severity: 'warning',
  summary: 'A workload needs an object that is a hook, which self-heal does not bring back.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const application of repository.applications) {
      if (!healsItself(application)) continue;
      const hooks = new Map<string, Deployed>();
      for (const place of application.deployed) {
        if (!isHook(place.object.value)) continue;
        const { group, kind, name } = place.object;
        hooks.set(needKey({ group, kind, name, namespace: place.namespace ?? '' }), place);
      }
      if (hooks.size === 0) continue;
      for (const place of application.deployed) {
        if (isHook(place.object.value)) continue;
        for (const need of needsOf(place)) {
          const hook = hooks.get(needKey(need));
          if (hook === undefined) continue;
          onFinding(
            onField(hook.object, '/metadata/annotations/argocd.argoproj.io~1hook', {
              application,
              namespace: hook.namespace,
              message: `${need.kind} ${need.name} is a hook, and ${place.object.kind} ${place.object.name}, which is none, needs it: self-heal skips hooks, so that it stays away once it is deleted, by its delete policy or by hand.`,
              hint: 'Make it an object of an early wave instead of a hook.',
              related: [{ message: 'what needs it', at: placeOf(place.object, need.pointer) }],
              key: `${place.object.kind} ${place.object.name}`,
            }),
          );
        }
      }
    }
  },
};

function healsItself({ object }: Application): boolean {
  return objectAt(object.value, 'spec', 'syncPolicy', 'automated')['selfHeal'] === true;
}
