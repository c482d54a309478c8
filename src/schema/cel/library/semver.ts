/** A semantic version, as `github.com/blang/semver/v4` reads it; the build part counts for nothing. */
export interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly pre: readonly string[];
}

const identifiers = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const whole = '(0|[1-9]\\d{0,19})';
const form = new RegExp(`^${whole}\\.${whole}\\.${whole}(?:-(${identifiers}))?(?:\\+${identifiers})?$`);
const largest = 2n ** 64n - 1n;

/** Reads a version; with `normalize`, a leading `v`, leading zeros and a missing minor or patch are mended first. */
export function parseVersion(text: string, normalize = false): Version | undefined {
  const plain = normalize ? normalized(text) : text;
  const parts = plain === undefined ? null : form.exec(plain);
  if (parts === null) return undefined;
  const pre = parts[4]?.split('.') ?? [];
  if (pre.some((part) => /^0\d+$/.test(part))) return undefined;
  const [major, minor, patch] = [BigInt(parts[1]!), BigInt(parts[2]!), BigInt(parts[3]!)];
  return [major, minor, patch].some((part) => part > largest) ? undefined : { major, minor, patch, pre };
}

function normalized(text: string): string | undefined {
  const [first = '', second, ...rest] = text.replace(/^v/, '').split('.');
  const parts = [first, ...(second === undefined ? [] : [second]), ...(rest.length > 0 ? [rest.join('.')] : [])].map(
    (part) => {
      if (part.length <= 1) return part;
      const bare = part.replace(/^0+/, '');
      return /^\d/.test(bare) ? bare : `0${bare}`;
    },
  );
  if (parts.length < 3 && /[+-]/.test(parts.at(-1)!)) return undefined;
  while (parts.length < 3) parts.push('0');
  return parts.join('.');
}

/** Precedence (https://semver.org, 11): -1, 0 or 1. */
export function compareVersions(a: Version, b: Version): number {
  for (const part of ['major', 'minor', 'patch'] as const) if (a[part] !== b[part]) return a[part] < b[part] ? -1 : 1;
  if (a.pre.length === 0 || b.pre.length === 0) return Math.sign(b.pre.length - a.pre.length);
  for (let i = 0; i < Math.max(a.pre.length, b.pre.length); i += 1) {
    const [left, right] = [a.pre[i], b.pre[i]];
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    if (left !== right) return comparePre(left, right);
  }
  return 0;
}

function comparePre(a: string, b: string): number {
  const [left, right] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (left !== right) return left ? -1 : 1;
  if (left) return BigInt(a) < BigInt(b) ? -1 : 1;
  return a < b ? -1 : 1;
}
