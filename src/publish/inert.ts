import { escapeInvisible } from '../diagnostics/show.js';

export { inertMarkdown } from '../diagnostics/markup.js';

/** A code span that stays in its cell of a table. */
export function codeCell(text: string): string {
  return codeSpan(text).replaceAll('|', '\\|');
}

/** A code span: nothing in it is markup, a mention or a link; no backtick closes it, no line break leaves it. */
export function codeSpan(text: string): string {
  const clean = escapeInvisible(text).replace(/[\r\n\t]+/gu, ' ');
  if (clean.trim() === '') return '` `';
  const longest = Math.max(0, ...[...clean.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${clean}${fence}` : `${fence} ${clean} ${fence}`;
}

/** A fenced block: no line in it ends it. */
export function codeBlock(text: string, language = ''): string {
  const clean = text.split('\n').map(escapeInvisible).join('\n').replace(/\n+$/u, '');
  const longest = Math.max(2, ...[...clean.matchAll(/`{3,}/gu)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${clean}\n${fence}`;
}
