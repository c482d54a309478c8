import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { isDevice } from './explain.js';
import type { PodFacts, WorkloadDemand } from './facts.js';
import { amountOf, showAmount } from './quantity.js';
import { at, listAt, objectAt, objectsAt, stringAt } from './read.js';
import type { Certificate, Scenario } from './verdict.js';

/** A limit on what a set of workloads may ask for together. */
export interface Quota {
  /** `ResourceQuota/ns/name`, `ClusterQueue/name`, `Cohort/name`. */
  readonly id: string;
  /** By resource as the quota names it (`requests.nvidia.com/gpu`, `limits.memory`, `pods`; bare names in Kueue). */
  readonly hard: Readonly<Record<string, number>>;
  readonly covers: (workload: WorkloadDemand, pod: PodFacts) => boolean;
  /** Whether a Pod that says nothing about a resource of the quota is refused (ResourceQuota on CPU and memory). */
  readonly refusesSilence: boolean;
}

export interface QuotaFinding {
  readonly quota: string;
  readonly resource: string;
  readonly scenario: Scenario;
  readonly workloads: readonly string[];
  /** `over`: more is asked for than allowed. `silent`: Pods name no amount and are refused. */
  readonly problem: 'over' | 'silent';
  readonly asked: number;
  readonly allowed: number;
  readonly message: string;
  readonly certificate?: Certificate;
}

/** Quotas as a ClusterConfig declares them. */
export interface DeclaredQuotas {
  readonly resourceQuotas?: readonly {
    readonly namespace: string;
    readonly hard: Readonly<Record<string, string | number>>;
  }[];
  readonly kueue?: readonly {
    readonly localQueue: string;
    readonly clusterQueue: string;
    readonly namespaces?: readonly string[];
    readonly nominal: Readonly<Record<string, string | number>>;
  }[];
}

export function quotasOfCluster(declared: DeclaredQuotas): readonly Quota[] {
  const own = (declared.resourceQuotas ?? []).map((each) =>
    namespaceQuota(`ResourceQuota/${each.namespace}`, each.namespace, amounts(each.hard)),
  );
  const queues = new Map<
    string,
    { hard: Record<string, number>; members: { queue: string; namespaces: readonly string[] | undefined }[] }
  >();
  for (const { localQueue, clusterQueue, namespaces, nominal } of declared.kueue ?? []) {
    const known = queues.get(clusterQueue) ?? { hard: amounts(nominal), members: [] };
    known.members.push({ queue: localQueue, namespaces });
    queues.set(clusterQueue, known);
  }
  return [
    ...own,
    ...[...queues].map(
      ([name, { hard, members }]): Quota => ({
        id: `ClusterQueue/${name}`,
        hard,
        covers: (workload) =>
          members.some(
            (each) => each.queue === workload.queue && (each.namespaces?.includes(workload.namespace) ?? true),
          ),
        refusesSilence: false,
      }),
    ),
  ];
}

/**
 * Quotas among rendered or listed objects: ResourceQuota with its scopes, and Kueue's ClusterQueues with what they may
 * borrow. A queue may use its nominal quota of all flavors, and from its cohort up to its borrowing limit, never more than
 * the cohort has; the queues of a cohort share what it has (Kueue v1beta1 and v1beta2).
 */
