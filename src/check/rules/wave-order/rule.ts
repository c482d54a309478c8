import type { Application, Deployed } from '../../../repository/model.js';
import { isHook, waveOf } from '../../../repository/waves.js';
import { needKey, needsOf, providedBy } from '../../prerequisites.js';
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
      for (const each of application.deployed) for (const key of providedBy(each)) byName.set(key, each);
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
  for (const need of needsOf(place)) {
    // The target of an autoscaler is judged from the autoscaler's side.
    if (targetOf(place.object) !== undefined) continue;
    const found = byName.get(needKey(need));
    if (found === undefined || isHook(found.object.value)) continue;
    const later = waveOf(found.object.value);
    if (later <= wave) continue;
    const { object } = place;
    const outcome =
      need.effect === 'blocks'
        ? `cannot start without it: the sync waits in wave ${wave} for ever.`
        : 'reports an error without it: a wave with an error fails the sync.';
    const brought = found.object.kind === need.kind ? '' : `, which ${found.object.kind} ${found.object.name} makes,`;
    onFinding(
      onField(found.object, waveField, {
        application,
        namespace: place.namespace,
        severity: need.effect === 'blocks' ? 'error' : 'warning',
        message: `${need.kind} ${need.name}${brought} comes in wave ${later}, and ${object.kind} ${object.name} of wave ${wave} ${outcome}`,
        hint: `Put it into wave ${wave - 1} or earlier.`,
        related: [{ message: `${object.kind} ${object.name}`, at: placeOf(object, need.pointer) }],
        key: object.name,
      }),
    );
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
