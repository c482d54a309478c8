import { freeOf, type NodeFacts, type PodFacts, type PodTerm, type WorkloadDemand } from './facts.js';
import { admits, repellingTaint, selectorMatches, selects, termMatches } from './match.js';
import { hostnameKey } from './nodes.js';
import type { Scenario } from './verdict.js';

/** All Pods of one template of one workload in a scenario: they are alike. */
export interface Group {
  readonly index: number;
  /** `<workload id>#<role>`. */
  readonly key: string;
  readonly workload: WorkloadDemand;
  readonly role: string;
  readonly pod: PodFacts;
  readonly count: number;
  /** Request by resource index. */
  readonly need: Float64Array;
}

/** Nodes that no Pod of the scenario can tell apart, except by their names. */
export interface NodeClass {
  readonly index: number;
  /** Indices of nodes. */
  readonly nodes: readonly number[];
  /** What is free on each of them, by resource index. */
  readonly free: Float64Array;
}

/** `a` and `b` (which may be the same group) may not share a domain of the key. */
export interface Exclusion {
  readonly key: number;
  readonly a: number;
  readonly b: number;
}

/** A Pod of `group` needs a Pod of one of `targets` in its domain; where `group` is a target itself, the first may start. */
export interface Attraction {
  readonly key: number;
  readonly group: number;
  readonly targets: readonly number[];
}

export interface Spread {
  readonly key: number;
  readonly group: number;
  readonly maxSkew: number;
  readonly minDomains: number;
  /** Groups whose Pods count. */
  readonly matched: readonly number[];
  /** Domains that count towards the minimum. */
  readonly domains: readonly number[];
}

/** Groups of Pods (replicas of a LeaderWorkerSet) that take a domain each, alone. */
export interface Exclusive {
  readonly key: number;
  readonly replicas: number;
  /** Group index and Pods of one replica. */
  readonly members: readonly { readonly group: number; readonly perReplica: number }[];
}

/** A scenario on its nodes, compiled: DaemonSets placed, alike Pods and alike nodes put together. */
export interface Problem {
  readonly nodes: readonly NodeFacts[];
  readonly groups: readonly Group[];
  readonly resources: readonly string[];
  readonly classes: readonly NodeClass[];
  readonly classOf: Int32Array;
  /** By group: how many copies an empty node of each class holds, 0 where it may not stand. */
  readonly capacity: readonly Int32Array[];
  /** By group: other groups that may not share a node with it. */
  readonly conflicts: readonly (readonly number[])[];
  /** By group: at most one Pod a node. */
  readonly alone: readonly boolean[];
  /** Topology keys other than the hostname's, and the hostname where a spread or an affinity names it. */
  readonly keys: readonly string[];
  /** By key: domain index of every node, -1 where it lacks the key. */
  readonly domainOf: readonly Int32Array[];
  readonly domains: readonly (readonly string[])[];
  readonly exclusions: readonly Exclusion[];
  readonly attractions: readonly Attraction[];
  readonly spreads: readonly Spread[];
  readonly exclusives: readonly Exclusive[];
  /** Assignments of DaemonSet Pods, and those that found no room. */
  readonly daemons: readonly { readonly key: string; readonly node: string; readonly fits: boolean }[];
  readonly groupsOfDaemons: ReadonlySet<string>;
}

/** Whether anything beyond node-wise rules is in play. */
export function hasTopology(problem: Problem): boolean {
  return (
    problem.exclusions.length + problem.attractions.length + problem.spreads.length + problem.exclusives.length > 0
  );
}

export const portPrefix = 'hostPort/';

