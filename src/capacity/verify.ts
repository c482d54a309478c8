import { freeOf, type NodeFacts, type PodFacts, type WorkloadDemand } from './facts.js';
import { admits, repellingTaint, selectorMatches, selects, termMatches } from './match.js';
import type { Certificate, NodeBound, Placement, Scenario } from './verdict.js';

/**
 * The checker of placements and certificates. It shares the facts and the rule for one Pod against one node with the
 * engine, and no step of its reasoning: it counts, in exact integers, what the engine claims.
 */

interface Ask {
  readonly key: string;
  readonly pod: PodFacts;
  readonly pods: number;
  readonly daemon: boolean;
}

interface World {
  readonly nodes: readonly NodeFacts[];
  readonly asks: ReadonlyMap<string, Ask>;
  /** What DaemonSets leave free, by node and resource. */
  readonly free: ReadonlyMap<string, ReadonlyMap<string, bigint>>;
}

function worldOf(nodes: readonly NodeFacts[], workloads: readonly WorkloadDemand[], scenario: Scenario): World {
  const gone = new Set(scenario.without ?? []);
  const here = nodes.filter((node) => !gone.has(node.name));
  const asks = new Map<string, Ask>();
  for (const workload of workloads) {
    const replicas = scenario.replicas[workload.id] ?? 0;
    for (const { role, perReplica, pod } of workload.templates) {
      const key = `${workload.id}#${role}`;
      const pods = workload.daemon === true ? (replicas > 0 ? 1 : 0) : replicas * perReplica;
      if (pods > 0) asks.set(key, { key, pod, pods, daemon: workload.daemon === true });
    }
  }
  const free = new Map(
    here.map((node) => {
      const amounts = new Map(Object.entries(freeOf(node)).map(([name, amount]) => [name, BigInt(amount)]));
      for (const ask of asks.values()) {
        if (!ask.daemon || !takesDaemon(ask.pod, node)) continue;
        for (const [name, amount] of wants(ask.pod)) amounts.set(name, room(amounts, name) - amount);
      }
      return [node.name, amounts] as const;
    }),
  );
  return { nodes: here, asks, free };
}

/** The controller of DaemonSets tolerates the conditions of nodes itself. */
function takesDaemon(pod: PodFacts, node: NodeFacts): boolean {
  const kept = node.taints.filter(
    (taint) =>
      !/^node\.kubernetes\.io\/(not-ready|unreachable|(disk|memory|pid)-pressure|unschedulable|network-unavailable)$/.test(
        taint.key,
      ),
  );
  return admits(pod, { ...node, taints: kept, unschedulable: false });
}

function wants(pod: PodFacts): readonly (readonly [string, bigint])[] {
  const requests = Object.entries(pod.requests).map(([name, amount]) => [name, BigInt(amount)] as const);
  return [...requests, ...pod.hostPorts.map((port) => [`hostPort/${port}`, 1n] as const)].filter(
    ([, amount]) => amount > 0n,
  );
}

function room(free: ReadonlyMap<string, bigint> | undefined, name: string): bigint {
  return free?.get(name) ?? (name.startsWith('hostPort/') ? 1n : 0n);
}

/** What is wrong with a placement; empty where it is right: complete, every node within its means, every rule kept. */
export function verifyPlacement(
  nodes: readonly NodeFacts[],
  workloads: readonly WorkloadDemand[],
  scenario: Scenario,
  placement: Placement,
): readonly string[] {
  const world = worldOf(nodes, workloads, scenario);
  const wrong: string[] = [];
  const byName = new Map(world.nodes.map((node) => [node.name, node]));
  const placed = new Map<string, Map<string, number>>();
  const left = new Map([...world.free].map(([name, amounts]) => [name, new Map(amounts)]));
  for (const { key, node: name, pods } of placement.assignments) {
    const ask = world.asks.get(key);
    const node = byName.get(name);
    if (ask === undefined || node === undefined || !Number.isSafeInteger(pods) || pods < 1) {
      wrong.push(`${pods} Pods of ${key} on ${name}: no such Pods, or no such node`);
      continue;
    }
    const onNode = placed.get(key) ?? new Map<string, number>();
    placed.set(key, onNode.set(name, (onNode.get(name) ?? 0) + pods));
    if (!(ask.daemon ? takesDaemon(ask.pod, node) : admits(ask.pod, node)))
      wrong.push(`${key} may not stand on ${name}`);
    if (ask.daemon) continue;
    const amounts = left.get(name);
    for (const [resource, amount] of wants(ask.pod))
      amounts?.set(resource, room(amounts, resource) - amount * BigInt(pods));
  }
  for (const [name, amounts] of left)
    for (const [resource, amount] of amounts) if (amount < 0n) wrong.push(`${name} lacks ${-amount} ${resource}`);
  for (const ask of world.asks.values()) {
    const here = placed.get(ask.key);
    const total = [...(here?.values() ?? [])].reduce((sum, pods) => sum + pods, 0);
    const expected = ask.daemon ? world.nodes.filter((node) => takesDaemon(ask.pod, node)).length : ask.pods;
    if (total !== expected) wrong.push(`${key(ask)}: ${total} of ${expected} Pods are placed`);
  }
  return [...wrong, ...topologyErrors(world, placed), ...exclusiveErrors(world, workloads, placed)];
}

