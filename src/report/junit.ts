import type { Report } from '../check/report.js';
import { counts } from '../check/scope.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';

/**
 * JUnit XML as CI servers read it: a test suite per file, a test case per finding. Errors are failures; warnings, notes and
 * accepted findings are skipped with their text, so that they are seen and break nothing. A file without findings is no
 * suite; a report without findings is one passing case, since some servers take an empty report for a broken run.
 */
export function junitReport(report: Report): string {
  const byFile = new Map<string, Diagnostic[]>();
  for (const each of report.diagnostics) {
    const list = byFile.get(each.file);
    if (list === undefined) byFile.set(each.file, [each]);
    else list.push(each);
  }
  const suites = [...byFile].map(([file, all]) =>
    suite(
      file === '' ? report.tool.name : file,
      all.map(testCase),
      all.filter(isFailure).length,
      all.length - all.filter(isFailure).length,
    ),
  );
  if (suites.length === 0)
    suites.push(suite(report.tool.name, [`    <testcase classname="${report.tool.name}" name="no findings"/>`], 0, 0));
  const failures = report.diagnostics.filter(isFailure).length;
  const tests = Math.max(report.diagnostics.length, 1);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${attribute(report.tool.name)}" tests="${tests}" failures="${failures}" errors="0">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(name: string, cases: readonly string[], failures: number, skipped: number): string {
  return [
    `  <testsuite name="${attribute(name)}" tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}">`,
    ...cases,
    '  </testsuite>',
  ].join('\n');
}

function isFailure(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === 'error' && counts(diagnostic);
}

function testCase(diagnostic: Diagnostic): string {
  const { file, range, ruleId, message, hint } = diagnostic;
  const place = range === undefined ? file : `${file}:${range.start.line}:${range.start.column}`;
  const name = `${ruleId} ${place}`.trim();
  const body = isFailure(diagnostic)
    ? `<failure type="${attribute(ruleId)}" message="${attribute(message)}">${text([place, message, hint ?? ''].filter((each) => each !== '').join('\n'))}</failure>`
    : `<skipped>${text(skippedWords(diagnostic))}</skipped>`;
  return `    <testcase classname="${attribute(file === '' ? 'repository' : file)}" name="${attribute(name)}">\n      ${body}\n    </testcase>`;
}

/** As text and not as an attribute, which the oldest of the schemas in use does not know. */
function skippedWords({ severity, message, suppressed, known }: Diagnostic): string {
  if (suppressed !== undefined) return `accepted: ${suppressed.reason}`;
  return known === true ? `known before, ${severity}: ${message}` : `${severity}: ${message}`;
}

/** XML 1.0 has no other control characters than these, not even escaped. */
function legal(value: string): string {
  return value.replace(
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    '\ufffd',
  );
}

function text(value: string): string {
  return legal(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function attribute(value: string): string {
  return text(value)
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\t', '&#9;')
    .replaceAll('\r', '&#13;');
}
