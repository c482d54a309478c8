import { editDistance } from '../diagnostics/closest.js';

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
