import type { Application, Deployed } from '../../../repository/model.js';
import { podReferences, podTemplates } from '../../../repository/pods.js';
import { isHook, waveOf } from '../../../repository/waves.js';
import { noParameters, type OnFinding, onField, placeOf, type Rule } from '../../rule.js';
import { targetOf } from '../../scalers.js';

const waveField = '/metadata/annotations/argocd.argoproj.io~1sync-wave';

export const waveOrder: Rule = {
  id: 'wave-order',
  group: 'order',
  severity: 'error',
  summary: 'Something that a workload waits for comes in a later wave, so that the sync waits for ever.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const application of repository.applications) {
      const byName = new Map<string, Deployed>();
      for (const each of application.deployed) {
        byName.set([each.object.group, each.object.kind, each.namespace ?? '', each.object.name].join('\n'), each);
      }
      for (const place of application.deployed) {
        if (isHook(place.object.value)) continue;
        needed(place, byName, application, onFinding);
        scaled(place, byName, application, onFinding);
      }
    }
  },
};

/** Pods that wait for an object of a later wave never run, their wave never ends, and the object never comes. */
function needed(
  place: Deployed,
  byName: ReadonlyMap<string, Deployed>,
  application: Application,
  onFinding: OnFinding,
): void {
  const wave = waveOf(place.object.value);
  for (const template of podTemplates(place.object)) {
    for (const reference of podReferences(template)) {
      const found = byName.get(['', reference.kind, place.namespace ?? '', reference.name].join('\n'));
      if (found === undefined || isHook(found.object.value)) continue;
      const later = waveOf(found.object.value);
      if (later <= wave) continue;
      onFinding(
        onField(found.object, waveField, {
          application,
          namespace: place.namespace,
          message: `${reference.kind} ${reference.name} comes in wave ${later}, and ${place.object.kind} ${place.object.name} of wave ${wave} cannot start without it: the sync waits in wave ${wave} for ever.`,
          hint: `Put it into wave ${wave - 1} or earlier.`,
          related: [
            { message: `${place.object.kind} ${place.object.name}`, at: placeOf(place.object, reference.pointer) },
          ],
          key: place.object.name,
        }),
      );
    }
  }
}

/** An autoscaler before its target reports that it cannot find it: Degraded in its wave, and the sync fails. */
function scaled(
  place: Deployed,
  byName: ReadonlyMap<string, Deployed>,
  application: Application,
  onFinding: OnFinding,
): void {
  const target = targetOf(place.object);
  if (target === undefined) return;
  const found = byName.get([target.group, target.kind, place.namespace ?? '', target.name].join('\n'));
  const wave = waveOf(place.object.value);
  if (found === undefined || waveOf(found.object.value) <= wave) return;
  onFinding(
    onField(place.object, waveField, {
      application,
      namespace: place.namespace,
      severity: 'warning',
      message: `${place.object.kind} ${place.object.name} comes in wave ${wave}, before ${target.kind} ${target.name} (wave ${waveOf(found.object.value)}) that it scales: it reports an error until then, and a wave with an error fails the sync.`,
      hint: `Put it into wave ${waveOf(found.object.value) + 1}.`,
      related: [{ message: `${target.kind} ${target.name}`, at: placeOf(found.object, '/metadata/name') }],
    }),
  );
}
