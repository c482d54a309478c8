import { type ReportFormat, reportFormats } from '../report/formats.js';
import { UsageError } from './command.js';

/** A parser for `--output-file json=report.json`, which may be repeated. */
export function outputFile(text: string, previous: unknown): readonly { format: ReportFormat; path: string }[] {
  const at = text.indexOf('=');
  const format = text.slice(0, at) as ReportFormat;
  if (at < 1 || !reportFormats.includes(format)) {
    throw new UsageError(`'${text}' is not format=path`, `Formats: ${reportFormats.join(', ')}.`);
  }
  return [
    ...((previous as { format: ReportFormat; path: string }[] | undefined) ?? []),
    { format, path: text.slice(at + 1) },
  ];
}
