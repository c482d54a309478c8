/**
 * The edit distance of two words (insertion, deletion, replacement, swap of neighbours: optimal string alignment), or
 * `limit + 1` as soon as it is known to be above the limit.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(replaced, previous[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, older[j - 2]! + 1);
      row.push(cost);
      best = Math.min(best, cost);
    }
    if (best > limit) return limit + 1;
    older = previous;
    previous = row;
  }
  return previous[b.length]!;
}

const longest = 64;

/**
 * The candidates that someone who wrote `word` may have meant, the nearest alone (at most three that are
 * equally near): the same but for case and separators, or within a third of its length in edits (at most three edits);
 * where there is none, names that start with the word.
 */
export function closest(word: string, candidates: Iterable<string>): string[] {
  if (word === '' || word.length > longest) return [];
  const bare = plain(word);
  const limit = Math.min(3, Math.max(1, Math.floor(word.length / 3)));
  const near: { readonly name: string; readonly distance: number }[] = [];
  for (const name of candidates) {
    if (name.length > longest || name === word) continue;
    const distance = plain(name) === bare ? 0 : editDistance(word.toLowerCase(), name.toLowerCase(), limit);
    if (distance <= limit) near.push({ name, distance });
  }
  near.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  if (near.length === 0) return bare.length < 2 ? [] : longer(word, bare, candidates);
  return near
    .filter(({ distance }) => distance === near[0]!.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Names that go on where the word ends: `h100` for `h100-80gb`. */
function longer(word: string, bare: string, candidates: Iterable<string>): string[] {
  const found: string[] = [];
  for (const name of candidates) {
    if (name !== word && name.length <= longest && plain(name).startsWith(bare)) found.push(name);
  }
  return found.sort().slice(0, 3);
}

/** `Did you mean "a"?`, `Did you mean "a" or "b"?`, or undefined where nothing is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const near = closest(word, candidates);
  return near.length === 0 ? undefined : `Did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`;
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, '');
}
