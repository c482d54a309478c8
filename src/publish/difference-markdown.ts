import { escapeInvisible } from '../diagnostics/show.js';
import { notesOf, summaryWords, titleOf } from './difference-words.js';
import { codeBlock, codeSpan } from './inert.js';
import { objectText } from './rendered-diff-text.js';
import type { ApplicationDifference, StateDifference } from './state-difference.js';

export interface DifferenceMarkdownOptions {
  /** Longest text, in characters; what does not fit is listed by its name. */
  readonly limit?: number;
  /** From how many lines on an Application is folded. */
  readonly foldOver?: number;
}

/** For pull requests and job summaries. Text from the repository cannot become markup, a mention or a link. */
export function differenceMarkdown(difference: StateDifference, options: DifferenceMarkdownOptions = {}): string {
  const summary = summaryWords(difference).map((line) => `- ${line}`);
  const { text } = applicationSections(difference, { limit: 60_000, ...options });
  return `${[...summary, ...(text === '' ? [] : ['', text])].join('\n')}\n`;
}

/** A section for each Application, as many as fit; the others are counted by name. `whole`: everything is there. */
export function applicationSections(
  difference: StateDifference,
  { limit, foldOver = 20 }: DifferenceMarkdownOptions & { readonly limit: number },
): { readonly text: string; readonly whole: boolean } {
  const shown: string[] = [];
  const listed: string[] = [];
  // Room for one line about each of those that do not fit.
  let left = limit - difference.applications.reduce((sum, each) => sum + shortLine(each).length + 1, 0) - 200;
  for (const application of difference.applications) {
    const section = sectionOf(application, foldOver);
    const line = shortLine(application);
    if (section.length - line.length <= left) {
      shown.push(section);
      left -= section.length - line.length + 1;
    } else listed.push(line);
  }
  const rest = cutList(listed, Math.max(0, limit - shown.join('\n\n').length - 200));
  const tail = listed.length === 0 ? [] : [`Also changed, not shown in full here:\n\n${rest}`];
  return { text: [...shown, ...tail].join('\n\n'), whole: listed.length === 0 };
}

function cutList(lines: readonly string[], room: number): string {
  const out: string[] = [];
  let length = 0;
  for (const line of lines) {
    if (length + line.length > room) break;
    out.push(line);
    length += line.length + 1;
  }
  const missing = lines.length - out.length;
  return [...out, ...(missing === 0 ? [] : [`- …and ${missing} more`])].join('\n');
}

function shortLine(application: ApplicationDifference): string {
  const { added, changed, removed } = application.difference;
  return `- ${titleOf(application, codeSpan)}: ${added} added, ${changed} changed, ${removed} removed`;
}

function sectionOf(application: ApplicationDifference, foldOver: number): string {
  const notes = notesOf(application, codeSpan).map((note) => `- ${note}`);
  const text = application.difference.objects.map(objectText).join('\n');
  const block = text === '' ? [] : [codeBlock(text.replace(/^~/gmu, '!'), 'diff')];
  const { added, changed, removed } = application.difference;
  const counts = `${added} added, ${changed} changed, ${removed} removed`;
  const body = [...notes, ...(notes.length > 0 ? [''] : []), ...block].join('\n');
  if (text.split('\n').length <= foldOver) return `**${titleOf(application, codeSpan)}**: ${counts}\n\n${body}`;
  // Inside <summary> Markdown is not read on every forge: code is written as HTML there.
  const title = titleOf(application, (name) => `<code>${htmlText(name)}</code>`);
  return `<details><summary>${title}: ${counts}</summary>\n\n${body}\n\n</details>`;
}

function htmlText(text: string): string {
  return escapeInvisible(text)
    .replace(/[\r\n\t]+/gu, ' ')
    .replace(/[&<>"'`@#]/gu, (character) => `&#${character.charCodeAt(0)};`);
}
