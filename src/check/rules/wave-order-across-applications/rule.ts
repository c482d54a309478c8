import { listAt, objectAt } from '../../../capacity/read.js';
import type { Repository } from '../../../repository/index.js';
import type { Application, Deployed } from '../../../repository/model.js';
import { isHook, waveOf } from '../../../repository/waves.js';
import { broughtByCharts, ownOperators } from '../../operators.js';
import { definedBy, needKey, needsOf, providedBy } from '../../prerequisites.js';
import { routeRules } from '../../routes.js';
import { type Finding, noParameters, type OnFinding, onField, placeOf, type Rule } from '../../rule.js';

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
    const everything = providers(repository);
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
  readonly everything: ReadonlyMap<string, readonly Provider[]>;
  readonly routes: ReadonlyMap<Deployed, readonly RouteNeed[]>;
  readonly isKnown: boolean;
}

interface RouteNeed {
  readonly key: string;
  readonly what: string;
  readonly pointer: string;
}

/** Something that is needed too early. */
interface Late {
  readonly place: Deployed;
  readonly what: string;
  readonly pointer: string;
  readonly blocks: boolean;
}

/** One child needs what another one brings later: one finding, however many things that are. */
interface Pair {
  readonly needs: Stage;
  readonly brings: Stage;
  readonly items: Map<string, Late>;
}

function judge(judged: Judged, onFinding: OnFinding): void {
  for (const pair of pairsOf(judged)) onFinding(findingOf(pair, judged));
}

function pairsOf({ parent, stages, everything, routes }: Judged): Iterable<Pair> {
  const pairs = new Map<string, Pair>();
  const groups = definedGroups(everything);
  for (const [application, stage] of stages) {
    for (const place of application.deployed) {
      if (isHook(place.object.value)) continue;
      const ask = (key: string, what: string, pointer: string, blocks: boolean, alias = key) => {
        const keys = [...new Set([key, alias])].flatMap((each) => [`${place.cluster}\n${each}`, `\n${each}`]);
        const found = keys.flatMap((each) => everything.get(each) ?? []);
        const later = found.map((each) => each.application && stages.get(each.application));
        const [next] = later;
        // Whoever else brings it may do so in time: then nobody here can say that it is missing.
        if (next === undefined || later.some((each) => each === undefined || each.wave <= stage.wave)) return;
        const id = `${stage.child.name}\n${next.child.name}`;
        const pair = pairs.get(id) ?? { needs: stage, brings: next, items: new Map() };
        pairs.set(id, pair);
        const known = pair.items.get(key);
        if (known === undefined || (blocks && !known.blocks)) pair.items.set(key, { place, what, pointer, blocks });
      };
      for (const need of needsOf(place)) {
        ask(needKey(need), `${need.kind} ${need.name}`, need.pointer, need.effect === 'blocks');
      }
      for (const need of routes.get(place) ?? []) ask(need.key, need.what, need.pointer, false);
      const { group, kind } = place.object;
      if (groups.has(group) && !isArgoCds(group, kind)) {
        const definition = `the definition of ${kind}`;
        ask(`definition ${group}/${kind}`, definition, '/kind', true, `definition ${group}`);
        ask(`operator ${group}/${kind}`, `the operator of ${kind}`, '/kind', false, `operator ${group}`);
      }
      if (place.namespace && !isThere(place.namespace, parent) && !makesNamespace(application, place.namespace)) {
        ask(namespaceKey(place.namespace), `Namespace ${place.namespace}`, '/metadata/namespace', true);
      }
    }
  }
  return pairs.values();
}

function findingOf({ needs, brings, items }: Pair, { parent, isKnown }: Judged): Finding {
  const all = [...items.values()].sort((a, b) => Number(b.blocks) - Number(a.blocks));
  const [first] = all as [Late];
  const { object } = first.place;
  const names = all.slice(0, named).map((each) => each.what);
  const more = all.length > named ? ` and ${all.length - named} more` : '';
  const outcome = first.blocks
    ? `wave ${needs.wave} does not become healthy, and wave ${brings.wave} does not come.`
    : 'what is there reports an error until then, which can end the sync of the parent.';
  return onField(brings.child.object, '/metadata/annotations/argocd.argoproj.io~1sync-wave', {
    application: parent,
    message: `Application ${brings.child.name} brings ${names.join(', ')}${more} in wave ${brings.wave}, and Application ${needs.child.name} needs ${all.length === 1 ? 'it' : 'them'} in wave ${needs.wave} (${object.kind} ${object.name}): ${isKnown ? '' : 'where Argo CD waits for the health of Applications, '}${outcome}`,
    hint: `Put Application ${brings.child.name} into an earlier wave than ${needs.child.name}.`,
    related: all.slice(0, shown).map(({ place, what, pointer }) => ({
      message: `${place.object.kind} ${place.object.name} needs ${what}`,
      at: placeOf(place.object, pointer),
    })),
    key: `${needs.child.name}\n${brings.child.name}`,
  });
}

/** How many of the things that are needed too early are named, and how many of their places are shown. */
const named = 4;
const shown = 10;

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

/** An Application that brings something; undefined for what no Application deploys. */
interface Provider {
  readonly application: Application | undefined;
}

/** Who brings what, by cluster and key; namespaces that Argo CD makes for an Application count as brought by it. */
function providers(repository: Repository): Map<string, Provider[]> {
  const out = new Map<string, Provider[]>();
  const add = (cluster: string, provider: Provider, key: string) => {
    const id = `${cluster}\n${key}`;
    const list = out.get(id);
    if (list === undefined) out.set(id, [provider]);
    else list.push(provider);
  };
  for (const place of repository.deployed) {
    for (const key of providedBy(place)) add(place.cluster, place, key);
    const definition = definedBy(place);
    if (definition !== undefined) add(place.cluster, place, `definition ${definition}`);
  }
  for (const application of repository.applications) {
    const { cluster } = application;
    const { namespace } = application.destination;
    if (namespace !== undefined && makesNamespace(application, namespace))
      add(cluster, { application }, namespaceKey(namespace));
    for (const { acts, definitions, operator } of broughtByCharts(application, repository)) {
      if (operator) add(cluster, { application }, `operator ${acts}`);
      if (definitions) add(cluster, { application }, `definition ${acts}`);
    }
    for (const groups of ownOperators(application.deployed).values()) {
      for (const group of groups) add(cluster, { application }, `operator ${group}`);
    }
  }
  return out;
}

/** The groups that somebody here brings definitions or operators of: the others need not be asked about. */
function definedGroups(everything: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const out = new Set<string>();
  for (const key of everything.keys()) {
    const group = /\n(?:definition|operator) ([^/]+)/.exec(key)?.[1];
    if (group !== undefined) out.add(group);
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
