import { isNull, type Node, OddScalar } from './node.js';

/** Orders strings as Go does: by their bytes in UTF-8. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // A surrogate stands for a code point above all others of one unit.
    const high = (code: number) => (code >= 0xd800 && code <= 0xdfff ? code + 0x10000 : code);
    return high(x) - high(y);
  }
  return a.length - b.length;
}

const escapes = new Map<string, string>([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\b', '\\b'],
  ['\f', '\\f'],
]);

/** A string in Go's JSON: `<`, `>`, `&` and the line separators are escaped too. */
export function goJsonString(text: string): string {
  const escaped = text.replace(/[\u0000-\u001f"\\<>&\u2028\u2029]/g, (char) => {
    return escapes.get(char) ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}

/** A value as Go's `encoding/json` writes it: keys sorted by bytes, no white space. */
export function goJson(node: Node): string {
  if (isNull(node)) return 'null';
  if (typeof node === 'string') return goJsonString(node);
  if (node instanceof OddScalar) {
    const { value } = node;
    return typeof value === 'string'
      ? goJsonString(value)
      : typeof value === 'number'
        ? numberJson(value)
        : String(value);
  }
  if (typeof node === 'number') return numberJson(node);
  if (typeof node === 'boolean') return String(node);
  if (Array.isArray(node)) return `[${node.map(goJson).join(',')}]`;
  const map = node as { [key: string]: Node };
  const keys = Object.keys(map).sort(compareBytes);
  return `{${keys.map((key) => `${goJsonString(key)}:${goJson(map[key] as Node)}`).join(',')}}`;
}

// Go writes floats below 1e-6 and from 1e21 with an exponent, the rest in full; so does JavaScript, but for the padding.
function numberJson(value: number): string {
  return String(value).replace(/e([-+])(\d)$/, 'e$10$2');
}
