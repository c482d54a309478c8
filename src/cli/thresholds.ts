import type { Report } from '../check/report.js';
import { counts } from '../check/scope.js';
import type { Severity } from '../diagnostics/diagnostic.js';
import { type ExitCode, exitCode } from './io.js';

/** What `--fail-on` takes. */
export const thresholds = ['error', 'warning', 'info', 'never'] as const;
export type Threshold = (typeof thresholds)[number];

/** The exit code of a report: findings at or above the threshold, or something unchecked where all was asked for. */
export function codeOf(report: Report, failOn: Threshold, requireComplete: boolean): ExitCode {
  const order: readonly Severity[] = ['error', 'warning', 'info'];
  const counted = failOn === 'never' ? [] : order.slice(0, order.indexOf(failOn) + 1);
  const found = report.diagnostics.some((each) => counts(each) && counted.includes(each.severity));
  const isIncomplete = requireComplete && report.unchecked.some((each) => each.minor !== true);
  return found || isIncomplete ? exitCode.findings : exitCode.ok;
}
