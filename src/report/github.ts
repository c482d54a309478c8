import type { Report } from '../check/report.js';
import { counts } from '../check/scope.js';
import type { Diagnostic, Severity } from '../diagnostics/diagnostic.js';

const commands = { error: 'error', warning: 'warning', info: 'notice' } as const satisfies Record<Severity, string>;

export interface PathOptions {
  /** Where the judged folder lies in its git repository, with a slash at its end; '' (the default) at the top. */
  readonly prefix?: string;
}

/** GitHub shows this many annotations of a kind for a step; the rest is counted in one more line of the log. */
export const annotationLimit = 10;

/**
 * Workflow commands that GitHub turns into annotations on the lines people wrote, worst first. Accepted and known findings
 * are left out. Nothing in a message can start a command of its own: line breaks and percent signs are escaped.
 */
export function githubReport(report: Report, options: PathOptions = {}): string {
  const open = report.diagnostics.filter(counts);
  const lines = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const all = open.filter((each) => each.severity === severity);
    const shown = all.slice(0, annotationLimit).map((each) => annotation(each, options));
    const rest = all.length - shown.length;
    return rest > 0 ? [...shown, `${rest} more of severity ${severity}; the job summary has them all`] : shown;
  });
  const { errors, warnings } = report.summary;
  return `${[...lines, `${report.verdict}: ${errors} errors, ${warnings} warnings`].join('\n')}\n`;
}

function annotation(diagnostic: Diagnostic, { prefix = '' }: PathOptions): string {
  const { severity, file, range, ruleId, message, hint } = diagnostic;
  const properties = [
    ...(file === '' ? [] : [`file=${property(`${prefix}${file}`)}`]),
    ...(range === undefined
      ? []
      : [
          `line=${range.start.line}`,
          `endLine=${range.end.line}`,
          // Columns are refused where an annotation spans lines.
          ...(range.start.line === range.end.line
            ? [`col=${range.start.column}`, `endColumn=${Math.max(range.end.column, range.start.column + 1)}`]
            : []),
        ]),
    `title=${property(ruleId)}`,
  ];
  return `::${commands[severity]} ${properties.join(',')}::${data(hint === undefined ? message : `${message}\n${hint}`)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
