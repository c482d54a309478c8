import type { NodeFacts, WorkloadDemand } from '../facts.js';
import type { Placement, Scenario } from '../verdict.js';
import { exclusiveErrors, topologyErrors } from './topology.js';
import { mayStand, room, takesDaemon, wants, worldOf } from './world.js';

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
    if (!(ask.daemon ? takesDaemon(ask.pod, node) : mayStand(world, ask, node)))
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
    if (total !== expected) wrong.push(`${ask.key}: ${total} of ${expected} Pods are placed`);
  }
  return [...wrong, ...topologyErrors(world, placed), ...exclusiveErrors(world, placed)];
}
