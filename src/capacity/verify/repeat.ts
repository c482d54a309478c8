import type { NodeFacts } from '../facts.js';
import { exclusiveErrors, topologyErrors } from './topology.js';
import { type Ask, excludeEachOther, excludesItself, mayStand, room, type World, wants } from './world.js';

const searchSteps = 300_000;

/**
 * Repeats a search in full: every Pod in turn on every node that differs. Rules between Pods of other nodes are asked of
 * complete arrangements. Gives up on what is too large for that.
 */
export function exhausted(world: World): readonly string[] {
  const asks = [...world.asks.values()].filter((ask) => !ask.daemon);
  const pods = asks.flatMap((ask) => Array.from({ length: Math.min(ask.pods, searchSteps) }, () => ask));
  pods.sort(compareAmounts);
  const between =
    asks.some(({ pod }) => pod.affinity.length + pod.antiAffinity.length + pod.spread.length > 0) ||
    world.workloads.some((each) => each.exclusiveTopology !== undefined);
  const state = new Arrangement(world, asks, between);
  let steps = 0;
  const visit = (index: number, from: number): 'placed' | 'none' | 'budget' => {
    if (++steps > searchSteps) return 'budget';
    const ask = pods[index];
    if (ask === undefined) return state.keepsTopology() ? 'placed' : 'none';
    const tried = new Set<string>();
    // Pods of one template are alike: each goes to the same node as the one before it, or to a later one.
    for (let n = pods[index - 1] === ask ? from : 0; n < world.nodes.length; n++) {
      if (!state.takes(ask, n)) continue;
      const looks = state.looks(n);
      if (tried.has(looks)) continue;
      tried.add(looks);
      state.put(ask, n, 1);
      const found = visit(index + 1, n);
      state.put(ask, n, -1);
      if (found !== 'none') return found;
    }
    return 'none';
  };
  const result = visit(0, 0);
  if (result === 'none') return [];
  return [result === 'placed' ? 'all Pods can be placed' : 'the search is too large to be repeated'];
}

class Arrangement {
  private readonly left: Map<string, bigint>[];
  private readonly counts = new Map<string, Map<string, number>>();
  private readonly inside: Map<Ask, number>[];
  private readonly kinds: readonly string[];

  constructor(
    private readonly world: World,
    asks: readonly Ask[],
    private readonly between: boolean,
  ) {
    this.left = world.nodes.map((node) => new Map(world.free.get(node.name)));
    this.inside = world.nodes.map(() => new Map());
    // With rules between nodes no node is like another; without, those are that take the same Pods.
    this.kinds = world.nodes.map((node) =>
      between ? node.name : asks.map((ask) => (mayStand(world, ask, node) ? '1' : '0')).join(''),
    );
  }

  takes(ask: Ask, n: number): boolean {
    const node = this.world.nodes[n] as NodeFacts;
    const left = this.left[n] as Map<string, bigint>;
    if (!mayStand(this.world, ask, node) || wants(ask.pod).some(([name, amount]) => amount > room(left, name)))
      return false;
    for (const [other, count] of this.inside[n] as Map<Ask, number>) {
      if (count === 0) continue;
      if (other === ask ? excludesItself(ask, 'kubernetes.io/hostname') : excludeEachOther(other, ask)) return false;
    }
    return true;
  }

  looks(n: number): string {
    const inside = [...(this.inside[n] as Map<Ask, number>)]
      .filter(([, count]) => count > 0)
      .map(([ask, count]) => `${ask.key}x${count}`);
    return `${this.kinds[n]} ${[...(this.left[n] as Map<string, bigint>)].join(' ')} ${inside.sort().join(' ')}`;
  }

  put(ask: Ask, n: number, pods: number): void {
    const left = this.left[n] as Map<string, bigint>;
    const inside = this.inside[n] as Map<Ask, number>;
    const name = (this.world.nodes[n] as NodeFacts).name;
    for (const [resource, amount] of wants(ask.pod)) left.set(resource, room(left, resource) - amount * BigInt(pods));
    inside.set(ask, (inside.get(ask) ?? 0) + pods);
    const here = this.counts.get(ask.key) ?? new Map<string, number>();
    this.counts.set(ask.key, here.set(name, (here.get(name) ?? 0) + pods));
  }

  keepsTopology(): boolean {
    if (!this.between) return true;
    const placed = new Map(
      [...this.counts].map(([key, nodes]) => [key, new Map([...nodes].filter(([, pods]) => pods > 0))]),
    );
    return topologyErrors(this.world, placed, true).length + exclusiveErrors(this.world, placed).length === 0;
  }
}

/** Large Pods first, by what they take of devices. */
function compareAmounts(a: Ask, b: Ask): number {
  const size = (ask: Ask) =>
    wants(ask.pod).reduce((sum, [name, amount]) => sum + (name.includes('/') ? amount : 0n), 0n);
  const difference = size(b) - size(a);
  if (difference !== 0n) return difference > 0n ? 1 : -1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
