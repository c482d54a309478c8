import { htmlPage } from '../diagnostics/html-page.js';
import { escapeHtml } from '../diagnostics/markup.js';
import { notesOf, summaryWords, titleOf } from './difference-words.js';
import type { ObjectDifference } from './rendered-diff.js';
import { objectText } from './rendered-diff-text.js';
import type { ApplicationDifference, StateDifference } from './state-difference.js';

export interface DifferenceHtmlOptions {
  /** What the two states are called. */
  readonly before: string;
  readonly after: string;
  readonly tool: string;
}

/** A page with everything in it, for a browser; nothing is loaded from elsewhere. */
export function differenceHtml(difference: StateDifference, { before, after, tool }: DifferenceHtmlOptions): string {
  const [first = '', ...rest] = summaryWords(difference);
  const undecided = difference.applications.some((each) => each.undecided !== undefined);
  return htmlPage({
    title: `${before} → ${after}`,
    verdict: undecided ? 'incomplete' : 'pass',
    header: `<h1>${escapeHtml(first)}</h1>\n${rest.map((line) => `<p>${escapeHtml(line)}</p>`).join('')}\n<p class="dim">from <code>${escapeHtml(before)}</code> to <code>${escapeHtml(after)}</code></p>`,
    main: difference.applications.map(section).join('\n'),
    footer: escapeHtml(tool),
    style: STYLE,
  });
}

const STYLE = `
.added{color:var(--green)}.removed{color:var(--red)}.changed{color:var(--yellow)}
summary{cursor:pointer;font-weight:600;margin:.25rem 0}
`;

function section(application: ApplicationDifference): string {
  const notes = notesOf(application, (value) => `<code>${escapeHtml(value)}</code>`).map((note) => `<p>${note}</p>`);
  const objects = application.difference.objects.map(object).join('\n');
  const { added, changed, removed } = application.difference;
  const title = titleOf(application, escapeHtml);
  return `<section><details open><summary>${title}: ${added} added, ${changed} changed, ${removed} removed</summary>
${notes.join('\n')}${objects === '' ? '' : `<pre>${objects}</pre>`}
</details></section>`;
}

function object(one: ObjectDifference): string {
  const [head = '', ...rest] = objectText(one).trimEnd().split('\n');
  const lines = rest.map((line) => {
    const sign = /^ {6}([+-]) /.exec(line)?.[1];
    const text = escapeHtml(line);
    return sign === undefined ? text : `<span class="${sign === '+' ? 'added' : 'removed'}">${text}</span>`;
  });
  return [`<b class="${one.change}">${escapeHtml(head)}</b>`, ...lines].join('\n');
}
