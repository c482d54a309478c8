/** The group of an apiVersion; '' for the core. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** `v1.34.2`, `1.34`, `1.34.0+k3s1`, `v1.34.1-gke.100` → `1.34`; undefined where it is no version. */
export function minorOf(version: string): string | undefined {
  const match = /^v?(\d+)\.(\d+)(?:\.\d+)?(?:[-+].*)?$/.exec(version.trim());
  return match === null ? undefined : `${match[1]}.${match[2]}`;
}

/** Orders minors: negative where `a` is older. */
export function compareMinors(a: string, b: string): number {
  const [majorA, minorA] = numbersOf(a);
  const [majorB, minorB] = numbersOf(b);
  return majorA - majorB || minorA - minorB;
}

const numbers = new Map<string, readonly [major: number, minor: number]>();

/** Few versions are compared, and each of them with every object. */
function numbersOf(version: string): readonly [major: number, minor: number] {
  let known = numbers.get(version);
  if (known === undefined) {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    known = [major, minor];
    if (numbers.size < 1000) numbers.set(version, known);
  }
  return known;
}

/**
 * The minors of `1.34` or `1.33-1.36`, oldest first; undefined where the text is neither or its ends are swapped.
 */
export function minorRange(text: string): readonly string[] | undefined {
  const ends = /^(v?\d+\.\d+)\s*-\s*(v?\d+\.\d+)$/.exec(text.trim());
  if (ends === null) {
    const single = minorOf(text);
    return single === undefined ? undefined : [single];
  }
  const [from, to] = [minorOf(ends[1]!)!, minorOf(ends[2]!)!];
  if (from.split('.')[0] !== to.split('.')[0] || compareMinors(from, to) > 0) return undefined;
  const [major, first] = from.split('.').map(Number) as [number, number];
  const last = Number(to.split('.')[1]);
  return Array.from({ length: last - first + 1 }, (_, i) => `${major}.${first + i}`);
}