export function quotasOf(objects: Iterable<JsonObject>, onUnread: (what: string) => void = () => {}): readonly Quota[] {
  const all = [...objects];
  const quotas = all
    .filter((each) => stringAt(each, 'kind') === 'ResourceQuota')
    .map((each) => resourceQuota(each, onUnread));
  const queues = all.filter((each) => stringAt(each, 'kind') === 'ClusterQueue').map(clusterQueue);
  const local = all.filter((each) => stringAt(each, 'kind') === 'LocalQueue');
  const members = (queue: string) =>
    new Set(
      local
        .filter((each) => stringAt(each, 'spec', 'clusterQueue') === queue)
        .map(
          (each) =>
            `${stringAt(each, 'metadata', 'namespace') ?? 'default'}/${stringAt(each, 'metadata', 'name') ?? ''}`,
        ),
    );
  const inQueues = (names: readonly string[]) => {
    const queuesOfNames = new Set(names.flatMap((name) => [...members(name)]));
    return (workload: WorkloadDemand) => queuesOfNames.has(`${workload.namespace}/${workload.queue ?? ''}`);
  };
  const cohorts = new Map<string, typeof queues>();
  for (const each of queues)
    if (each.cohort !== undefined) cohorts.set(each.cohort, [...(cohorts.get(each.cohort) ?? []), each]);
  const shared = [...cohorts].map(
    ([name, list]): Quota => ({
      id: `Cohort/${name}`,
      hard: sums(list.map((each) => each.nominal)),
      covers: inQueues(list.map((each) => each.name)),
      refusesSilence: false,
    }),
  );
  const single = queues.map((each): Quota => {
    const cohort =
      each.cohort === undefined ? undefined : sums((cohorts.get(each.cohort) ?? []).map((one) => one.nominal));
    const hard = Object.fromEntries(
      Object.entries(each.nominal).map(([resource, nominal]) => {
        if (cohort === undefined) return [resource, nominal];
        const limit = each.borrowing[resource];
        return [
          resource,
          limit === undefined ? (cohort[resource] ?? nominal) : Math.min(nominal + limit, cohort[resource] ?? nominal),
        ];
      }),
    );
    return { id: `ClusterQueue/${each.name}`, hard, covers: inQueues([each.name]), refusesSilence: false };
  });
  return [...quotas, ...single, ...shared];
}

function amounts(map: Readonly<Record<string, Json>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(map).flatMap(([name, value]) => {
      const amount = amountOf(bare(name), value);
      return amount === undefined ? [] : [[name, amount]];
    }),
  );
}

function bare(resource: string): string {
  return resource.replace(/^(requests|limits)\./, '');
}

function sums(maps: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const map of maps) for (const [name, amount] of Object.entries(map)) total[name] = (total[name] ?? 0) + amount;
  return total;
}

function namespaceQuota(id: string, namespace: string, hard: Readonly<Record<string, number>>): Quota {
  return { id, hard, covers: (workload) => workload.namespace === namespace, refusesSilence: true };
}

function resourceQuota(object: JsonObject, onUnread: (what: string) => void): Quota {
  const namespace = stringAt(object, 'metadata', 'namespace') ?? 'default';
  const id = `ResourceQuota/${namespace}/${stringAt(object, 'metadata', 'name') ?? ''}`;
  const quota = namespaceQuota(id, namespace, amounts(objectAt(object, 'spec', 'hard')));
  const scopes = [
    ...listAt(object, 'spec', 'scopes').map((name) => ({
      name: String(name),
      operator: 'Exists',
      values: [] as readonly string[],
    })),
    ...objectsAt(object, 'spec', 'scopeSelector', 'matchExpressions').map((each) => ({
      name: stringAt(each, 'scopeName') ?? '',
      operator: stringAt(each, 'operator') ?? 'Exists',
      values: listAt(each, 'values').map(String),
    })),
  ];
  if (scopes.length === 0) return quota;
  const tests = scopes.map(({ name, operator, values }) => {
    switch (name) {
      case 'PriorityClass':
        return (pod: PodFacts) => matchesClass(pod.priorityClassName, operator, values);
      case 'BestEffort':
        return (pod: PodFacts) => bestEffort(pod);
      case 'NotBestEffort':
        return (pod: PodFacts) => !bestEffort(pod);
      case 'NotTerminating':
        return (_: PodFacts) => true;
      default:
        onUnread(`${id}: the scope ${name} is not judged, and the quota is left out`);
        return (_: PodFacts) => false;
    }
  });
  return { ...quota, covers: (workload, pod) => workload.namespace === namespace && tests.every((test) => test(pod)) };
}

function matchesClass(name: string | undefined, operator: string, values: readonly string[]): boolean {
  if (operator === 'In') return name !== undefined && values.includes(name);
  if (operator === 'NotIn') return name === undefined || !values.includes(name);
  return (operator === 'Exists') === (name !== undefined);
}

function bestEffort(pod: PodFacts): boolean {
  return ['cpu', 'memory'].every((name) => (pod.requests[name] ?? 0) === 0 && (pod.limits[name] ?? 0) === 0);
}

