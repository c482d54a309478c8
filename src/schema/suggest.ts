/** Optimal string alignment distance (insertions, deletions, substitutions, neighbours swapped), at most `limit` + 1. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, beforeLast[j - 2]! + 1);
      row.push(best);
      least = Math.min(least, best);
    }
    if (least > limit) return limit + 1;
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}

/** The known word nearest to what was written, where one is near enough to be meant. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const limit = word.length <= 3 ? 1 : word.length <= 8 ? 2 : 3;
  const folded = fold(word);
  let best: string | undefined;
  let distance = limit + 1;
  for (const candidate of known) {
    if (candidate === word) continue;
    // `ReadinessProbe`, `readiness_probe` and `readiness-probe` are `readinessProbe`, however far apart the letters are.
    if (fold(candidate) === folded) return candidate;
    const found = editDistance(word.toLowerCase(), candidate.toLowerCase(), distance - 1);
    if (found < distance) [best, distance] = [candidate, found];
  }
  return best;
}

function fold(word: string): string {
  return word.toLowerCase().replaceAll(/[-_.]/g, '');
}
