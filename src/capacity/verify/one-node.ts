import type { NodeFacts } from '../facts.js';
import { type Ask, copies, excludeEachOther, room, type World, wants } from './world.js';

export interface Priced {
  readonly ask: Ask;
  readonly price: bigint;
}

const searchSteps = 400_000;

/** The best-paid set of Pods that one node can hold, by search with a bound; undefined where it takes too long. */
export function bestOnNode(world: World, here: readonly Priced[], node: NodeFacts): bigint | undefined {
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
