/**
 * Durations as the API server reads them: Go's `time.ParseDuration` (https://pkg.go.dev/time#ParseDuration), and for the
 * format `duration` of a CRD also the words that `k8s.io/kube-openapi/pkg/validation/strfmt` takes (`3 days`, `2 wk`).
 */
const go = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+|0)$/;
const nanoseconds: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
};

/** The nanoseconds of a Go duration such as `1h30m`; undefined where it is none. */
export function goDuration(text: string): bigint | undefined {
  const match = go.exec(text);
  if (match === null) return undefined;
  let sum = 0n;
  for (const [, digits, unit] of match[2]!.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    const [whole = '', fraction = ''] = digits!.split('.');
    const size = nanoseconds[unit!]!;
    sum += BigInt(whole || '0') * size + (BigInt(fraction || '0') * size) / 10n ** BigInt(fraction.length);
  }
  return match[1] === '-' ? -sum : sum;
}

/** Names of units; the last of each also as the beginning of a longer word (`seconds`). */
const words: readonly (readonly [unit: string, names: readonly string[]])[] = [
  ['ns', ['ns', 'nano']],
  ['us', ['us', 'µs', 'micro']],
  ['ms', ['ms', 'milli']],
  ['s', ['s', 'sec']],
  ['m', ['m', 'min']],
  ['h', ['h', 'hr', 'hour']],
  ['d', ['d', 'day']],
  ['w', ['w', 'wk', 'week']],
];

/** The nanoseconds of a text of the format `duration`; undefined where it is none. */
export function formatDuration(text: string): bigint | undefined {
  const plain = goDuration(text);
  if (plain !== undefined) return plain;
  let sum: bigint | undefined;
  for (const [, count, word] of text.matchAll(/(\d+)\s*([A-Za-zµ]+)/g)) {
    const name = word!.toLowerCase();
    for (const [unit, names] of words) {
      const known = names.includes(name) || name.startsWith(names.at(-1)!);
      if (known) sum = (sum ?? 0n) + BigInt(count!) * nanoseconds[unit]!;
    }
  }
  return sum;
}
