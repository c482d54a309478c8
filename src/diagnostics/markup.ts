import { escapeInvisible } from './show.js';

/** Text as text, also inside attributes. */
export function escapeHtml(text: string): string {
  return escapeInvisible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Text as in `escapeHtml`, with what stands between backticks as code. */
export function htmlProse(text: string): string {
  return escapeHtml(text).replace(/`([^`\n]+)`/g, '<code>$1</code>');
}

/** Text as text: no markup, no HTML, no mention, no link, no table cell of its own. */
export function escapeMarkdown(text: string): string {
  return escapeInvisible(text)
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_{}[\]()#+!|~$]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;')
    .replace(/:\/\//g, ':&#47;&#47;')
    .replace(/\bwww\./gi, 'www&#46;');
}

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
