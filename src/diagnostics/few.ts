/** The first of many names, and how many more there are: `a, b, c and 23 more`. */
export function firstFew(names: readonly string[], shown = 3): string {
  // One more name is no longer than the words that would stand for it.
  if (names.length <= shown + 1) return names.join(', ');
  return `${names.slice(0, shown).join(', ')} and ${names.length - shown} more`;
}
