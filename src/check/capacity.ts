import {
  type Assessment,
  assess,
  type DeviceSelector,
  demandsOf,
  type JudgeOptions,
  type NodeFacts,
  podContextOf,
  quotasOf,
  quotasOfCluster,
  type Scenario,
  scalerOf,
  settle,
  type WorkloadDemand,
  withScalers,
} from '../capacity/index.js';
import { stringAt } from '../capacity/read.js';
import type { JsonObject, Place } from '../diagnostics/diagnostic.js';
import { nodesOf } from '../plan/index.js';
import type { Repository } from '../repository/index.js';
import { clustersMeant, type InventoryCluster } from '../repository/inventory.js';
import type { Application, Deployed } from '../repository/model.js';
import { podTemplates } from '../repository/pods.js';
import { waveOf } from '../repository/waves.js';
import { type Finding, onField, placeOf } from './rule.js';

/** What is deployed to one declared cluster, held against its inventory. */
export interface ClusterCapacity {
  readonly cluster: InventoryCluster;
  readonly nodes: readonly NodeFacts[];
  readonly workloads: readonly WorkloadDemand[];
  /** Where each workload comes from, by its id. */
  readonly places: ReadonlyMap<string, Deployed>;
  readonly assessment: Assessment;
}

const judged = new WeakMap<Repository, readonly ClusterCapacity[]>();

/** What the judgement needs from the edge: a solver, and a judge of the selectors of devices. */
export interface CapacityOptions extends JudgeOptions {
  readonly selector?: DeviceSelector;
}

/** Judged once for all rules. Empty where no inventory is declared: then nobody here knows what there is. */
export function capacityOf(repository: Repository, options: CapacityOptions = {}): readonly ClusterCapacity[] {
  const known = judged.get(repository);
  if (known !== undefined) return known;
  const here = placesByCluster(repository);
  const made = repository.inventory.flatMap(
    (cluster) => judgeCluster(here.get(cluster) ?? [], cluster, chartsOf(repository, cluster), options) ?? [],
  );
  judged.set(repository, made);
  return made;
}

/** What Applications deploy to each declared cluster; places whose cluster is not certain are left out. */
function placesByCluster(repository: Repository): ReadonlyMap<InventoryCluster, readonly Deployed[]> {
  const out = new Map<InventoryCluster, Deployed[]>();
  const meant = new Map<string, InventoryCluster | undefined>();
  for (const place of repository.deployed) {
    const { application, cluster: key } = place;
    if (application === undefined || key === '') continue;
    if (!meant.has(key)) {
      const found = clustersMeant(repository.inventory, repository.clusters, key);
      meant.set(key, found.length === 1 ? found[0] : undefined);
    }
    const cluster = meant.get(key);
    if (cluster === undefined) continue;
    const list = out.get(cluster);
    if (list === undefined) out.set(cluster, [place]);
    else list.push(place);
  }
  return out;
}

/** The Applications that deploy charts to a cluster: what stands in their values is read, though no chart is rendered here. */
function chartsOf(repository: Repository, cluster: InventoryCluster): readonly JsonObject[] {
  return repository.applications
    .filter((each) => {
      const found = clustersMeant(repository.inventory, repository.clusters, each.cluster);
      return found.length === 1 && found[0] === cluster;
    })
    .map((each) => each.object.value);
}

