import type { Diagnostic, Place, Problem } from '../diagnostics/diagnostic.js';
import { fingerprint } from '../diagnostics/fingerprint.js';
import { inOrder } from '../diagnostics/order.js';
import { type FileMap, textAt } from '../files/file-map.js';
import { rangeOf } from './range.js';

/**
 * Problems with their lines, in the order of reports, without repetitions. A place in a file whose text is not at hand
 * (removed, not text) keeps its file and has no range. `docUrl` gives the address of a rule's document.
 */
export function toDiagnostics(
  problems: readonly Problem[],
  files: FileMap,
  docUrl?: (ruleId: string) => string | undefined,
): Diagnostic[] {
  // One file after the other: a text is parsed once however many of its places are shown.
  const byFile = [...problems].sort((a, b) => (a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : 0));
  return inOrder(byFile.map((problem) => toDiagnostic(problem, files, docUrl?.(problem.ruleId))));
}

function toDiagnostic(problem: Problem, files: FileMap, docUrl: string | undefined): Diagnostic {
  const { ruleId, severity, message, at, object, allowed, hint, fix, related = [] } = problem;
  return {
    ruleId,
    severity,
    message,
    file: at.file,
    ...rangeAt(at, files),
    ...(at.pointer === undefined ? {} : { path: at.pointer }),
    ...(object === undefined ? {} : { object }),
    ...(allowed === undefined ? {} : { allowed }),
    ...(hint === undefined ? {} : { hint }),
    ...(fix === undefined ? {} : { fix }),
    ...(docUrl === undefined ? {} : { docUrl }),
    related: related.map((one) => ({ message: one.message, file: one.at.file, ...rangeAt(one.at, files) })),
    fingerprint: fingerprint(problem),
  };
}

function rangeAt(at: Place, files: FileMap): Pick<Diagnostic, 'range'> {
  const text = textAt(files, at.file);
  return text === undefined ? {} : { range: rangeOf(text, at) };
}
