import jsYaml from 'js-yaml';
import type { ScalarReader } from '../yaml/load.js';
import { FoldedScalar } from './node.js';

/** Which of these texts has scalars that the bulk parser reads otherwise than Kustomize does; undefined for most texts. */
export function scalarReaderFor(text: string, keepsStyles: boolean): ScalarReader | undefined {
  const isCut = !text.endsWith('\n') && blockHeader.test(text);
  const isFolded = keepsStyles && foldedHeader.test(text);
  const hasBlankEnds = /[ \t]\r?\n/.test(text) && /["']/.test(text);
  if (!isCut && !isFolded && !hasBlankEnds) return undefined;
  return (value, raw, isLast) => {
    const first = raw[0];
    if (first === '"' || first === "'") return hasBlankEnds ? withoutBlankEnds(raw) : undefined;
    if (first !== '|' && first !== '>') return undefined;
    const cut = isCut && isLast && value.endsWith('\n') && lastLineOf(raw).trim() !== '' ? value.slice(0, -1) : value;
    if (isFolded && first === '>') return foldedScalar(cut);
    return cut === value ? undefined : cut;
  };
}

// Each start looks at a few characters only, and at blanks: no text makes these slow.
const blockHeader = /[|>][-+0-9]{0,2}[ \t]{0,80}(?:#|\r?\n)/;
const foldedHeader = />[-+0-9]{0,2}[ \t]{0,80}(?:#|\r?\n)/;

/** Blanks before a line break inside of quotes do not count (YAML 1.2, 6.5); the bulk parser keeps them. */
function withoutBlankEnds(raw: string): unknown {
  if (!/[ \t]\r?\n/.test(raw)) return undefined;
  const lines = raw.split('\n');
  const text = lines
    .map((line, i) => (i === lines.length - 1 ? line : withoutEnd(line, raw.startsWith('"'))))
    .join('\n');
  return jsYaml.load(text, { schema: jsYaml.FAILSAFE_SCHEMA });
}

export function foldedScalar(text: string): FoldedScalar {
  return new FoldedScalar(text, reprinted(text));
}

function withoutEnd(line: string, hasEscapes: boolean): string {
  let end = line.length;
  while (end > 0 && ' \t\r'.includes(line[end - 1] as string)) end -= 1;
  let slashes = 0;
  while (slashes < end && line[end - 1 - slashes] === '\\') slashes += 1;
  const isEscaped = hasEscapes && slashes % 2 === 1 && end < line.length && line[end] !== '\r';
  return line.slice(0, isEscaped ? end + 1 : end);
}

function lastLineOf(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1);
}

/**
 * What a folded scalar (`>`) holds after Kustomize has printed it in its style and read it again, as it does with every object
 * before the output: its printer puts a line break too much before lines that are indented.
 */
function reprinted(value: string): string {
  if (!value.includes('\n') || !mayBeBlock(value)) return value;
  let printed = '';
  let breaks = true;
  let indented = true;
  // Whether a line break needs another one is asked of the start of the value, not of the next line.
  const doubles = /^\n*[^\n \t]/.test(value);
  for (const char of value) {
    if (char === '\n') {
      if (!breaks && !indented && doubles) printed += '\n';
      printed += '\n';
      breaks = true;
    } else {
      if (breaks) indented = char === ' ' || char === '\t';
      printed += char;
      breaks = false;
    }
  }
  return folded(printed, value);
}

/** What the printer would put in double quotes instead comes back as it was. */
function mayBeBlock(value: string): boolean {
  return !/ \n| $|[^\t\n\x20-\x7e\u0085\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/.test(value);
}

function folded(printed: string, value: string): string {
  let text = '';
  let lead = '';
  let trail = '';
  let wasIndented = false;
  const lines = printed.split('\n');
  for (const [i, line] of lines.entries()) {
    const isEnd = i === lines.length - 1;
    if (line === '') {
      if (!isEnd) trail += '\n';
      continue;
    }
    const isIndented = line.startsWith(' ') || line.startsWith('\t');
    if (wasIndented || isIndented || lead === '') text += lead;
    else if (trail === '') text += ' ';
    text += trail + line;
    lead = isEnd ? '' : '\n';
    trail = '';
    wasIndented = isIndented;
  }
  if (!value.endsWith('\n')) return text;
  return value === '\n' || value.endsWith('\n\n') ? text + lead + trail : text + lead;
}
