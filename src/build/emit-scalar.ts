import type { Output } from './output.js';

export type Style = 'plain' | 'single' | 'double' | 'literal';

const bestWidth = 80;
// What is plain at first sight: names, paths, images. A colon with something behind it ends no key.
const safe = /^[A-Za-z][A-Za-z0-9_./-]*(?::[A-Za-z0-9_./@-]+)*$/;
const words = new Set(
  'y Y yes Yes YES true True TRUE on On ON n N no No NO false False FALSE off Off OFF null Null NULL ~ .nan .NaN .NAN .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF'.split(
    ' ',
  ),
);
const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const integer = /^[-+]?(?:0[bB][01]+|0[oO][0-7]+|0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const date =
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::?[0-9]{2})?))?)?$/;

/** Whether go-yaml v2 would read the bare text as something other than a string. */
export function needsQuotes(text: string): boolean {
  const code = text.charCodeAt(0);
  const numeric = (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46;
  if (!numeric) return text === '' || (text.length <= 5 && words.has(text));
  if (text.length <= 5 && words.has(text)) return true;
  if (text.length > 400) return false;
  if (base60.test(text) || date.test(text)) return true;
  const digits = text.replaceAll('_', '');
  return integer.test(digits) || float.test(code === 46 ? text : digits);
}

/** The style that go-yaml v2's encoder and emitter settle on. */
export function chooseStyle(text: string, isKey: boolean): Style {
  if (safe.test(text)) return words.has(text) ? 'double' : 'plain';
  const facts = analyse(text);
  let style: Style = text.includes('\n') ? 'literal' : needsQuotes(text) ? 'double' : 'plain';
  if (style === 'plain' && !facts.plain) style = 'single';
  if (style === 'single' && !facts.single) style = 'double';
  if (style === 'literal' && (!facts.block || isKey)) style = 'double';
  return style;
}

interface Facts {
  plain: boolean;
  single: boolean;
  block: boolean;
}

const startIndicators = new Set([...'#,[]{}&*!|>\'"%@`']);

function analyse(text: string): Facts {
  if (text === '') return { plain: true, single: true, block: false };
  let indicators = text.startsWith('---') || text.startsWith('...');
  let special = false;
  let breaks = false;
  let breakSpace = false;
  let spaceBreak = false;
  let previousSpace = false;
  let previousBreak = false;
  let precededByWhitespace = true;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] as string;
    const code = text.charCodeAt(i);
    const followed = i + 1 >= text.length || isBlank(text.charCodeAt(i + 1));
    if (i === 0) {
      if (startIndicators.has(char) || ((char === '?' || char === ':' || char === '-') && followed)) indicators = true;
    } else if ((char === ':' && followed) || (char === '#' && precededByWhitespace)) indicators = true;
    if (!isPrintable(code)) special = true;
    if (code === 0x20) {
      if (previousBreak) breakSpace = true;
      previousSpace = true;
      previousBreak = false;
    } else if (isBreak(code)) {
      breaks = true;
      if (previousSpace) spaceBreak = true;
      previousSpace = false;
      previousBreak = true;
    } else {
      previousSpace = false;
      previousBreak = false;
    }
    precededByWhitespace = isBlank(code);
  }
  const first = text.charCodeAt(0);
  const last = text.charCodeAt(text.length - 1);
  const edges = first === 0x20 || isBreak(first) || last === 0x20 || isBreak(last);
  const broken = spaceBreak || special;
  return {
    plain: !(edges || breakSpace || broken || breaks || indicators),
    single: !(breakSpace || broken),
    block: !(last === 0x20 || broken),
  };
}

function isBreak(code: number): boolean {
  return code === 0x0a || code === 0x0d || code === 0x85 || code === 0x2028 || code === 0x2029;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || isBreak(code) || code === 0;
}

/** Printable to go-yaml: no tab, nothing above the basic plane. */
function isPrintable(code: number): boolean {
  if (code < 0x7f) return code >= 0x20 || code === 0x0a;
  return code >= 0xa0 && (code < 0xd800 || code > 0xdfff) && code !== 0xfeff && code !== 0xfffe && code !== 0xffff;
}

export function writePlain(out: Output, text: string, indent: number, mayFold: boolean): void {
  if (!mayFold || out.column + text.length <= bestWidth || !text.includes(' ')) {
    out.write(text);
    return;
  }
  fold(
    out,
    text,
    (i) => text[i + 1] !== ' ',
    indent,
    (char) => char,
  );
}

export function writeSingle(out: Output, text: string, indent: number, mayFold: boolean): void {
  out.write("'");
  const inner = (i: number) => i > 0 && i < text.length - 1 && text[i + 1] !== ' ';
  if (mayFold) fold(out, text, inner, indent, (char) => (char === "'" ? "''" : char));
  else out.write(text.replaceAll("'", "''"));
  out.write("'");
}

/** Writes text and breaks the line at the first lone space beyond the width. */
function fold(
  out: Output,
  text: string,
  mayBreak: (i: number) => boolean,
  indent: number,
  put: (char: string) => string,
): void {
  let spaces = false;
  let run = '';
  let column = out.column;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] as string;
    if (char === ' ') {
      if (!spaces && column > bestWidth && mayBreak(i)) {
        out.write(run);
        run = '';
        out.newline(indent);
        column = indent;
      } else {
        run += ' ';
        column += 1;
      }
      spaces = true;
    } else {
      const written = put(char);
      run += written;
      column += written.length;
      spaces = false;
    }
  }
  out.write(run);
}

const escapes = new Map<number, string>([
  [0x00, '0'],
  [0x07, 'a'],
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0b, 'v'],
  [0x0c, 'f'],
  [0x0d, 'r'],
  [0x1b, 'e'],
  [0x22, '"'],
  [0x5c, '\\'],
  [0x85, 'N'],
  [0x2028, 'L'],
  [0x2029, 'P'],
]);

export function writeDouble(out: Output, text: string, indent: number, mayFold: boolean): void {
  out.write('"');
  let spaces = false;
  let run = '';
  let column = out.column;
  const chars = [...text];
  for (const [i, char] of chars.entries()) {
    const code = char.codePointAt(0) as number;
    if (code > 0xffff || !isPrintable(code) || isBreak(code) || code === 0x22 || code === 0x5c) {
      const escaped = escapeOf(code);
      run += escaped;
      column += escaped.length;
      spaces = false;
    } else if (char === ' ') {
      if (mayFold && !spaces && column > bestWidth && i > 0 && i < chars.length - 1) {
        out.write(run);
        run = '';
        out.newline(indent);
        column = indent;
        if (chars[i + 1] === ' ') {
          run += '\\';
          column += 1;
        }
      } else {
        run += ' ';
        column += 1;
      }
      spaces = true;
    } else {
      run += char;
      column += 1;
      spaces = false;
    }
  }
  out.write(`${run}"`);
}

function escapeOf(code: number): string {
  const short = escapes.get(code);
  if (short !== undefined) return `\\${short}`;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

export function writeLiteral(out: Output, text: string, indent: number): void {
  let hints = '|';
  const first = text.charCodeAt(0);
  if (first === 0x20 || isBreak(first)) hints += '2';
  if (!text.endsWith('\n')) hints += '-';
  else if (text === '\n' || text.endsWith('\n\n')) hints += '+';
  out.write(hints);
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const margin = ' '.repeat(indent);
  for (const line of lines) {
    out.write(line === '' ? '\n' : `\n${margin}${line}`);
  }
  out.column = indent + (lines.at(-1)?.length ?? 0);
}