function key(ask: Ask): string {
  return ask.key;
}

type Placed = ReadonlyMap<string, ReadonlyMap<string, number>>;

function perDomain(world: World, placed: Placed, key: string, topologyKey: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const node of world.nodes) {
    const domain = node.labels[topologyKey];
    const pods = placed.get(key)?.get(node.name) ?? 0;
    if (domain !== undefined && pods > 0) counts.set(domain, (counts.get(domain) ?? 0) + pods);
  }
  return counts;
}

function topologyErrors(world: World, placed: Placed): readonly string[] {
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
      const domains = new Set<string>();
      for (const node of world.nodes) {
        const domain = node.labels[term.topologyKey];
        const counts =
          (term.nodeAffinityPolicy === 'Ignore' || selects(ask.pod, node)) &&
          (term.nodeTaintsPolicy === 'Ignore' || repellingTaint(ask.pod, node) === undefined) &&
          ask.pod.spread.every((each) => node.labels[each.topologyKey] !== undefined);
        if (domain !== undefined && counts) domains.add(domain);
      }
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

function exclusiveErrors(world: World, workloads: readonly WorkloadDemand[], placed: Placed): readonly string[] {
  const wrong: string[] = [];
  const groups = workloads.filter((each) => each.kind === 'LeaderWorkerSet');
  for (const workload of workloads) {
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

/** What is wrong with a certificate; empty where it proves that the scenario cannot be placed. */
export function verifyCertificate(
  nodes: readonly NodeFacts[],
  workloads: readonly WorkloadDemand[],
  scenario: Scenario,
  certificate: Certificate,
): readonly string[] {
  const world = worldOf(nodes, workloads, scenario);
  switch (certificate.kind) {
    case 'no-node':
      return noNode(world, certificate.key, certificate.node);
    case 'prices':
      return priced(world, certificate.prices, certificate.bounds);
    case 'domains':
      return tooFewDomains(world, certificate.key, certificate.topologyKey);
    case 'exhausted':
      return exhausted(world);
    case 'quota':
      return certificate.asked > certificate.allowed ? [] : ['the quota allows what is asked'];
  }
}

function fits(world: World, ask: Ask, node: NodeFacts): boolean {
  const free = world.free.get(node.name);
  return admits(ask.pod, node) && wants(ask.pod).every(([name, amount]) => amount <= room(free, name));
}

function noNode(world: World, key: string, name: string | undefined): readonly string[] {
  const ask = world.asks.get(key);
  if (ask === undefined) return [`${key} is not in the scenario`];
  if (name === undefined)
    return world.nodes.filter((node) => fits(world, ask, node)).map((node) => `${key} fits ${node.name}`);
  const node = world.nodes.find((each) => each.name === name);
  const short =
    [...(world.free.get(name)?.values() ?? [])].some((amount) => amount < 0n) ||
    wants(ask.pod).some(([resource]) => room(world.free.get(name), resource) < 0n);
  return node !== undefined && ask.daemon && takesDaemon(ask.pod, node) && short ? [] : [`${key} fits ${name}`];
}

function excludesItself(ask: Ask, topologyKey: string): boolean {
  return ask.pod.antiAffinity.some((term) => term.topologyKey === topologyKey && termMatches(term, ask.pod, ask.pod));
}

function excludeEachOther(a: Ask, b: Ask): boolean {
  const says = (x: Ask, y: Ask) =>
    x.pod.antiAffinity.some((term) => term.topologyKey === 'kubernetes.io/hostname' && termMatches(term, x.pod, y.pod));
  return says(a, b) || says(b, a);
}

function tooFewDomains(world: World, key: string, topologyKey: string): readonly string[] {
  const ask = world.asks.get(key);
  if (ask === undefined || !excludesItself(ask, topologyKey))
    return [`${key} does not exclude itself by ${topologyKey}`];
  const domains = new Set<string>();
  let others = 0n;
  for (const node of world.nodes.filter((each) => fits(world, ask, each))) {
    const domain = node.labels[topologyKey];
    if (domain === undefined) others += copies(world, ask, node);
    else domains.add(domain);
  }
  return BigInt(ask.pods) > BigInt(domains.size) + others ? [] : [`${key} has as many domains as Pods`];
}

function copies(world: World, ask: Ask, node: NodeFacts): bigint {
  if (!fits(world, ask, node)) return 0n;
  let most = excludesItself(ask, 'kubernetes.io/hostname') ? 1n : BigInt(ask.pods);
  for (const [name, amount] of wants(ask.pod)) {
    const here = room(world.free.get(node.name), name) / amount;
    if (here < most) most = here;
  }
  return most;
}

/** Adds up what the Pods are worth and what the nodes can hold at most, and sees that every bound is one. */
function priced(
  world: World,
  prices: Readonly<Record<string, string>>,
  bounds: readonly NodeBound[],
): readonly string[] {
  const wrong: string[] = [];
  const asks: { ask: Ask; price: bigint }[] = [];
  let worth = 0n;
  for (const [key, text] of Object.entries(prices)) {
    const ask = world.asks.get(key);
    const price = BigInt(text);
    if (ask === undefined || ask.daemon || price < 0n) return [`${key} has no price`];
    asks.push({ ask, price });
    worth += price * BigInt(ask.pods);
  }
  let most = 0n;
  const seen = new Set<string>();
  const known = new Map<string, bigint | undefined>();
  for (const bound of bounds) {
    for (const name of bound.nodes) {
      const node = world.nodes.find((each) => each.name === name);
      if (node === undefined || seen.has(name)) return [`${name} is bounded twice, or not there`];
      seen.add(name);
    }
  }
  const byName = new Map(world.nodes.map((node) => [node.name, node]));
  for (const bound of bounds) {
    for (const name of bound.nodes) {
      const node = byName.get(name) as NodeFacts;
      const here = asks.filter(({ ask, price }) => price > 0n && fits(world, ask, node));
      const signature = JSON.stringify([
        bounds.indexOf(bound),
        here.map(({ ask }) => ask.key),
        [...(world.free.get(name) ?? [])].map(([each, amount]) => `${each}=${amount}`),
      ]);
      if (!known.has(signature)) known.set(signature, boundOf(world, here, node, bound.by));
      const value = known.get(signature);
      if (value === undefined) return [`the bound of ${name} could not be confirmed`];
      most += value;
    }
  }
  for (const node of world.nodes) {
    if (!seen.has(node.name) && asks.some(({ ask, price }) => price > 0n && fits(world, ask, node)))
      wrong.push(`${node.name} takes Pods and has no bound`);
  }
  if (worth <= most) wrong.push(`the Pods are worth ${worth}, the nodes hold ${most}`);
  return wrong;
}

interface Priced {
  readonly ask: Ask;
  readonly price: bigint;
}

function boundOf(world: World, here: readonly Priced[], node: NodeFacts, by: NodeBound['by']): bigint | undefined {
  if (by.kind === 'search') return bestOnNode(world, here, node);
  const free = world.free.get(node.name);
  let value = 0n;
  for (const [name, price] of Object.entries(by.resources)) {
    if (BigInt(price) < 0n) return undefined;
    const amount = room(free, name);
    if (amount > 0n) value += BigInt(price) * amount;
  }
  const paid = new Map<string, bigint>();
  for (const { keys, price } of by.cliques) {
    const members = here.filter(({ ask }) => keys.includes(ask.key)).map(({ ask }) => ask);
    const exclusive = members.every(
      (a) => excludesItself(a, 'kubernetes.io/hostname') && members.every((b) => a === b || excludeEachOther(a, b)),
    );
    if (!exclusive || BigInt(price) < 0n) return undefined;
    if (members.length > 0) value += BigInt(price);
    for (const member of members) paid.set(member.key, (paid.get(member.key) ?? 0n) + BigInt(price));
  }
  for (const { ask, price } of here) {
    const each = BigInt(by.each[ask.key] ?? '0');
    if (each < 0n) return undefined;
    value += each * copies(world, ask, node);
    let covered = each + (paid.get(ask.key) ?? 0n);
    for (const [name, amount] of wants(ask.pod)) covered += BigInt(by.resources[name] ?? '0') * amount;
    if (covered < price) return undefined;
  }
  return value;
}

const searchSteps = 400_000;

/** The best-paid set of Pods that one node can hold, by search with a bound; undefined where it takes too long. */
function bestOnNode(world: World, here: readonly Priced[], node: NodeFacts): bigint | undefined {
  const names = [...new Set(here.flatMap(({ ask }) => wants(ask.pod).map(([name]) => name)))];
  const free = names.map((name) => room(world.free.get(node.name), name));
  const items = here.map(({ ask, price }) => {
    const amounts = new Map(wants(ask.pod));
    return { ask, price, need: names.map((name) => amounts.get(name) ?? 0n), most: copies(world, ask, node) };
  });
  items.sort((a, b) => compareRatio(b.price, total(b.need, free), a.price, total(a.need, free)));
  let best = 0n;
  let steps = 0;
  const ceilings = items.map((_, index) => items.slice(index));
  const bound = (index: number, left: readonly bigint[]): bigint => {
    let least: bigint | undefined;
    for (let r = 0; r < names.length; r++) {
      let value = 0n;
      for (const item of ceilings[index] ?? []) {
        const need = item.need[r] as bigint;
        const own = need === 0n ? undefined : (item.price * (left[r] as bigint)) / need;
        if (own === undefined) {
          value = -1n;
          break;
        }
        if (own > value) value = own;
      }
      if (value >= 0n && (least === undefined || value < least)) least = value;
    }
    return least ?? (ceilings[index] ?? []).reduce((sum, item) => sum + item.price * item.most, 0n);
  };
  const chosen: Ask[] = [];
  const visit = (index: number, left: readonly bigint[], value: bigint): boolean => {
    if (++steps > searchSteps) return false;
    if (value > best) best = value;
    const item = items[index];
    if (item === undefined || value + bound(index, left) <= best) return true;
    let most = item.most;
    item.need.forEach((need, r) => {
      if (need > 0n && (left[r] as bigint) / need < most) most = (left[r] as bigint) / need;
    });
    if (chosen.some((other) => excludeEachOther(other, item.ask))) most = 0n;
    for (let count = most; count >= 0n; count--) {
      if (count > 0n) chosen.push(item.ask);
      const rest = count === 0n ? left : left.map((amount, r) => amount - (item.need[r] as bigint) * count);
      const done = visit(index + 1, rest, value + item.price * count);
      if (count > 0n) chosen.pop();
      if (!done) return false;
    }
    return true;
  };
  return visit(0, free, 0n) ? best : undefined;
}

/** Size of a Pod in millionths of the node, the sum over its resources. */
function total(need: readonly bigint[], free: readonly bigint[]): bigint {
  return need.reduce(
    (sum, amount, r) => sum + ((free[r] as bigint) === 0n ? 0n : (amount * 1_000_000n) / (free[r] as bigint)),
    1n,
  );
}

function compareRatio(a: bigint, b: bigint, c: bigint, d: bigint): number {
  const difference = a * d - c * b;
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

/** Repeats a small search in full: every Pod in turn on every node that differs. Topology other than the node's is left out, which only makes more placements possible. */
function exhausted(world: World): readonly string[] {
  const asks = [...world.asks.values()].filter((ask) => !ask.daemon);
  const pods = asks.flatMap((ask) => Array.from({ length: ask.pods }, () => ask));
  pods.sort((a, b) => compareAmounts(b, a));
  const left = world.nodes.map((node) => new Map(world.free.get(node.name)));
  const on: Ask[][] = world.nodes.map(() => []);
  let steps = 0;
  const visit = (index: number, from: number): 'placed' | 'none' | 'budget' => {
    if (++steps > searchSteps) return 'budget';
    const ask = pods[index];
    if (ask === undefined) return 'placed';
    const tried = new Set<string>();
    // Pods of one template are alike: each goes to the same node as the one before it, or to a later one.
    for (let n = pods[index - 1] === ask ? from : 0; n < world.nodes.length; n++) {
      const node = world.nodes[n] as NodeFacts;
      const amounts = left[n] as Map<string, bigint>;
      const inside = on[n] as Ask[];
      if (!admits(ask.pod, node) || wants(ask.pod).some(([name, amount]) => amount > room(amounts, name))) continue;
      if (
        inside.some((other) =>
          other === ask ? excludesItself(ask, 'kubernetes.io/hostname') : excludeEachOther(other, ask),
        )
      )
        continue;
      const looks = JSON.stringify([
        [...amounts].map(([name, amount]) => `${name}=${amount}`),
        inside.map((each) => each.key),
        asks.map((each) => admits(each.pod, node)),
      ]);
      const later = pods[index + 1] === ask ? `${looks}` : looks;
      if (tried.has(later)) continue;
      tried.add(later);
      for (const [name, amount] of wants(ask.pod)) amounts.set(name, room(amounts, name) - amount);
      inside.push(ask);
      const found = visit(index + 1, n);
      inside.pop();
      for (const [name, amount] of wants(ask.pod)) amounts.set(name, room(amounts, name) + amount);
      if (found !== 'none') return found;
    }
    return 'none';
  };
  const result = visit(0, 0);
  if (result === 'none') return [];
  return [result === 'placed' ? 'all Pods can be placed' : 'the search is too large to be repeated'];
}

function compareAmounts(a: Ask, b: Ask): number {
  const size = (ask: Ask) =>
    wants(ask.pod).reduce(
      (sum, [name, amount]) => sum + (name === 'cpu' || name === 'memory' || name === 'pods' ? 0n : amount),
      0n,
    );
  const difference = size(a) - size(b);
  return difference > 0n ? 1 : difference < 0n ? -1 : a.key < b.key ? 1 : -1;
}
