import type { SpreadTerm } from '../facts.js';
import { repellingTaint, selectorMatches, selects, termMatches } from '../match.js';
import type { Ask, World } from './world.js';

export type Placed = ReadonlyMap<string, ReadonlyMap<string, number>>;

export function perDomain(world: World, placed: Placed, key: string, topologyKey: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const node of world.nodes) {
    const domain = node.labels[topologyKey];
    const pods = placed.get(key)?.get(node.name) ?? 0;
    if (domain !== undefined && pods > 0) counts.set(domain, (counts.get(domain) ?? 0) + pods);
  }
  return counts;
}

/**
 * Rules between Pods that a placement breaks. A spread that counts Pods of other templates is asked of the final state,
 * which is more than the scheduler asks (Pods that come later do not undo it): `necessary` leaves that out.
 */
export function topologyErrors(world: World, placed: Placed, necessary = false): readonly string[] {
  const wrong: string[] = [];
  const asks = [...world.asks.values()].filter((ask) => !ask.daemon);
  for (const ask of asks) {
    for (const term of ask.pod.antiAffinity) {
      const own = perDomain(world, placed, ask.key, term.topologyKey);
      for (const other of asks.filter((each) => termMatches(term, ask.pod, each.pod))) {
        const theirs = perDomain(world, placed, other.key, term.topologyKey);
        for (const [domain, pods] of own) {
          if ((theirs.get(domain) ?? 0) > 0 && (other.key !== ask.key || pods > 1))
            wrong.push(`${ask.key} and ${other.key} exclude each other in ${domain}`);
        }
      }
    }
    for (const term of ask.pod.affinity) {
      const own = perDomain(world, placed, ask.key, term.topologyKey);
      const others = asks.filter((each) => each.key !== ask.key && termMatches(term, ask.pod, each.pod));
      const lonely = [...own.keys()].filter(
        (domain) => !others.some((each) => perDomain(world, placed, each.key, term.topologyKey).has(domain)),
      );
      const outside = [...(placed.get(ask.key)?.keys() ?? [])].filter(
        (name) => world.nodes.find((node) => node.name === name)?.labels[term.topologyKey] === undefined,
      );
      if (outside.length > 0 || lonely.length > (termMatches(term, ask.pod, ask.pod) ? 1 : 0))
        wrong.push(`${ask.key} stands apart from the Pods it must be near`);
    }
    for (const term of ask.pod.spread) {
      const matched = asks.filter(
        (each) => each.pod.namespace === ask.pod.namespace && selectorMatches(term.selector, each.pod.labels),
      );
      if (necessary && (matched.length !== 1 || matched[0] !== ask)) continue;
      const domains = spreadDomains(world, ask, term);
      const tables = matched.map((each) => perDomain(world, placed, each.key, term.topologyKey));
      const pods = (domain: string) => tables.reduce((sum, table) => sum + (table.get(domain) ?? 0), 0);
      const fewest = domains.size < (term.minDomains ?? 1) ? 0 : Math.min(...[...domains].map(pods));
      for (const domain of perDomain(world, placed, ask.key, term.topologyKey).keys()) {
        if (pods(domain) - fewest > term.maxSkew)
          wrong.push(
            `${ask.key} is spread unevenly over ${term.topologyKey}: ${pods(domain)} in ${domain}, ${fewest} elsewhere`,
          );
      }
    }
  }
  return wrong;
}

export function exclusiveErrors(world: World, placed: Placed): readonly string[] {
  const wrong: string[] = [];
  const groups = world.workloads.filter((each) => each.kind === 'LeaderWorkerSet');
  for (const workload of world.workloads) {
    const topologyKey = workload.exclusiveTopology;
    if (topologyKey === undefined || workload.daemon === true) continue;
    const tables = workload.templates.map(({ role, perReplica }) => ({
      perReplica,
      counts: perDomain(world, placed, `${workload.id}#${role}`, topologyKey),
    }));
    const domains = new Set(tables.flatMap(({ counts }) => [...counts.keys()]));
    for (const domain of domains) {
      if (tables.some(({ perReplica, counts }) => (counts.get(domain) ?? 0) !== perReplica))
        wrong.push(`${workload.id} does not have exactly one replica in ${domain}`);
      for (const other of groups.filter((each) => each !== workload)) {
        if (
          other.templates.some(({ role }) => perDomain(world, placed, `${other.id}#${role}`, topologyKey).has(domain))
        )
          wrong.push(`${workload.id} is not alone in ${domain}`);
      }
    }
  }
  return wrong;
}

/** The domains that count for the smallest of a spread constraint. */
export function spreadDomains(world: World, ask: Ask, term: SpreadTerm): ReadonlySet<string> {
  const domains = new Set<string>();
  for (const node of world.nodes) {
    const domain = node.labels[term.topologyKey];
    const counts =
      (term.nodeAffinityPolicy === 'Ignore' || selects(ask.pod, node)) &&
      (term.nodeTaintsPolicy === 'Ignore' || repellingTaint(ask.pod, node) === undefined) &&
      ask.pod.spread.every((each) => node.labels[each.topologyKey] !== undefined);
    if (domain !== undefined && counts) domains.add(domain);
  }
  return domains;
}
