import type { Device } from './facts.js';

/**
 * How many of these devices of one node can be in use at once. Devices that share counters (partitions of one card) exclude each
 * other when the counters run out; those that share none all count. Exact by search within a budget of steps; beyond it an
 * upper bound, by the scarcest counter.
 */
export function mostDevices(devices: readonly Device[]): number {
  const alone = devices.filter(({ consumes }) => Object.keys(consumes).length === 0);
  const groups = new Map<string, Device[]>();
  for (const device of devices) {
    const sets = Object.keys(device.consumes);
    if (sets.length === 0) continue;
    const key = JSON.stringify([device.driver, device.pool, sets.sort()]);
    groups.set(key, [...(groups.get(key) ?? []), device]);
  }
  return alone.length + [...groups.values()].reduce((sum, each) => sum + mostOfGroup(each), 0);
}

const maxSteps = 20_000;

/** Devices that draw from the same sets, by branch and bound over what each takes. */
function mostOfGroup(devices: readonly Device[]): number {
  const left = new Map<string, number>();
  const takes = devices.map(({ consumes, counters }) => {
    const own = new Map<string, number>();
    for (const [set, amounts] of Object.entries(consumes)) {
      for (const [counter, amount] of Object.entries(amounts)) {
        if (amount <= 0) continue;
        own.set(`${set}/${counter}`, amount);
        left.set(`${set}/${counter}`, counters[set]?.[counter] ?? 0);
      }
    }
    return own;
  });
  const bound = upperBound(takes, left);
  takes.sort((a, b) => weight(a, left) - weight(b, left));
  let best = 0;
  let steps = 0;
  const visit = (index: number, chosen: number): void => {
    best = Math.max(best, chosen);
    steps += 1;
    if (steps > maxSteps || best >= bound || chosen + takes.length - index <= best) return;
    const next = takes[index];
    if (next === undefined) return;
    if ([...next].every(([counter, amount]) => (left.get(counter) ?? 0) >= amount)) {
      for (const [counter, amount] of next) left.set(counter, (left.get(counter) ?? 0) - amount);
      visit(index + 1, chosen + 1);
      for (const [counter, amount] of next) left.set(counter, (left.get(counter) ?? 0) + amount);
    }
    visit(index + 1, chosen);
  };
  visit(0, 0);
  return steps > maxSteps ? bound : best;
}

function weight(take: ReadonlyMap<string, number>, left: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [counter, amount] of take) sum += amount / Math.max(1, left.get(counter) ?? 0);
  return sum;
}

/** No counter can hold more than the smallest takers of it fill. */
function upperBound(takes: readonly ReadonlyMap<string, number>[], left: ReadonlyMap<string, number>): number {
  let bound = takes.length;
  for (const [counter, amount] of left) {
    const sizes = takes.map((take) => take.get(counter) ?? 0).sort((a, b) => a - b);
    let used = 0;
    const count = sizes.findIndex((size) => {
      used += size;
      return used > amount;
    });
    if (count >= 0) bound = Math.min(bound, count);
  }
  return bound;
}
