import type { Report } from '../check/report.js';
import type { Diagnostic, Severity } from '../diagnostics/diagnostic.js';
import { excerpt } from '../diagnostics/excerpt.js';
import { hidesLine } from '../diagnostics/secrets.js';
import { shown } from '../diagnostics/show.js';
import { type FileMap, textAt } from '../files/file-map.js';
import { contextLines } from './context.js';
import { count } from './words.js';

/** Puts a style around text; the edge gives one that colours, and the default leaves the text as it is. */
export type Paint = (style: 'red' | 'yellow' | 'cyan' | 'green' | 'bold' | 'dim', text: string) => string;

export interface TextOptions {
  /** The texts that the report is about, for excerpts. */
  readonly files: FileMap;
  readonly paint?: Paint;
  /** Whether suppressed findings are shown. */
  readonly showSuppressed?: boolean;
}

const colours = { error: 'red', warning: 'yellow', info: 'cyan' } as const satisfies Record<Severity, string>;

/** For people: each finding with its line and a caret, then what was and was not checked, then the verdict. */
export function textReport(report: Report, options: TextOptions): string {
  const paint = options.paint ?? ((_, text) => text);
  const visible = report.diagnostics.filter((each) => options.showSuppressed === true || each.suppressed === undefined);
  const findings = visible.map((each) => finding(each, options.files, paint));
  const blocks = [...findings, ...unchecked(report, paint), conclusion(report, paint)];
  return `${blocks.join('\n\n')}\n`;
}

/** One finding: place, severity, rule, what, the line with a caret, what would be accepted, what to do. */
export function finding(diagnostic: Diagnostic, files: FileMap, paint: Paint): string {
  const { severity, ruleId, message, hint, range, file, related, suppressed, known, object } = diagnostic;
  const place =
    file === '' ? '' : `${shown(file, 500)}${range === undefined ? '' : `:${range.start.line}:${range.start.column}`}`;
  const lines = [
    `${place === '' ? '' : `${paint('bold', place)} `}${paint(colours[severity], severity)} ${paint('dim', ruleId)}${known === true ? paint('dim', ' known before') : ''}`,
  ];
  lines.push(`  ${message}`);
  if (object?.application !== undefined) lines.push(paint('dim', `  in Application ${shown(object.application)}`));
  const text = textAt(files, file);
  if (range !== undefined && text !== undefined)
    lines.push(indent(excerpt(text, range, { hidden: hidesLine({ ruleId, message }) })));
  const { allowed = [] } = diagnostic;
  // A message may name the first of a long list.
  const named = allowed.slice(0, 3).join(', ');
  if (allowed.length > 0 && !message.includes(named)) lines.push(`  allowed: ${listed(allowed)}`);
  if (hint !== undefined) lines.push(`  ${paint('green', 'hint:')} ${hint}`);
  for (const each of related) {
    const where =
      each.range === undefined ? each.file : `${each.file}:${each.range.start.line}:${each.range.start.column}`;
    lines.push(paint('dim', `  ${where} ${each.message}`));
  }
  if (suppressed !== undefined) {
    const until = suppressed.expires === undefined ? '' : ` until ${suppressed.expires}`;
    lines.push(paint('dim', `  accepted${until}: ${shown(suppressed.reason, 200)}`));
  }
  return lines.join('\n');
}

function listed(values: readonly string[]): string {
  const most = 12;
  return values.length <= most
    ? values.join(', ')
    : `${values.slice(0, most).join(', ')} and ${values.length - most} more`;
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}

/** What was left out, by reason, so that a hundred charts take one line. */
function unchecked({ unchecked: all }: Report, paint: Paint): string[] {
  if (all.length === 0) return [];
  const byReason = new Map<string, { readonly what: string; readonly file: string }[]>();
  for (const each of all) {
    const list = byReason.get(each.reason);
    if (list === undefined) byReason.set(each.reason, [each]);
    else list.push(each);
  }
  const lines = [...byReason].map(([reason, list]) => {
    const first = list
      .slice(0, 3)
      .map(({ what, file }) => (file === '' ? shown(what) : `${shown(what)} (${shown(file, 200)})`))
      .join(', ');
    return `  ${first}${list.length > 3 ? ` and ${list.length - 3} more` : ''}: ${shown(reason, 300)}`;
  });
  return [[paint('bold', 'not checked'), ...lines].join('\n')];
}

/** What was checked, what it was held against, and the verdict: a line each. */
function conclusion(report: Report, paint: Paint): string {
  const { checked, summary, verdict } = report;
  const colour = verdict === 'pass' ? 'green' : verdict === 'fail' ? 'red' : 'yellow';
  const amounts = [
    count(checked.files, 'file'),
    count(checked.kustomizations, 'kustomization'),
    count(checked.resources, 'resource'),
    count(checked.applications, 'Application'),
  ].join(', ');
  const findings = [
    count(summary.errors, 'error'),
    count(summary.warnings, 'warning'),
    ...(summary.infos === 0 ? [] : [count(summary.infos, 'note')]),
    ...(summary.suppressed === 0 ? [] : [`${summary.suppressed} accepted`]),
  ].join(', ');
  const context = contextLines(report).map((line) => `${line}\n`);
  return `checked ${amounts}\n${context.join('')}${paint(colour, verdict)}: ${findings}`;
}
