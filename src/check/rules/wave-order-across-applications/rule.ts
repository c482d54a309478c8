import { listAt, objectAt } from '../../../capacity/read.js';
import type { Repository } from '../../../repository/index.js';
import type { Application, Deployed } from '../../../repository/model.js';
import { isHook, waveOf } from '../../../repository/waves.js';
import { definedBy, needKey, needsOf, providedBy } from '../../prerequisites.js';
import { routeRules } from '../../routes.js';
import { noParameters, type OnFinding, onField, placeOf, type Rule } from '../../rule.js';

export const waveOrderAcrossApplications: Rule = {
  id: 'wave-order-across-applications',
  group: 'order',
  // What is missing may have been made by hand before: then the order does no harm.
  severity: 'warning',
  summary: 'What an Application needs comes with a sibling of a later wave.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    const { configMaps, applicationHealth } = repository.argocd;
    // Where argocd-cm gives Applications no health they all start at once, and another rule says so.
    if (configMaps.length > 0 && applicationHealth === undefined) return;
    const isKnown = applicationHealth !== undefined;
    const childrenOf = grouped(repository.applications);
    const everything = providers(repository.deployed);
    const routes = routeNeeds(repository);
    for (const [parent, children] of childrenOf) {
      if (new Set(children.map((each) => waveOf(each.object.value))).size < 2) continue;
      const stages = stagesOf(children, childrenOf);
      judge({ parent, stages, everything, routes, isKnown }, onFinding);
    }
  },
};

/** An Application, or one below it, in the wave of the child that brings it. */
interface Stage {
  readonly wave: number;
  readonly child: Application;
}

interface Judged {
  readonly parent: Application;
  readonly stages: ReadonlyMap<Application, Stage>;
  readonly everything: ReadonlyMap<string, readonly Deployed[]>;
  readonly routes: ReadonlyMap<Deployed, readonly RouteNeed[]>;
  readonly isKnown: boolean;
}

interface RouteNeed {
  readonly key: string;
  readonly what: string;
  readonly pointer: string;
}

function judge({ parent, stages, everything, routes, isKnown }: Judged, onFinding: OnFinding): void {
  const said = new Set<string>();
  for (const [application, stage] of stages) {
    for (const place of application.deployed) {
      if (isHook(place.object.value)) continue;
      const ask = (key: string, what: string, pointer: string, blocks: boolean) => {
        const found = [`${place.cluster}\n${key}`, `\n${key}`].flatMap((each) => everything.get(each) ?? []);
        const later = found.map((each) => each.application && stages.get(each.application));
        const [next] = later;
        // Whoever else brings it may do so in time: then nobody here can say that it is missing.
        if (next === undefined || later.some((each) => each === undefined || each.wave <= stage.wave)) return;
        const id = [stage.child.name, next.child.name, key].join('\n');
        if (said.has(id)) return;
        said.add(id);
        const { object } = place;
        onFinding(
          onField(next.child.object, '/metadata/annotations/argocd.argoproj.io~1sync-wave', {
            application: parent,
            message: `Application ${next.child.name} brings ${what} in wave ${next.wave}, and ${object.kind} ${object.name} of Application ${stage.child.name} needs it in wave ${stage.wave}: ${isKnown ? '' : 'where Argo CD waits for the health of Applications, '}${
              blocks
                ? `wave ${stage.wave} does not become healthy, and wave ${next.wave} does not come.`
                : 'it reports an error until then, which can end the sync of the parent.'
            }`,
            hint: `Put Application ${next.child.name} into an earlier wave than ${stage.child.name}.`,
            related: [{ message: `${object.kind} ${object.name}`, at: placeOf(object, pointer) }],
            key: id,
          }),
        );
      };
      for (const need of needsOf(place)) {
        ask(needKey(need), `${need.kind} ${need.name}`, need.pointer, need.effect === 'blocks');
      }
      for (const need of routes.get(place) ?? []) ask(need.key, need.what, need.pointer, false);
      const { group, kind } = place.object;
      if (!isArgoCds(group, kind)) ask(`definition ${group}/${kind}`, `the definition of ${kind}`, '/kind', true);
      if (place.namespace && !isThere(place.namespace, parent) && !makesNamespace(application, place.namespace)) {
        ask(namespaceKey(place.namespace), `Namespace ${place.namespace}`, '/metadata/namespace', true);
      }
    }
  }
}