interface Queue {
  readonly name: string;
  readonly cohort: string | undefined;
  readonly nominal: Record<string, number>;
  /** Absent: as much as the cohort has. */
  readonly borrowing: Record<string, number>;
}

function clusterQueue(object: JsonObject): Queue {
  const nominal: Record<string, number> = {};
  const borrowing: Record<string, number> = {};
  const unlimited = new Set<string>();
  for (const group of objectsAt(object, 'spec', 'resourceGroups')) {
    for (const flavor of objectsAt(group, 'flavors')) {
      for (const resource of objectsAt(flavor, 'resources')) {
        const name = stringAt(resource, 'name') ?? '';
        nominal[name] = (nominal[name] ?? 0) + (amountOf(name, at(resource, 'nominalQuota')) ?? 0);
        const limit = at(resource, 'borrowingLimit');
        if (limit === undefined || limit === null) unlimited.add(name);
        else borrowing[name] = (borrowing[name] ?? 0) + (amountOf(name, limit) ?? 0);
      }
    }
  }
  for (const name of unlimited) delete borrowing[name];
  return {
    name: stringAt(object, 'metadata', 'name') ?? '',
    cohort: stringAt(object, 'spec', 'cohort') ?? stringAt(object, 'spec', 'cohortName'),
    nominal,
    borrowing,
  };
}

/** Holds the Pods of a scenario against the quotas. Surge Pods count like any other. */
export function judgeQuotas(
  quotas: readonly Quota[],
  workloads: readonly WorkloadDemand[],
  scenario: Scenario,
): readonly QuotaFinding[] {
  return quotas.flatMap((quota) => {
    const pods = workloads.flatMap((workload) =>
      workload.templates.flatMap(({ perReplica, pod }) => {
        const count = perReplica * (scenario.replicas[workload.id] ?? 0);
        return count > 0 && workload.daemon !== true && quota.covers(workload, pod) ? [{ workload, pod, count }] : [];
      }),
    );
    return Object.entries(quota.hard).flatMap(([resource, allowed]): readonly QuotaFinding[] => {
      const using = pods.map((each) => ({ ...each, amount: amountFor(resource, each.pod) }));
      const asked = using.reduce((sum, { count, amount }) => sum + count * (amount ?? 0), 0);
      const common = { quota: quota.id, resource, scenario, allowed };
      const silent = using.filter(({ amount }) => amount === undefined).map(({ workload }) => workload.id);
      const found: QuotaFinding[] = [];
      if (quota.refusesSilence && silent.length > 0 && mustBeNamed(resource)) {
        const names = [...new Set(silent)];
        const message = `${quota.id} limits ${resource}, and Pods of ${names.join(', ')} name no amount of it: the API server refuses them.`;
        found.push({ ...common, problem: 'silent', workloads: names, asked, message });
      }
      if (asked > allowed) {
        const names = [...new Set(using.filter(({ amount }) => (amount ?? 0) > 0).map(({ workload }) => workload.id))];
        found.push({
          ...common,
          problem: 'over',
          workloads: names,
          asked,
          message: `${quota.id} allows ${show(resource, allowed)} of ${resource}; ${names.join(', ')} ask for ${show(resource, asked)} (${scenario.title}): ${show(resource, asked - allowed)} too much.`,
          certificate: { kind: 'quota', quota: quota.id, resource, asked, allowed },
        });
      }
      return found;
    });
  });
}

/** CPU and memory under a quota must be named by every container; other resources count as none. */
function mustBeNamed(resource: string): boolean {
  return ['cpu', 'memory'].includes(bare(resource));
}

function amountFor(resource: string, pod: PodFacts): number | undefined {
  if (resource === 'pods' || resource === 'count/pods') return 1;
  if (resource.startsWith('count/')) return 0;
  if (resource.startsWith('limits.')) return pod.limits[bare(resource)];
  const name = bare(resource);
  const amount = pod.requests[name];
  return amount === undefined && !mustBeNamed(resource) ? 0 : amount;
}

function show(resource: string, amount: number): string {
  const name = bare(resource);
  return isDevice(name) || resource === 'pods' ? String(amount) : showAmount(name, amount);
}
