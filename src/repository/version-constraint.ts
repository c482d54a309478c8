/** A semantic version as it is compared: build metadata says nothing. */
interface Version {
  readonly numbers: readonly [bigint, bigint, bigint];
  /** Parts of the pre-release; none for a release. */
  readonly pre: readonly string[];
}

interface Term {
  readonly operator: string;
  readonly version: Version;
  /** How many of major, minor and patch are written: `1.x` and `1` have one, `*` has none. */
  readonly written: number;
}

/** Terms that hold together; one group of several has to. */
type Constraint = readonly (readonly Term[])[];

const space = '[\\t\\n\\f\\r ]';
const loose =
  'v?[0-9xX*]+(?:\\.[0-9xX*]+){0,2}(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?';
const range = new RegExp(`${space}*(${loose})${space}+-${space}+(${loose})${space}*`, 'g');
const term = new RegExp(`${space}*(!=|>=|=>|<=|=<|~>|[=<>~^]?)${space}*(${loose})`, 'y');
const separator = new RegExp(`${space}*,|${space}+`, 'y');
const wild = /^[xX*]$/;
/** No one writes a longer one, and the time to read it stays bounded. */
const longest = 256;

/**
 * Whether Argo CD takes a revision for a constraint over tags: it can be read as one and is no version itself (util/versions/tags.go,
 * IsConstraint; grammar: Masterminds/semver v3.4.0). Names such as `x` or `1.x` are constraints too.
 */
export function isConstraint(revision: string): boolean {
  return versionOf(revision) === undefined && constraintOf(revision) !== undefined;
}

/**
 * The highest of the tags that satisfy a constraint, the first of equal ones; undefined where none does (util/versions/tags.go, MaxVersion).
 * Tags that are no versions are passed over, and so are pre-releases, unless a term of the group names one.
 */
export function highestTag(revision: string, tags: readonly string[]): string | undefined {
  const constraint = constraintOf(revision);
  let highest: { readonly tag: string; readonly version: Version } | undefined;
  for (const tag of constraint === undefined ? [] : tags) {
    const version = versionOf(tag);
    if (version === undefined || !constraint?.some((group) => satisfies(version, group))) continue;
    if (highest === undefined || compare(version, highest.version) > 0) highest = { tag, version };
  }
  return highest?.tag;
}

function constraintOf(text: string): Constraint | undefined {
  if (text.length > longest) return undefined;
  const groups = text.replace(range, '>= $1, <= $2 ').split('||').map(groupOf);
  return groups.every((group) => group !== undefined) ? groups : undefined;
}

function groupOf(text: string): readonly Term[] | undefined {
  const terms: Term[] = [];
  for (let at = 0; ; ) {
    term.lastIndex = at;
    const match = term.exec(text);
    const read = match === null ? undefined : termOf(match[1] ?? '', match[2] ?? '');
    if (read === undefined) return undefined;
    terms.push(read);
    at = term.lastIndex;
    if (text.slice(at).trim() === '') return terms;
    separator.lastIndex = at;
    if (!separator.test(text)) return undefined;
    at = separator.lastIndex;
  }
}

function termOf(operator: string, text: string): Term | undefined {
  const [, numbers = '', pre = ''] = /^v?([0-9xX*.]+)(-[^+]*)?/.exec(text) ?? [];
  const parts = numbers.split('.');
  const first = parts.findIndex((part) => wild.test(part));
  const written = first < 0 ? parts.length : first;
  const version = versionOf([0, 1, 2].map((index) => (index < written ? parts[index] : '0')).join('.') + pre);
  return version === undefined ? undefined : { operator, version, written };
}

/** A version, of which minor and patch may be missing, and which may start with zeros, as in 2024.03 (NewVersion, CoerceNewVersion). */
function versionOf(text: string): Version | undefined {
  const number = '([0-9]+)';
  const match = new RegExp(
    `^v?${number}(?:\\.${number})?(?:\\.${number})?(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`,
  ).exec(text);
  if (match === null) return undefined;
  const [, major = '0', minor = '0', patch = '0', suffix] = match;
  const pre = suffix?.split('.') ?? [];
  if (pre.some((part) => /^0[0-9]+$/.test(part))) return undefined;
  return { numbers: [BigInt(major), BigInt(minor), BigInt(patch)], pre };
}

function satisfies(version: Version, group: readonly Term[]): boolean {
  if (version.pre.length > 0 && !group.some((each) => each.version.pre.length > 0)) return false;
  return group.every((each) => holds(version, each));
}

function holds(version: Version, { operator, version: wanted, written }: Term): boolean {
  const order = compare(version, wanted);
  const isPart = written < 3;
  switch (operator) {
    case '!=':
      return isPart ? differs(version, wanted, written) : order !== 0;
    case '>':
      return isPart && written > 0 ? comparePrefix(version, wanted, written) > 0 : order > 0;
    case '<':
      return order < 0;
    case '>=':
    case '=>':
      return order >= 0;
    case '<=':
    case '=<':
      // Of `*` the library keeps 0.0: nothing above 0.0 is at most that.
      return isPart ? comparePrefix(version, wanted, written === 0 ? 2 : written) <= 0 : order <= 0;
    case '^':
      return order >= 0 && isWithinCaret(version, wanted, written);
    case '~':
    case '~>':
      return order >= 0 && isWithinTilde(version, wanted, written);
    default:
      return isPart ? order >= 0 && isWithinTilde(version, wanted, written) : order === 0;
  }
}

function differs(version: Version, wanted: Version, written: number): boolean {
  if (written === 0) return compare(version, wanted) !== 0;
  if (comparePrefix(version, wanted, written) !== 0) return true;
  return written === 2 && comparePre(version.pre, wanted.pre) !== 0;
}

function isWithinTilde(version: Version, wanted: Version, written: number): boolean {
  const isZero = wanted.numbers.every((each) => each === 0n);
  // ~0.0.0 is any version at all, and so is *.
  if (isZero && (written === 3 || written === 0)) return true;
  return comparePrefix(version, wanted, written === 1 ? 1 : 2) === 0;
}

function isWithinCaret(version: Version, wanted: Version, written: number): boolean {
  const [major, minor] = wanted.numbers;
  if (major > 0n || written === 1) return comparePrefix(version, wanted, 1) === 0;
  if (minor > 0n || written === 2) return comparePrefix(version, wanted, 2) === 0;
  // The part that is not zero stays as it is, which for ^* leaves 0.0.0 alone.
  return comparePrefix(version, wanted, 3) === 0;
}

function comparePrefix(a: Version, b: Version, length: number): number {
  for (let index = 0; index < length; index += 1) {
    const [left = 0n, right = 0n] = [a.numbers[index], b.numbers[index]];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

function compare(a: Version, b: Version): number {
  return comparePrefix(a, b, 3) || comparePre(a.pre, b.pre);
}

/** A release comes after its pre-releases; numbers compare as numbers and come before words. */
function comparePre(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return Math.sign(b.length - a.length);
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [left, right] = [a[index], b[index]];
    if (left === right) continue;
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    const [isLeft, isRight] = [/^[0-9]+$/.test(left), /^[0-9]+$/.test(right)];
    if (isLeft !== isRight) return isLeft ? -1 : 1;
    return (isLeft ? BigInt(left) < BigInt(right) : left < right) ? -1 : 1;
  }
  return 0;
}
