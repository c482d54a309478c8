const gib = 1024 ** 3;

/** A Kubernetes quantity for milli-cores: `4` or `500m`. */
export function showCpu(milli: number): string {
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}

/** A Kubernetes quantity for bytes, in the largest unit that is exact. */
export function showMemory(bytes: number): string {
  for (const [unit, size] of [
    ['Gi', gib],
    ['Mi', 1024 ** 2],
    ['Ki', 1024],
    ['G', 1e9],
    ['M', 1e6],
  ] as const) {
    if (bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return String(bytes);
}
