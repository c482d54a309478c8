import { escapeMarkdown } from '../diagnostics/markup.js';
import { escapeInvisible } from '../diagnostics/show.js';

/**
 * Text as text in a comment on GitHub: besides what is markup, no mention, no reference to an issue, and no link comes of it.
 * GitHub looks for `@name`, `#1` and `GH-1` in what the Markdown was turned into, so that an escape or an entity alone does not
 * stop it; a character without width behind the sign does.
 */
export function inertMarkdown(text: string): string {
  return escapeMarkdown(text)
    .replaceAll('&#64;', '&#64;&#8203;')
    .replaceAll('\\#', '\\#&#8203;')
    .replace(/\b(GH)-(?=\d)/giu, '$1&#8203;-');
}

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
