import { isObject, objectAt, objectsAt } from '../../../capacity/read.js';
import type { Json, JsonObject } from '../../../diagnostics/diagnostic.js';
import type { Deployed, Unit } from '../../../repository/model.js';
import { containersOf, podTemplates, selects } from '../../../repository/pods.js';
import { noParameters, type OnFinding, onField, placeOf, type Rule } from '../../rule.js';

const controllers: ReadonlySet<string> = new Set([
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'argoproj.io/Rollout',
]);

export const ambiguousSelector: Rule = {
  id: 'ambiguous-selector',
  group: 'references',
  severity: 'warning',
  summary: 'Several workloads share what a selector asks for, so that Pods are counted or reached as each other.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    const byUnit = new Map<string, Deployed[]>();
    for (const place of repository.deployed) {
      const key = place.application === undefined ? unitKey(place.unit) : `${place.cluster}\n${place.namespace ?? ''}`;
      const list = byUnit.get(key);
      if (list === undefined) byUnit.set(key, [place]);
      else list.push(place);
    }
    for (const places of byUnit.values()) judge(places, onFinding);
  },
};

function unitKey(unit: Unit): string {
  return `unit\n${unit.kind}\n${unit.dir}`;
}

interface Workload {
  readonly place: Deployed;
  readonly labels: Readonly<Record<string, Json>>;
  readonly ports: ReadonlySet<Json>;
}

function judge(places: readonly Deployed[], onFinding: OnFinding): void {
  const workloads = places
    .filter((each) => controllers.has(`${each.object.group}/${each.object.kind}`))
    .flatMap(workloadOf);
  if (workloads.length < 2) return;
  const index = new Map<string, Workload[]>();
  for (const workload of workloads) {
    for (const [key, value] of Object.entries(workload.labels)) {
      const entry = `${key}\n${String(value)}`;
      const list = index.get(entry);
      if (list === undefined) index.set(entry, [workload]);
      else list.push(workload);
    }
  }
  const matching = (selector: JsonObject, namespace: string | undefined): readonly Workload[] => {
    const first = Object.entries(objectAt(selector, 'matchLabels')).map(
      ([key, value]) => index.get(`${key}\n${String(value)}`) ?? [],
    );
    const fewest = first.sort((a, b) => a.length - b.length)[0] ?? [];
    return fewest.filter((each) => sameNamespace(each.place.namespace, namespace) && selects(selector, each.labels));
  };
  for (const workload of workloads) overlap(workload, matching, onFinding);
  for (const service of places)
    if (service.object.kind === 'Service' && service.object.group === '') mixed(service, matching, onFinding);
}

function workloadOf(place: Deployed): Workload[] {
  return podTemplates(place.object).map(({ spec, labels, pointer }) => ({
    place,
    labels,
    ports: new Set(
      containersOf(spec, pointer).flatMap(({ value }) =>
        objectsAt(value, 'ports').flatMap((port) => [port['containerPort'] ?? null, port['name'] ?? null]),
      ),
    ),
  }));
}

function sameNamespace(a: string | undefined, b: string | undefined): boolean {
  return (a ?? '') === (b ?? '');
}

type Matching = (selector: JsonObject, namespace: string | undefined) => readonly Workload[];

/** A controller whose selector matches the Pods of another takes them for its own. */
function overlap({ place }: Workload, matching: Matching, onFinding: OnFinding): void {
  const selector = place.object.value['spec'];
  const own = isObject(selector) ? objectAt(selector, 'selector') : {};
  if (Object.keys(own).length === 0) return;
  const other = matching(own, place.namespace).find(
    (each) => each.place.object !== place.object && isAnother(each.place, place),
  );
  if (other === undefined) return;
  const { kind, name } = other.place.object;
  onFinding(
    onField(place.object, '/spec/selector', {
      application: place.application,
      namespace: place.namespace,
      message: `The selector of ${place.object.kind} ${place.object.name} matches the Pods of ${kind} ${name} as well; Kubernetes does not prevent it, and both controllers then count each other's Pods.`,
      hint: 'Give each workload a label of its own (app.kubernetes.io/name) in its selector and its Pods. A selector cannot be changed later: the workload has to be made anew.',
      related: [{ message: `${kind} ${name}`, at: placeOf(other.place.object, '/spec/template/metadata/labels') }],
      key: name,
    }),
  );
}

function isAnother(a: Deployed, b: Deployed): boolean {
  return a.object.name !== b.object.name || a.object.kind !== b.object.kind;
}

/** A Service that reaches Pods which do not listen on its port: requests go to the wrong program. */
function mixed(service: Deployed, matching: Matching, onFinding: OnFinding): void {
  const labels = objectAt(service.object.value, 'spec', 'selector');
  if (Object.keys(labels).length === 0) return;
  const reached = matching({ matchLabels: labels }, service.namespace);
  if (reached.length < 2) return;
  const targets = objectsAt(service.object.value, 'spec', 'ports').map(
    (port) => port['targetPort'] ?? port['port'] ?? null,
  );
  const listens = (each: Workload) => targets.some((target) => each.ports.has(target));
  const deaf = reached.filter((each) => each.ports.size > 0 && !listens(each));
  if (deaf.length === 0 || !reached.some(listens)) return;
  const names = deaf.map(({ place }) => `${place.object.kind} ${place.object.name}`);
  onFinding(
    onField(service.object, '/spec/selector', {
      application: service.application,
      namespace: service.namespace,
      message: `Service ${service.object.name} selects the Pods of ${reached.length} workloads, and ${names.slice(0, 3).join(', ')}${names.length > 3 ? ' and others' : ''} ${names.length > 1 ? 'listen' : 'listens'} on another port: a part of the requests fails.`,
      hint: 'Select by a label that only the wanted workload has. A label that a kustomization adds to all selectors (commonLabels, includeSelectors) tells nothing apart.',
      related: deaf.slice(0, 5).map(({ place }) => ({
        message: `${place.object.kind} ${place.object.name}`,
        at: placeOf(place.object, '/spec/template/metadata/labels'),
      })),
    }),
  );
}
