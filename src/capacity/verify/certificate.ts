import type { NodeFacts, WorkloadDemand } from '../facts.js';
import type { Certificate, NodeBound, Scenario } from '../verdict.js';
import { tooFewDomains } from './domains.js';
import { bestOnNode, type Priced } from './one-node.js';
import { exhausted } from './repeat.js';
import {
  type Ask,
  copies,
  excludeEachOther,
  excludesItself,
  fits,
  room,
  takesDaemon,
  type World,
  wants,
  worldOf,
} from './world.js';

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
      return tooFewDomains(world, certificate);
    case 'exhausted':
      return exhausted(world);
    case 'quota':
      return certificate.asked > certificate.allowed ? [] : ['the quota allows what is asked'];
  }
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
  const byName = new Map(world.nodes.map((node) => [node.name, node]));
  const seen = new Set<string>();
  const known = new Map<string, bigint | undefined>();
  for (const bound of bounds) {
    for (const name of bound.nodes) {
      if (!byName.has(name) || seen.has(name)) return [`${name} is bounded twice, or not there`];
      seen.add(name);
    }
  }
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