export function compile(
  allNodes: readonly NodeFacts[],
  workloads: readonly WorkloadDemand[],
  scenario: Scenario,
): Problem {
  const gone = new Set(scenario.without ?? []);
  const nodes = allNodes.filter((node) => !gone.has(node.name));
  const present = workloads.filter((each) => (scenario.replicas[each.id] ?? 0) > 0);
  const { free, daemons, groupsOfDaemons } = placeDaemons(nodes, present);
  const drafts = present
    .filter((each) => each.daemon !== true)
    .flatMap((workload) => draftsOf(workload, scenario.replicas[workload.id] ?? 0));
  const resources = [
    ...new Set(
      drafts.flatMap((each) =>
        Object.entries(requestsOf(each.pod))
          .filter(([, amount]) => amount > 0)
          .map(([name]) => name),
      ),
    ),
  ].sort();
  const groups = drafts.map((draft, index): Group => {
    const requests = requestsOf(draft.pod);
    return { ...draft, index, need: Float64Array.from(resources, (name) => requests[name] ?? 0) };
  });
  const topology = topologyOf(nodes, groups, present, scenario);
  const barring = barringOf(groups, present, daemons);
  const { classes, classOf } = classesOf(nodes, free, groups, resources, topology.keys, barring);
  const alone = groups.map((group) => excludes(group.pod, group.pod, hostnameKey));
  return {
    nodes,
    groups,
    resources,
    classes,
    classOf,
    capacity: groups.map((group) =>
      Int32Array.from(classes, (each) => {
        const barred = barring.keysOf(nodes[each.nodes[0] ?? 0]?.name).some((key) => barring.bars(group.index, key));
        return barred ? 0 : copies(group, each, nodes, alone[group.index] === true);
      }),
    ),
    conflicts: conflictsOf(groups),
    alone,
    ...topology,
    daemons,
    groupsOfDaemons,
  };
}

/** DaemonSets whose Pods keep Pods of the scenario off their nodes, or are kept off by them. */
interface Barring {
  readonly bars: (group: number, daemon: string) => boolean;
  /** Those of them that stand on a node. */
  readonly keysOf: (node: string | undefined) => readonly string[];
}

function barringOf(groups: readonly Group[], present: readonly WorkloadDemand[], daemons: Problem['daemons']): Barring {
  const pairs = new Set<string>();
  const keys = new Set<string>();
  for (const workload of present.filter((each) => each.daemon === true)) {
    for (const { role, pod } of workload.templates) {
      const key = `${workload.id}#${role}`;
      for (const group of groups) {
        if (!excludes(group.pod, pod, hostnameKey)) continue;
        pairs.add(`${group.index} ${key}`);
        keys.add(key);
      }
    }
  }
  const byNode = new Map<string, string[]>();
  for (const { key, node } of daemons) if (keys.has(key)) byNode.set(node, [...(byNode.get(node) ?? []), key]);
  return { bars: (group, daemon) => pairs.has(`${group} ${daemon}`), keysOf: (node) => byNode.get(node ?? '') ?? [] };
}

function draftsOf(workload: WorkloadDemand, replicas: number): readonly Omit<Group, 'index' | 'need'>[] {
  return workload.templates.flatMap(({ role, perReplica, pod }) =>
    perReplica * replicas === 0
      ? []
      : [{ key: `${workload.id}#${role}`, workload, role, pod, count: perReplica * replicas }],
  );
}

/** Requests, with one piece of each host port: a node has one of each. */
export function requestsOf(pod: PodFacts): Readonly<Record<string, number>> {
  if (pod.hostPorts.length === 0) return pod.requests;
  return { ...pod.requests, ...Object.fromEntries(pod.hostPorts.map((port) => [`${portPrefix}${port}`, 1])) };
}

/** Tolerations that the DaemonSet controller adds (`pkg/controller/daemon/util`, AddOrUpdateDaemonPodTolerations). */
const daemonTolerations = [
  'not-ready',
  'unreachable',
  'disk-pressure',
  'memory-pressure',
  'pid-pressure',
  'unschedulable',
  'network-unavailable',
].map((name) => ({ key: `node.kubernetes.io/${name}`, operator: 'Exists' as const }));

function placeDaemons(nodes: readonly NodeFacts[], present: readonly WorkloadDemand[]) {
  const free = nodes.map((node) => ({ ...freeOf(node) }) as Record<string, number>);
  const daemons: { key: string; node: string; fits: boolean }[] = [];
  const groupsOfDaemons = new Set<string>();
  for (const workload of present.filter((each) => each.daemon === true)) {
    for (const { role, pod } of workload.templates) {
      const key = `${workload.id}#${role}`;
      groupsOfDaemons.add(key);
      const tolerant = { ...pod, tolerations: [...pod.tolerations, ...daemonTolerations] };
      const needs = Object.entries(requestsOf(pod));
      nodes.forEach((node, index) => {
        const here = free[index];
        if (here === undefined || !admits(tolerant, node)) return;
        const fits = needs.every(([name, amount]) => amount <= roomFor(here, name));
        if (fits) for (const [name, amount] of needs) here[name] = roomFor(here, name) - amount;
        daemons.push({ key, node: node.name, fits });
      });
    }
  }
  return { free, daemons, groupsOfDaemons };
}