/** Argo CD's own definitions are there before it can read any Application, even where one brings them. */
function isArgoCds(group: string, kind: string): boolean {
  return group === 'argoproj.io' && ['Application', 'ApplicationSet', 'AppProject'].includes(kind);
}

/** Namespaces that Kubernetes makes, and the one that the parent lives in. */
function isThere(namespace: string, parent: Application): boolean {
  return namespace === (parent.namespace ?? 'argocd') || namespace === 'default' || namespace.startsWith('kube-');
}

function grouped(applications: readonly Application[]): Map<Application, Application[]> {
  const out = new Map<Application, Application[]>();
  for (const each of applications) {
    for (const parent of each.parents) {
      const list = out.get(parent);
      if (list === undefined) out.set(parent, [each]);
      else list.push(each);
    }
  }
  return out;
}

/** Every Application below a parent, in the wave of the child above it; the earliest where several lead to it. */
function stagesOf(
  children: readonly Application[],
  childrenOf: ReadonlyMap<Application, readonly Application[]>,
): Map<Application, Stage> {
  const stages = new Map<Application, Stage>();
  const inOrder = [...children].sort((a, b) => waveOf(a.object.value) - waveOf(b.object.value));
  for (const child of inOrder) {
    const open = [child];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (stages.has(next)) continue;
      stages.set(next, { wave: waveOf(child.object.value), child });
      open.push(...(childrenOf.get(next) ?? []));
    }
  }
  return stages;
}

/** Who brings what, by cluster and key; namespaces that Argo CD makes for an Application count as brought by it. */
function providers(deployed: readonly Deployed[]): Map<string, Deployed[]> {
  const out = new Map<string, Deployed[]>();
  const add = (place: Deployed, key: string) => {
    const id = `${place.cluster}\n${key}`;
    const list = out.get(id);
    if (list === undefined) out.set(id, [place]);
    else list.push(place);
  };
  const seen = new Set<Application>();
  for (const place of deployed) {
    for (const key of providedBy(place)) add(place, key);
    const definition = definedBy(place);
    if (definition !== undefined) add(place, `definition ${definition}`);
    const { application } = place;
    if (application === undefined || seen.has(application)) continue;
    seen.add(application);
    const { namespace } = application.destination;
    if (namespace !== undefined && makesNamespace(application, namespace)) add(place, namespaceKey(namespace));
  }
  return out;
}

function namespaceKey(name: string): string {
  return needKey({ group: '', kind: 'Namespace', namespace: '', name });
}

function makesNamespace({ object, destination }: Application, namespace: string): boolean {
  const options = listAt(objectAt(object.value, 'spec', 'syncPolicy'), 'syncOptions');
  return destination.namespace === namespace && options.includes('CreateNamespace=true');
}

/** What routes send requests to. */
function routeNeeds(repository: Repository): Map<Deployed, RouteNeed[]> {
  const out = new Map<Deployed, RouteNeed[]>();
  for (const { place, targets } of routeRules(repository)) {
    const needs = targets.map(({ kind, name, namespace, pointer }): RouteNeed => {
      const group = kind === 'Service' ? '' : 'inference.networking.k8s.io';
      const key = needKey({ group, kind, name, namespace: namespace ?? place.namespace ?? '' });
      return { key, what: `${kind} ${name}`, pointer };
    });
    out.set(place, [...(out.get(place) ?? []), ...needs]);
  }
  return out;
}
