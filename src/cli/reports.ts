import { writeFile } from 'node:fs/promises';
import { allRules } from '../check/registry.js';
import type { Report } from '../check/report.js';
import type { FileMap } from '../files/file-map.js';
import { ioError } from '../publish/errors.js';
import {
  githubReport,
  htmlReport,
  jsonReport,
  junitReport,
  markdownReport,
  type ReportFormat,
  sarifReport,
  tapReport,
  textReport,
} from '../report/index.js';

export { type ReportFormat, reportFormats } from '../report/index.js';
export { outputFile } from './output-file.js';

import { painter } from './problems.js';
import { ruleAddress, ruleDocument } from './rule-documents.js';

/** The report in a format. `prefix` is where the judged folder lies in its git repository: GitHub wants paths from there. */
export function renderReport(
  report: Report,
  format: ReportFormat,
  files: FileMap,
  color: boolean,
  prefix = '',
): string {
  const as: Record<ReportFormat, () => string> = {
    text: () => textOfReport(report, files, color),
    json: () => jsonReport(report),
    github: () => githubReport(report, { prefix }),
    markdown: () => markdownReport(report),
    sarif: () => sarifReport(report, { rules: allRules, help: ruleDocument, docUrl: ruleAddress, prefix }),
    junit: () => junitReport(report),
    tap: () => tapReport(report),
    html: () => htmlReport(report, { files }),
  };
  return as[format]();
}

/** The report for a person. */
export function textOfReport(report: Report, files: FileMap, color: boolean): string {
  return textReport(report, { files, paint: painter(color) });
}

/** Writes a report where the person asked for it. */
export async function writeReportFile(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw ioError(error, 'write', path);
  }
}
