import type { Range } from './diagnostic.js';
import { redactSecrets } from './secrets.js';
import { escapeInvisible } from './show.js';

export interface ExcerptOptions {
  /** Lines shown before the line in question. Default 1. */
  readonly before?: number;
  /** The marked part is a secret: it is not shown, and neither are the lines before, which may hold others. */
  readonly hidden?: boolean;
  /** Widest line, in characters, without the gutter. Default 120. */
  readonly width?: number;
}

/**
 * The line in question with its number and a caret under the place, for a report in text:
 *
 *     12 |       resources:
 *     13 |         memroy: 16Gi
 *        |         ^^^^^^
 *
 * Secrets are removed, invisible characters are spelled out, and long lines are cut around the caret.
 */
export function excerpt(text: string, range: Range, options: ExcerptOptions = {}): string {
  const { hidden = false, width = 120 } = options;
  const before = hidden ? 0 : (options.before ?? 1);
  const line = range.start.line;
  const first = Math.max(1, line - before);
  const lines = linesOf(text, range.start.offset, line - first);
  const gutter = String(line).length;
  const out: string[] = [];
  lines.forEach((source, i) => {
    const number = line - (lines.length - 1) + i;
    const isLast = i === lines.length - 1;
    const start = isLast ? range.start.column - 1 : 0;
    const end = isLast ? (range.end.line === line ? Math.max(range.end.column - 1, start + 1) : source.length) : 0;
    if (!isLast && source.trim() === '') return;
    if (hidden) {
      const head = /^[\s-]*(?:[\w.-]+:(?=\s))?/.exec(source)?.[0] ?? '';
      out.push(`${String(number).padStart(gutter)} | ${head.trimEnd()} [not shown]`);
      return;
    }
    const { shownLine, from, to } = cut(source, start, Math.min(end, Math.max(source.length, start + 1)), width);
    out.push(`${String(number).padStart(gutter)} | ${shownLine}`.trimEnd());
    if (isLast) out.push(`${' '.repeat(gutter)} | ${' '.repeat(from)}${'^'.repeat(Math.max(1, to - from))}`);
  });
  return out.join('\n');
}

/** The line that holds `offset` and as many as `before` lines above it. */
function linesOf(text: string, offset: number, before: number): string[] {
  const at = Math.min(offset, text.length);
  let start = text.lastIndexOf('\n', at - 1) + 1;
  if (at === 0) start = 0;
  const newline = text.indexOf('\n', at);
  const end = newline < 0 ? text.length : newline;
  const lines = [text.slice(start, end).replace(/\r$/, '')];
  for (let i = 0; i < before && start > 0; i += 1) {
    const previous = start - 1;
    start = previous === 0 ? 0 : text.lastIndexOf('\n', previous - 1) + 1;
    lines.unshift(text.slice(start, previous).replace(/\r$/, ''));
  }
  return lines;
}

/** What is shown of a line, and where the marked part stands in it. */
function cut(line: string, start: number, end: number, width: number): { shownLine: string; from: number; to: number } {
  const clean = (part: string): string => escapeInvisible(redactSecrets(part).replaceAll('\t', '  '));
  // A secret may straddle the mark: then the whole line is cleaned and the mark shortened to what is left.
  const whole = clean(line);
  const head = clean(line.slice(0, start));
  const marked = clean(line.slice(start, end));
  const from = whole.startsWith(head) ? head.length : 0;
  const to = Math.min(whole.length === 0 ? 1 : Math.max(whole.length, from + 1), from + Math.max(1, marked.length));
  if (whole.length <= width) return { shownLine: whole, from, to };
  const left = from > width - 20 ? from - Math.floor(width / 3) : 0;
  const prefix = left > 0 ? '…' : '';
  const body = whole.slice(left, left + width - 2);
  const suffix = left + body.length < whole.length ? '…' : '';
  const shift = prefix.length - left;
  return {
    shownLine: prefix + body + suffix,
    from: from + shift,
    to: Math.min(to + shift, prefix.length + body.length),
  };
}
