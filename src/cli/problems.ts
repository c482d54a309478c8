import type { Problem } from '../diagnostics/diagnostic.js';
import type { FileMap } from '../files/file-map.js';
import { finding } from '../report/text.js';
import { toDiagnostics } from '../yaml/locate.js';
import { painter } from './painter.js';

export { painter } from './painter.js';

/** Problems for a person: place, what, the line with a caret, what would be right. Empty where there are none. */
export function describeProblems(problems: readonly Problem[], files: FileMap, color: boolean): string {
  return toDiagnostics(problems, files)
    .map((diagnostic) => `${finding(diagnostic, files, painter(color))}\n\n`)
    .join('');
}

/** Whether any of them stops what is to be written. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}
