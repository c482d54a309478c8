import { redactSecrets } from './secrets.js';

// Bidirectional controls, zero-width and other invisible characters (Unicode TR36/TR39; "Trojan Source", CVE-2021-42574).
const invisible =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00a0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** `U+202E` for a code point. */
export function codePoint(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The text with every invisible or direction-changing character spelled out, so that a report cannot mislead. */
export function escapeInvisible(text: string): string {
  return text.replace(invisible, (char) => `\\u{${char.charCodeAt(0).toString(16).toUpperCase()}}`);
}

/** Text that came from outside, on one line, for a message: escaped, secrets removed, cut to `limit` characters. */
export function shown(text: string, limit = 60): string {
  const cut = text.length > limit * 8 ? text.slice(0, limit * 8) : text;
  const safe = escapeInvisible(redactSecrets(cut)).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return safe.length > limit || cut.length < text.length ? `${safe.slice(0, limit)}…` : safe;
}

/** A value for a message: `the string "two"`, `the number 8`, `a list`. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return `the string "${shown(value)}"`;
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`;
  if (typeof value === 'boolean') return `the boolean ${value}`;
  return Array.isArray(value) ? 'a list' : 'a mapping';
}