function judgeCluster(
  here: readonly Deployed[],
  cluster: InventoryCluster,
  charts: readonly JsonObject[],
  options: CapacityOptions,
): ClusterCapacity | undefined {
  const objects = here.map(withNamespace);
  const context = podContextOf([...objects, ...charts]);
  const places = new Map<string, Deployed>();
  const workloads: WorkloadDemand[] = [];
  for (const place of here) {
    const environment = environmentOf(place.application as Application, cluster);
    const demands = demandsOf(withNamespace(place), {
      ...context,
      wave: waveOf((place.application as Application).object.value),
      application: (place.application as Application).name,
      ...(environment === undefined ? {} : { environment }),
    });
    for (const demand of demands) {
      // Jobs that check something and end are gone when the models run.
      if (demand.kind === 'Job' || demand.kind === 'CronJob' || places.has(demand.id)) continue;
      places.set(demand.id, place);
      workloads.push(demand);
    }
  }
  if (workloads.length === 0) return undefined;
  const scaled = withScalers(
    workloads,
    here.flatMap((place) => scalerOf(withNamespace(place)) ?? []),
  );
  const { nodes, workloads: settled } = settle(nodesOf(cluster.config.value), scaled, {
    objects,
    ...(options.selector === undefined ? {} : { selector: options.selector }),
  });
  const quotas = [...quotasOfCluster(cluster.config.value.spec.quotas ?? {}), ...quotasOf(objects)];
  return { cluster, nodes, workloads: settled, places, assessment: assess(nodes, settled, { ...options, quotas }) };
}

/** The object as Argo CD applies it: with the namespace of its destination. */
function withNamespace({ object, namespace }: Deployed): JsonObject {
  if (!namespace || object.namespace !== undefined) return object.value;
  const metadata = object.value['metadata'] as JsonObject | undefined;
  return { ...object.value, metadata: { ...metadata, namespace } };
}

/** By label, by the only environment of the cluster, or by the folder of the overlay. */
export function environmentOf(application: Application, cluster: InventoryCluster): string | undefined {
  const label = stringAt(application.object.value, 'metadata', 'labels', 'gitops-gen.io/environment');
  if (label !== undefined && cluster.environments.includes(label)) return label;
  if (cluster.environments.length === 1) return cluster.environments[0];
  const parts = application.sources.flatMap((source) => (source.path ?? '').split('/'));
  return cluster.environments.find((name) => parts.includes(name));
}

/** Where a workload asks for what it needs. */
export function placeOfDemand(place: Deployed): Place {
  return placeOf(place.object, pointerOfDemand(place));
}

function pointerOfDemand({ object }: Deployed): string {
  const template = podTemplates(object)[0];
  return template === undefined ? '/spec' : `${template.pointer}/containers/0/resources`;
}

/** A finding on a scenario, at the first workload that it is about; the others stand beside it. */
export function onScenario(
  capacity: ClusterCapacity,
  scenario: Scenario,
  finding: Pick<Finding, 'message' | 'hint' | 'severity'> & { readonly about?: readonly string[] },
): Finding | undefined {
  const { about, ...rest } = finding;
  const ids = about ?? aboutOf(capacity, scenario);
  const [first, ...others] = ids.flatMap((id) => capacity.places.get(id) ?? []);
  if (first === undefined) return undefined;
  const { file } = capacity.cluster.config;
  return onField(first.object, pointerOfDemand(first), {
    ...rest,
    ...(scenario.environment === undefined ? {} : { environment: scenario.environment }),
    application: first.application,
    namespace: first.namespace,
    related: [
      {
        message: `the inventory of cluster ${capacity.cluster.name}`,
        at: { file, pointer: '/spec/nodePools', part: 'key' },
      },
      ...others
        .slice(0, 10)
        .map((each) => ({ message: `${each.object.kind} ${each.object.name}`, at: placeOfDemand(each) })),
    ],
    key: `${capacity.cluster.name} ${scenario.environment ?? ''} ${scenario.kind} ${scenario.wave ?? ''}`,
  });
}

/** The workloads of a scenario that ask for devices, those of its own wave first. */
function aboutOf({ workloads }: ClusterCapacity, scenario: Scenario): readonly string[] {
  if (scenario.about !== undefined && scenario.about.length > 0) return scenario.about;
  const present = workloads.filter((each) => (scenario.replicas[each.id] ?? 0) > 0);
  const own = present.filter(
    (each) => (each.wave ?? 0) === (scenario.wave ?? 0) && each.environment === scenario.environment,
  );
  const asks = (each: WorkloadDemand) =>
    each.templates.some(({ pod }) =>
      Object.keys(pod.requests).some((name) => name.includes('/') && !name.startsWith('hugepages')),
    );
  const first = own.filter(asks);
  return [...first, ...own.filter((each) => !asks(each))].map((each) => each.id);
}
