// The real kubectl says many things in another order each time: here they get one, so that a new run changes what is new.

/** Items in the order of their text. */
export function byText<T>(items: readonly T[]): T[] {
  const text = (item: T) => JSON.stringify(item);
  return [...items].sort((a, b) => (text(a) < text(b) ? -1 : 1));
}

/** The entries of maps in the order of their names, all the way down; lists stay. */
export function byName(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, item]) => [name, byName(item)]));
}
