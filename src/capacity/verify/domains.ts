import { selectorMatches, termMatches } from '../match.js';
import type { Certificate } from '../verdict.js';
import { spreadDomains } from './topology.js';
import { type Ask, copies, excludesItself, fits, larger, smaller, type World } from './world.js';

type DomainCertificate = Extract<Certificate, { kind: 'domains' }>;

/** Counts how many Pods of one template the domains of a key hold by the rule named, all other Pods away. */
export function tooFewDomains(world: World, { key, topologyKey, rule }: DomainCertificate): readonly string[] {
  if (rule === 'exclusive') return tooFewExclusive(world, key, topologyKey);
  const ask = world.asks.get(key);
  if (ask === undefined || ask.daemon) return [`${key} is not in the scenario`];
  const most = held(world, ask, topologyKey, rule);
  if (most === undefined) return [`${key} has no such rule for ${topologyKey}`];
  return BigInt(ask.pods) > most ? [] : [`${key} has ${ask.pods} Pods, and the domains of ${topologyKey} hold ${most}`];
}

function held(world: World, ask: Ask, topologyKey: string, rule: DomainCertificate['rule']): bigint | undefined {
  const { inDomain, outside } = copiesByDomain(world, ask, topologyKey);
  const room = [...inDomain.values()];
  if (rule === 'apart') return excludesItself(ask, topologyKey) ? BigInt(room.length) + outside : undefined;
  if (rule === 'together') {
    const term = ask.pod.affinity.find(
      (each) =>
        each.topologyKey === topologyKey && onlyItself(world, ask, (other) => termMatches(each, ask.pod, other.pod)),
    );
    return term === undefined ? undefined : room.reduce(larger, 0n);
  }
  let least: bigint | undefined;
  for (const term of ask.pod.spread.filter((each) => each.topologyKey === topologyKey)) {
    const matches = (other: Ask) =>
      other.pod.namespace === ask.pod.namespace && selectorMatches(term.selector, other.pod.labels);
    if (!onlyItself(world, ask, matches)) continue;
    const domains = [...spreadDomains(world, ask, term)];
    const smallest =
      domains.length < (term.minDomains ?? 1)
        ? 0n
        : domains.map((each) => inDomain.get(each) ?? 0n).reduce(smaller, BigInt(ask.pods));
    const level = smallest + BigInt(term.maxSkew);
    const sum = room.reduce((total, each) => total + smaller(each, level), 0n);
    if (least === undefined || sum < least) least = sum;
  }
  return least;
}

function onlyItself(world: World, ask: Ask, matches: (other: Ask) => boolean): boolean {
  const matched = [...world.asks.values()].filter((each) => !each.daemon && matches(each));
  return matched.length === 1 && matched[0] === ask;
}

function copiesByDomain(
  world: World,
  ask: Ask,
  topologyKey: string,
): { inDomain: ReadonlyMap<string, bigint>; outside: bigint } {
  const inDomain = new Map<string, bigint>();
  let outside = 0n;
  for (const node of world.nodes) {
    if (!fits(world, ask, node)) continue;
    const domain = node.labels[topologyKey];
    const here = copies(world, ask, node);
    if (domain === undefined) outside += here;
    else inDomain.set(domain, (inDomain.get(domain) ?? 0n) + here);
  }
  return { inDomain, outside };
}

/** Domains that could hold one replica of a workload that wants each for itself. */
function tooFewExclusive(world: World, id: string, topologyKey: string): readonly string[] {
  const workload = world.workloads.find((each) => each.id === id && each.exclusiveTopology === topologyKey);
  const replicas = world.scenario.replicas[id] ?? 0;
  if (workload === undefined) return [`${id} does not want a ${topologyKey} for itself`];
  const members = workload.templates.flatMap(({ role, perReplica }) => {
    const ask = world.asks.get(`${id}#${role}`);
    return ask === undefined ? [] : [{ perReplica, rooms: copiesByDomain(world, ask, topologyKey).inDomain }];
  });
  const domains = new Set(members.flatMap(({ rooms }) => [...rooms.keys()]));
  const able = [...domains].filter((domain) =>
    members.every(({ perReplica, rooms }) => (rooms.get(domain) ?? 0n) >= BigInt(perReplica)),
  );
  return replicas > able.length ? [] : [`${able.length} domains of ${topologyKey} can take a replica of ${id}`];
}
