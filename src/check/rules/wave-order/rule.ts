import type { Repository } from '../../../repository/index.js';
import type { Application, Deployed } from '../../../repository/model.js';
import { isHook, waveOf } from '../../../repository/waves.js';
import { ownOperators } from '../../operators.js';
import { needKey, needsOf, providedBy } from '../../prerequisites.js';
import { type RouteTarget, routeRules } from '../../routes.js';
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
    const routes = routesByPlace(repository);
    for (const application of repository.applications) {
      const byName = new Map<string, Deployed>();
      for (const each of application.deployed) for (const key of providedBy(each)) byName.set(key, each);
      for (const place of application.deployed) {
        if (isHook(place.object.value)) continue;
        needed(place, byName, application, onFinding);
        scaled(place, byName, application, onFinding);
        routed(place, routes.get(place) ?? [], byName, application, onFinding);
      }
      operated(application, onFinding);
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

/** The rules of routes by the object that has them. */
function routesByPlace(repository: Repository): ReadonlyMap<Deployed, readonly RouteTarget[]> {
  const out = new Map<Deployed, RouteTarget[]>();
  for (const { place, targets } of routeRules(repository)) {
    const known = out.get(place);
    if (known === undefined) out.set(place, [...targets]);
    else known.push(...targets);
  }
  return out;
}

/** A route before the Service that it leads to answers with errors, and a gateway reports that the reference cannot be resolved. */
function routed(
  place: Deployed,
  targets: readonly RouteTarget[],
  byName: ReadonlyMap<string, Deployed>,
  application: Application,
  onFinding: OnFinding,
): void {
  const wave = waveOf(place.object.value);
  for (const { kind, name, namespace, pointer } of targets) {
    const group = kind === 'Service' ? '' : 'inference.networking.k8s.io';
    const found = byName.get(needKey({ group, kind, name, namespace: namespace ?? place.namespace ?? '' }));
    if (found === undefined || isHook(found.object.value) || waveOf(found.object.value) <= wave) continue;
    const later = waveOf(found.object.value);
    onFinding(
      onField(place.object, waveField, {
        application,
        namespace: place.namespace,
        severity: 'warning',
        message: `${place.object.kind} ${place.object.name} comes in wave ${wave}, before ${kind} ${name} (wave ${later}) that it leads to: requests are answered with errors until then.`,
        hint: `Put it into wave ${later + 1}.`,
        related: [
          { message: `${kind} ${name}`, at: placeOf(found.object, '/metadata/name') },
          { message: 'the route', at: placeOf(place.object, pointer) },
        ],
        key: `${kind} ${name}`,
      }),
    );
  }
}

/** Definitions are pulled forward, the operator that acts on their objects is not. */
function operated(application: Application, onFinding: OnFinding): void {
  const operators = [...ownOperators(application.deployed)];
  if (operators.length === 0) return;
  for (const place of application.deployed) {
    const { object } = place;
    const acting = operators.filter(([, groups]) => groups.has(object.group));
    const wave = waveOf(object.value);
    const [first] = acting;
    if (first === undefined || isHook(object.value)) continue;
    if (acting.some(([operator]) => waveOf(operator.object.value) <= wave)) continue;
    const [operator] = first;
    onFinding(
      onField(object, waveField, {
        application,
        namespace: place.namespace,
        severity: 'warning',
        message: `${object.kind} ${object.name} comes in wave ${wave}, before ${operator.object.kind} ${operator.object.name} (wave ${waveOf(operator.object.value)}) that acts on ${object.group}: nothing acts on it until then, and where Argo CD knows a health of ${object.kind}, that wave never comes.`,
        hint: `Put it into wave ${waveOf(operator.object.value) + 1}.`,
        related: [{ message: 'the operator', at: placeOf(operator.object, '/metadata/name') }],
      }),
    );
  }
}