/** What is free of a resource: a node has one of every host port, and nothing of what it does not advertise. */
export function roomFor(free: Readonly<Record<string, number>>, resource: string): number {
  return free[resource] ?? (resource.startsWith(portPrefix) ? 1 : 0);
}

function copies(group: Group, nodeClass: NodeClass, nodes: readonly NodeFacts[], alone: boolean): number {
  const sample = nodes[nodeClass.nodes[0] ?? 0];
  if (sample === undefined || !admits(group.pod, sample)) return 0;
  let most = alone ? 1 : group.count;
  for (let r = 0; r < group.need.length; r++) {
    const need = group.need[r] ?? 0;
    if (need > 0) most = Math.min(most, Math.floor((nodeClass.free[r] ?? 0) / need));
  }
  return most;
}

/** Whether Pods of the two templates exclude each other within a domain of the key: by a term of either. */
export function excludes(a: PodFacts, b: PodFacts, key: string): boolean {
  const says = (term: PodTerm, owner: PodFacts, other: PodFacts) =>
    term.topologyKey === key && termMatches(term, owner, other);
  return a.antiAffinity.some((term) => says(term, a, b)) || b.antiAffinity.some((term) => says(term, b, a));
}

function conflictsOf(groups: readonly Group[]): readonly (readonly number[])[] {
  const found: number[][] = groups.map(() => []);
  const owners = groups.filter((group) => group.pod.antiAffinity.some((term) => term.topologyKey === hostnameKey));
  for (const a of owners) {
    for (const b of groups) {
      if (a.index === b.index || !excludes(a.pod, b.pod, hostnameKey)) continue;
      if (found[a.index]?.includes(b.index) === false) found[a.index]?.push(b.index);
      if (found[b.index]?.includes(a.index) === false) found[b.index]?.push(a.index);
    }
  }
  return found;
}

type Topology = Pick<
  Problem,
  'keys' | 'domainOf' | 'domains' | 'exclusions' | 'attractions' | 'spreads' | 'exclusives'
>;

