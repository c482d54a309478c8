import type { Place } from '../diagnostics/diagnostic.js';
import { nodeOf } from './range.js';
import type { YamlNode } from './tree.js';

/** The text of a scalar with the offset, in the file, of what each of its characters is written as. */
interface Written {
  text: string;
  readonly offsets: number[];
}

/**
 * The exact place of a part of a text value: `from` and `length` count in the value as it is read, the offset and length that come out in the
 * file. Undefined where the scalar at the place does not say this value (it was changed on the way) or cannot be followed sign by sign.
 */
export function partOf(
  text: string,
  place: Place,
  value: string,
  from: number,
  length: number,
): { readonly offset: number; readonly length: number } | undefined {
  if (length < 1 || from < 0) return undefined;
  const node = nodeOf(text, place);
  const written = node === undefined ? undefined : writtenBy(node);
  // The line breaks at the end are a matter of the indicator, and nobody points at them.
  if (written === undefined || trimmed(written.text) !== trimmed(value)) return undefined;
  const [start, last] = [written.offsets[from], written.offsets[from + length - 1]];
  return start === undefined || last === undefined ? undefined : { offset: start, length: last - start + 1 };
}

function trimmed(text: string): string {
  return text.replace(/\n+$/, '');
}

function writtenBy({ token, start }: YamlNode): Written | undefined {
  switch (token?.type) {
    case 'block-scalar': {
      const head = token.props.reduce((sum, prop) => sum + ('source' in prop ? prop.source.length : 0), 0);
      const header = token.props.find(({ type }) => type === 'block-scalar-header');
      if (header === undefined || !('source' in header)) return undefined;
      return ofBlock(token.source, token.offset + head, header.source, token.indent);
    }
    case 'scalar':
      return ofFlow(token.source, start, '');
    case 'single-quoted-scalar':
      return ofFlow(token.source.slice(1, -1), start + 1, "'");
    case 'double-quoted-scalar':
      return ofFlow(token.source.slice(1, -1), start + 1, '"');
    default:
      return undefined;
  }
}

interface Line {
  readonly text: string;
  readonly start: number;
}

function linesOf(source: string, at: number): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const text of source.split('\n')) {
    lines.push({ text: text.endsWith('\r') ? text.slice(0, -1) : text, start: at + start });
    start += text.length + 1;
  }
  return lines;
}

/** YAML 1.2.2, section 8.1: literal and folded blocks. */
function ofBlock(source: string, at: number, header: string, parentIndent: number): Written {
  const out: Written = { text: '', offsets: [] };
  const lines = linesOf(source, at);
  const first = lines.findIndex(({ text }) => /[^ ]/.test(text));
  if (first < 0) return out;
  const asked = /[1-9]/.exec(header)?.[0];
  const indent =
    asked === undefined ? (lines[first] as Line).text.search(/[^ ]/) : Math.max(parentIndent, 0) + Number(asked);
  const isFolded = header.startsWith('>');
  // What stands between two lines of a folded block depends on both of them.
  let between = '';
  let before: 'none' | 'text' | 'more' = 'none';
  for (const [index, { text, start }] of lines.entries()) {
    const content = text.slice(indent);
    const end = lines[index - 1] === undefined ? start : start - 1;
    const isEmpty = content === '' && text.trim() === '';
    if (!isFolded) {
      if (index > 0) put(out, '\n', end);
      putAll(out, content, start + indent);
    } else if (isEmpty) {
      if (before === 'none') put(out, '\n', start);
      else between += '\n';
    } else {
      const more = /^[ \t]/.test(content);
      if (before !== 'none') {
        const folds = before === 'text' && !more;
        const breaks = folds ? between || ' ' : `${between}\n`;
        for (const sign of breaks) put(out, sign, end);
      }
      putAll(out, content, start + indent);
      between = '';
      before = more ? 'more' : 'text';
    }
  }
  return out;
}

/** Section 7.3: plain and quoted scalars, whose line breaks fold. */
function ofFlow(source: string, at: number, quote: '' | "'" | '"'): Written | undefined {
  const out: Written = { text: '', offsets: [] };
  for (let i = 0; i < source.length; ) {
    const rest = source.slice(i, i + 10);
    if (quote === "'" && rest.startsWith("''")) {
      put(out, "'", at + i);
      i += 2;
    } else if (quote === '"' && rest.startsWith('\\')) {
      const taken = escaped(source, i, at, out);
      if (taken === 0) return undefined;
      i += taken;
    } else if (/[ \t\r\n]/.test(rest.charAt(0))) {
      i += spaces(source, i, at, out);
    } else {
      put(out, rest.charAt(0), at + i);
      i += 1;
    }
  }
  return out;
}

/** White space: as it is within a line, folded where it holds line breaks. How many signs it took. */
function spaces(source: string, from: number, at: number, out: Written): number {
  let to = from;
  while (to < source.length && /[ \t\r\n]/.test(source.charAt(to))) to += 1;
  const text = source.slice(from, to);
  const breaks = text.split('\n').length - 1;
  if (breaks === 0) putAll(out, text, at + from);
  else for (const sign of breaks === 1 ? ' ' : '\n'.repeat(breaks - 1)) put(out, sign, at + from);
  return to - from;
}

const short: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

/** An escape of a text in double quotes; how many signs it took, 0 where it is none. */
function escaped(source: string, from: number, at: number, out: Written): number {
  const next = source.charAt(from + 1);
  const lineBreak = /^\\\r?\n[ \t]*/.exec(source.slice(from))?.[0];
  if (lineBreak !== undefined) return lineBreak.length;
  const digits = { x: 2, u: 4, U: 8 }[next];
  if (digits !== undefined) {
    const code = Number.parseInt(source.slice(from + 2, from + 2 + digits), 16);
    if (Number.isNaN(code) || code > 0x10ffff) return 0;
    for (const unit of String.fromCodePoint(code).split('')) put(out, unit, at + from);
    return 2 + digits;
  }
  const sign = Object.hasOwn(short, next) ? short[next] : undefined;
  if (sign === undefined) return 0;
  put(out, sign, at + from);
  return 2;
}

function put(out: Written, sign: string, offset: number): void {
  out.text += sign;
  out.offsets.push(offset);
}

function putAll(out: Written, text: string, offset: number): void {
  for (let i = 0; i < text.length; i += 1) out.offsets.push(offset + i);
  out.text += text;
}
