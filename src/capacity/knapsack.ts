import type { Budget } from './pack.js';
import type { Problem } from './problem.js';

/** A set of Pods for one node: copies by group. */
export type Pattern = Readonly<Record<number, number>>;

export interface BestPattern {
  readonly pattern: Pattern;
  readonly value: number;
  /** False where the search was cut short: a better pattern may exist. */
  readonly proved: boolean;
}

interface Item {
  readonly group: number;
  readonly price: number;
  readonly need: Float64Array;
  readonly most: number;
}

/**
 * The best-paid set of Pods that one empty node of a class holds: depth-first, bounded by a table over the scarcest
 * countable resource (GPUs) and by the best rate per unit of every other one. `floor` is what must be beaten.
 */
export function bestPattern(
  problem: Problem,
  nodeClass: number,
  prices: ArrayLike<number>,
  floor: number,
  budget: Budget,
  steps = 60_000,
): BestPattern {
  const free = problem.classes[nodeClass]?.free as Float64Array;
  const items = itemsOf(problem, nodeClass, prices);
  const main = scarcest(items, free);
  items.sort((a, b) => density(b, free) - density(a, free) || a.group - b.group);
  const bounds = new Bounds(items, free, main);
  const conflicts = problem.conflicts;
  let best = floor;
  let bestCounts: number[] | undefined;
  const counts = new Array<number>(items.length).fill(0);
  let left = steps;
  const room = Float64Array.from(free);
  const visit = (index: number, value: number): void => {
    if (left-- <= 0) return;
    if (value > best + 1e-9) {
      best = value;
      bestCounts = counts.slice(0, index);
    }
    const item = items[index];
    if (item === undefined || value + bounds.above(index, room) <= best + 1e-9) return;
    let most = item.most;
    for (let r = 0; r < room.length; r++) {
      const need = item.need[r] as number;
      if (need > 0) most = Math.min(most, Math.floor((room[r] as number) / need));
    }
    if (most > 0 && conflicts[item.group]?.length !== 0) {
      for (let i = 0; i < index; i++)
        if ((counts[i] as number) > 0 && conflicts[item.group]?.includes((items[i] as Item).group)) most = 0;
    }
    for (let count = most; count >= 0; count--) {
      counts[index] = count;
      if (count > 0)
        for (let r = 0; r < room.length; r++) room[r] = (room[r] as number) - (item.need[r] as number) * count;
      visit(index + 1, value + item.price * count);
      if (count > 0)
        for (let r = 0; r < room.length; r++) room[r] = (room[r] as number) + (item.need[r] as number) * count;
      counts[index] = 0;
    }
  };
  visit(0, 0);
  budget.left -= steps - Math.max(0, left);
  const pattern: Record<number, number> = {};
  bestCounts?.forEach((count, index) => {
    if (count > 0) pattern[(items[index] as Item).group] = count;
  });
  return { pattern, value: best, proved: left > 0 };
}

/** Items worth something; among groups of one shape without further rules only as many as can stand there matter. */
function itemsOf(problem: Problem, nodeClass: number, prices: ArrayLike<number>): Item[] {
  return problem.groups.flatMap((group) => {
    const price = prices[group.index] ?? 0;
    const most = problem.capacity[group.index]?.[nodeClass] ?? 0;
    return price > 1e-9 && most > 0 ? [{ group: group.index, price, need: group.need, most }] : [];
  });
}

/** A resource of at most 64 pieces on the node, of which the items need most: GPUs, as a rule. */
function scarcest(items: readonly Item[], free: Float64Array): number {
  let main = -1;
  let most = 0;
  for (let r = 0; r < free.length; r++) {
    const pieces = free[r] as number;
    if (pieces < 1 || pieces > 64) continue;
    const wanted = items.reduce((sum, item) => sum + (item.need[r] as number) / pieces, 0);
    if (wanted > most) {
      most = wanted;
      main = r;
    }
  }
  return main;
}

function density(item: Item, free: Float64Array): number {
  let size = 1e-6;
  for (let r = 0; r < free.length; r++)
    if ((free[r] as number) > 0) size = Math.max(size, (item.need[r] as number) / (free[r] as number));
  return item.price / size;
}

/** Upper bounds on what the items from an index on can add, given what is left of a node. */
class Bounds {
  /** By index: best value of the items from there on for every amount of the main resource. */
  private readonly table: Float64Array[] = [];
  /** By index and resource: the best price per unit; infinite where an item needs none of it. */
  private readonly rates: Float64Array[] = [];

  constructor(
    private readonly items: readonly Item[],
    free: Float64Array,
    private readonly main: number,
  ) {
    const width = main < 0 ? 0 : (free[main] as number) + 1;
    let later = new Float64Array(width);
    let rate = new Float64Array(free.length);
    this.table[items.length] = later;
    this.rates[items.length] = rate;
    for (let index = items.length - 1; index >= 0; index--) {
      const item = items[index] as Item;
      const next = Float64Array.from(later);
      if (main >= 0) {
        const need = item.need[main] as number;
        for (let amount = 0; amount < width; amount++) {
          if (need === 0) next[amount] = (later[amount] as number) + item.price * item.most;
          else
            for (let count = 1; count <= item.most && count * need <= amount; count++)
              next[amount] = Math.max(
                next[amount] as number,
                (later[amount - count * need] as number) + item.price * count,
              );
        }
      }
      rate = rate.map((best, r) =>
        (item.need[r] as number) > 0 ? Math.max(best, item.price / (item.need[r] as number)) : Number.POSITIVE_INFINITY,
      );
      this.table[index] = next;
      this.rates[index] = rate;
      later = next;
    }
  }

  above(index: number, room: Float64Array): number {
    let least =
      this.main < 0
        ? Number.POSITIVE_INFINITY
        : ((this.table[index] as Float64Array)[room[this.main] as number] as number);
    const rates = this.rates[index] as Float64Array;
    for (let r = 0; r < room.length; r++) {
      const value = (rates[r] as number) * (room[r] as number);
      if (value < least) least = value;
    }
    return least === Number.POSITIVE_INFINITY
      ? this.items.slice(index).reduce((sum, item) => sum + item.price * item.most, 0)
      : least;
  }
}
