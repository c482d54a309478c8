import type { Diagnostic, Severity } from './diagnostic.js';

const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** By file, place, severity, rule and message: code units, not locale, so that every machine prints the same order. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    compareText(a.file, b.file) ||
    (a.range?.start.line ?? 0) - (b.range?.start.line ?? 0) ||
    (a.range?.start.column ?? 0) - (b.range?.start.column ?? 0) ||
    rank[a.severity] - rank[b.severity] ||
    compareText(a.ruleId, b.ruleId) ||
    compareText(a.message, b.message) ||
    compareText(a.fingerprint, b.fingerprint)
  );
}

/** A sorted copy without repetitions (one rule that reports one thing twice by two ways). */
export function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const sorted = [...diagnostics].sort(compareDiagnostics);
  return sorted.filter((one, i) => i === 0 || compareDiagnostics(sorted[i - 1]!, one) !== 0);
}

/** Whether `severity` is at or above `threshold`. */
export function atLeast(severity: Severity, threshold: Severity): boolean {
  return rank[severity] <= rank[threshold];
}

/** Order by code units. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