function topologyOf(
  nodes: readonly NodeFacts[],
  groups: readonly Group[],
  present: readonly WorkloadDemand[],
  scenario: Scenario,
): Topology {
  const keys: string[] = [];
  const domainOf: Int32Array[] = [];
  const domains: string[][] = [];
  const keyIndex = (key: string): number => {
    const known = keys.indexOf(key);
    if (known >= 0) return known;
    const names: string[] = [];
    const byName = new Map<string, number>();
    domainOf.push(
      Int32Array.from(nodes, (node) => {
        const value = node.labels[key];
        if (value === undefined) return -1;
        const index = byName.get(value) ?? names.push(value) - 1;
        byName.set(value, index);
        return index;
      }),
    );
    domains.push(names);
    return keys.push(key) - 1;
  };
  const exclusions: Exclusion[] = [];
  const seen = new Set<string>();
  for (const a of groups) {
    for (const term of a.pod.antiAffinity.filter((each) => each.topologyKey !== hostnameKey)) {
      for (const b of groups.filter((each) => termMatches(term, a.pod, each.pod))) {
        const key = keyIndex(term.topologyKey);
        const [low, high] = [Math.min(a.index, b.index), Math.max(a.index, b.index)];
        if (!seen.has(`${key} ${low} ${high}`)) exclusions.push({ key, a: low, b: high });
        seen.add(`${key} ${low} ${high}`);
      }
    }
  }
  const attractions = groups.flatMap((group) =>
    group.pod.affinity.map((term) => ({
      key: keyIndex(term.topologyKey),
      group: group.index,
      targets: groups.filter((each) => termMatches(term, group.pod, each.pod)).map((each) => each.index),
    })),
  );
  const spreads = groups.flatMap((group) =>
    group.pod.spread.map((term): Spread => {
      const key = keyIndex(term.topologyKey);
      const countsNode = (node: NodeFacts) =>
        (term.nodeAffinityPolicy === 'Ignore' || selects(group.pod, node)) &&
        (term.nodeTaintsPolicy === 'Ignore' || repellingTaint(group.pod, node) === undefined) &&
        group.pod.spread.every((each) => node.labels[each.topologyKey] !== undefined);
      const eligible = new Set<number>();
      nodes.forEach((node, index) => {
        const domain = domainOf[key]?.[index] ?? -1;
        if (domain >= 0 && countsNode(node)) eligible.add(domain);
      });
      return {
        key,
        group: group.index,
        maxSkew: term.maxSkew,
        minDomains: term.minDomains ?? 1,
        matched: groups
          .filter(
            (each) => each.pod.namespace === group.pod.namespace && selectorMatches(term.selector, each.pod.labels),
          )
          .map((each) => each.index),
        domains: [...eligible].sort((a, b) => a - b),
      };
    }),
  );
  const exclusives = present.flatMap((workload): Exclusive[] => {
    if (workload.exclusiveTopology === undefined || workload.daemon === true) return [];
    const members = groups
      .filter((each) => each.workload === workload)
      .map((each) => ({
        group: each.index,
        perReplica: workload.templates.find((template) => template.role === each.role)?.perReplica ?? 1,
      }));
    return members.length === 0
      ? []
      : [{ key: keyIndex(workload.exclusiveTopology), replicas: scenario.replicas[workload.id] ?? 0, members }];
  });
  for (const { key, members } of exclusives) {
    for (const { group } of members) {
      const own = groups[group]?.workload;
      for (const other of groups.filter((each) => each.workload !== own && each.workload.kind === 'LeaderWorkerSet')) {
        exclusions.push({ key, a: Math.min(group, other.index), b: Math.max(group, other.index) });
      }
    }
  }
  return { keys, domainOf, domains, exclusions, attractions, spreads, exclusives };
}

/** Puts nodes together by everything a Pod of the scenario can see: the labels that are asked for, taints, what is free. */
function classesOf(
  nodes: readonly NodeFacts[],
  free: readonly Readonly<Record<string, number>>[],
  groups: readonly Group[],
  resources: readonly string[],
  topologyKeys: readonly string[],
  barring: Barring,
): { classes: readonly NodeClass[]; classOf: Int32Array } {
  const labels = new Set(topologyKeys.filter((key) => key !== hostnameKey));
  const names = new Set<string>();
  let byName = false;
  for (const { pod } of groups) {
    for (const key of Object.keys(pod.nodeSelector)) labels.add(key);
    for (const term of pod.nodeAffinity ?? []) {
      for (const each of term.labels) labels.add(each.key);
      if (term.fields.length > 0) byName = true;
    }
    if (pod.nodeName !== undefined) names.add(pod.nodeName);
  }
  const keys = [...labels].sort();
  const taintText = new Map<unknown, string>();
  const bySignature = new Map<string, { index: number; nodes: number[]; free: Float64Array }>();
  const classOf = Int32Array.from(nodes, (node, index) => {
    const here = free[index] ?? {};
    const vector = resources.map((name) => roomFor(here, name));
    let taints = taintText.get(node.taints);
    if (taints === undefined) {
      taints = JSON.stringify(node.taints);
      taintText.set(node.taints, taints);
    }
    const own = byName || names.has(node.name) ? node.name : '';
    const signature = `${vector.join(' ')}|${taints}|${node.unschedulable === true}|${own}|${barring.keysOf(node.name).join(' ')}|${JSON.stringify(keys.map((key) => node.labels[key] ?? null))}`;
    const known = bySignature.get(signature);
    if (known !== undefined) {
      known.nodes.push(index);
      return known.index;
    }
    const made = { index: bySignature.size, nodes: [index], free: Float64Array.from(vector) };
    bySignature.set(signature, made);
    return made.index;
  });
  return { classes: [...bySignature.values()], classOf };
}
