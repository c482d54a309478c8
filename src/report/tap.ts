import type { Report } from '../check/report.js';
import { counts } from '../check/scope.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';

/** TAP version 14: one test point per finding, or one that passes where there is none. Only errors are `not ok`. */
export function tapReport(report: Report): string {
  const points = report.diagnostics.map((each, index) => point(each, index + 1));
  const lines = points.length === 0 ? ['1..1', 'ok 1 - no findings'] : [`1..${points.length}`, ...points];
  return `TAP version 14\n${lines.join('\n')}\n`;
}

function point(diagnostic: Diagnostic, number: number): string {
  const { severity, ruleId, file, range, message, hint, fingerprint, suppressed } = diagnostic;
  const place = range === undefined ? file : `${file}:${range.start.line}:${range.start.column}`;
  const fails = severity === 'error';
  // TAP has a directive for what fails and is to be passed over: TODO.
  const why = suppressed === undefined ? 'known before' : `accepted: ${oneLine(suppressed.reason)}`;
  const todo = fails && !counts(diagnostic) ? ` # TODO ${why}` : '';
  const details = [
    ['severity', severity],
    ['at', place],
    ['message', message],
    ...(hint === undefined ? [] : [['hint', hint]]),
    ['fingerprint', fingerprint],
  ].map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`);
  return [
    `${fails ? 'not ok' : 'ok'} ${number} - ${oneLine(`${ruleId} ${place}`)}${todo}`,
    '  ---',
    ...details,
    '  ...',
  ].join('\n');
}

/** A description is one line; `#` starts a directive and is escaped. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('\\', '\\\\').replaceAll('#', '\\#');
}
