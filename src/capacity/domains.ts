import type { Problem } from './problem.js';
import type { Certificate } from './verdict.js';

/** Proofs about one workload and the domains of a topology key, all other Pods away; one for each rule that is broken. */
export function domainProofs(problem: Problem): readonly Certificate[] {
  return [tooFewApart, tooUneven, tooFarApart, tooFewAlone].flatMap((proof) => proof(problem) ?? []);
}

/** One Pod a zone, and fewer zones than Pods. */
function tooFewApart(problem: Problem): Certificate | undefined {
  for (const { key, a, b } of problem.exclusions) {
    if (a !== b) continue;
    const { rooms, outside } = roomByDomain(problem, a, key);
    if (count(problem, a) > rooms.size + outside) return certificate(problem, a, key, 'apart');
  }
  return undefined;
}

/**
 * No domain may have more Pods than the emptiest and the skew. A domain whose nodes cannot take the Pod at all (a taint,
 * no GPU) stays empty and counts, unless node affinity leaves it out.
 */
function tooUneven(problem: Problem): Certificate | undefined {
  for (const { key, group, maxSkew, minDomains, matched, domains } of problem.spreads) {
    if (matched.length !== 1 || matched[0] !== group) continue;
    const { rooms } = roomByDomain(problem, group, key);
    let level = domains.length < minDomains ? 0 : count(problem, group);
    for (const domain of domains) level = Math.min(level, rooms.get(domain) ?? 0);
    let sum = 0;
    for (const room of rooms.values()) sum += Math.min(room, level + maxSkew);
    if (count(problem, group) > sum) return certificate(problem, group, key, 'spread');
  }
  return undefined;
}

/** Pods that must be near each other, and no domain that holds them all. */
function tooFarApart(problem: Problem): Certificate | undefined {
  for (const { key, group, targets } of problem.attractions) {
    if (targets.length !== 1 || targets[0] !== group) continue;
    const { rooms } = roomByDomain(problem, group, key);
    if (count(problem, group) > Math.max(0, ...rooms.values())) return certificate(problem, group, key, 'together');
  }
  return undefined;
}

/** Replicas that take a domain each, and fewer domains that hold one. */
function tooFewAlone(problem: Problem): Certificate | undefined {
  for (const { key, replicas, members } of problem.exclusives) {
    const rooms = members.map(({ group, perReplica }) => ({
      perReplica,
      rooms: roomByDomain(problem, group, key).rooms,
    }));
    const able = (problem.domains[key] ?? []).filter((_, domain) =>
      rooms.every((each) => (each.rooms.get(domain) ?? 0) >= each.perReplica),
    );
    const workload = problem.groups[members[0]?.group ?? -1]?.workload;
    if (workload !== undefined && replicas > able.length)
      return { kind: 'domains', key: workload.id, topologyKey: problem.keys[key] as string, rule: 'exclusive' };
  }
  return undefined;
}

function count(problem: Problem, group: number): number {
  return problem.groups[group]?.count ?? 0;
}

/** Copies that each domain holds of a group when nothing else is there; what nodes without the key hold is `outside`. */
export function roomByDomain(
  problem: Problem,
  group: number,
  key: number,
): { rooms: Map<number, number>; outside: number } {
  const rooms = new Map<number, number>();
  let outside = 0;
  problem.nodes.forEach((_, node) => {
    const copies = problem.capacity[group]?.[problem.classOf[node] as number] ?? 0;
    if (copies === 0) return;
    const domain = problem.domainOf[key]?.[node] ?? -1;
    if (domain < 0) outside += copies;
    else rooms.set(domain, (rooms.get(domain) ?? 0) + copies);
  });
  return { rooms, outside };
}

function certificate(problem: Problem, group: number, key: number, rule: 'apart' | 'spread' | 'together'): Certificate {
  return { kind: 'domains', key: problem.groups[group]?.key as string, topologyKey: problem.keys[key] as string, rule };
}
