import { escapeInvisible } from '../diagnostics/show.js';
import type { Paint } from '../report/text.js';
import { notesOf, summaryWords, titleOf } from './difference-words.js';
import type { ObjectDifference } from './rendered-diff.js';
import { objectText } from './rendered-diff-text.js';
import type { ApplicationDifference, StateDifference } from './state-difference.js';

/** For a terminal: a block for each Application, in it each object with its fields, and last the sum. */
export function differenceText(difference: StateDifference, paint: Paint = (_, text) => text): string {
  const blocks = difference.applications.map((each) => applicationText(each, paint));
  return [...blocks, `${summaryWords(difference).join('; ')}\n`].join('\n');
}

function applicationText(application: ApplicationDifference, paint: Paint): string {
  const notes = notesOf(application, escapeInvisible).map((note) => paint('yellow', `  ${note}`));
  const objects = application.difference.objects.map((each) => indent(painted(each, paint)));
  return `${[paint('bold', titleOf(application, escapeInvisible)), ...notes, ...objects].join('\n')}\n`;
}

const COLOURS = { added: 'green', removed: 'red', changed: 'yellow' } as const;

function painted(one: ObjectDifference, paint: Paint): string {
  const [head = '', ...rest] = objectText(one).trimEnd().split('\n');
  const lines = rest.map((line) => {
    const sign = /^ {6}([+-]) /.exec(line)?.[1];
    if (sign !== undefined) return paint(sign === '+' ? 'green' : 'red', line);
    return line;
  });
  return [paint(COLOURS[one.change], head), ...lines].join('\n');
}

function indent(text: string): string {
  return text.replace(/^/gmu, '  ');
}
