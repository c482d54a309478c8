import type { Report } from '../check/report.js';

/** For programs: the report as it is (schemas/report.schema.json), keys in a fixed order. */
export function jsonReport(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
