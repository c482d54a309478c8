import type { Diagnostic, Place, Problem } from '../diagnostics/diagnostic.js';
import { fingerprint } from '../diagnostics/fingerprint.js';
import { inOrder } from '../diagnostics/order.js';
import { redactSecrets } from '../diagnostics/secrets.js';
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
  // A message quotes keys, names and values; a literal secret among them goes into no report.
  return {
    ruleId,
    severity,
    message: redactSecrets(message),
    file: at.file,
    ...rangeAt(at, files),
    ...(at.pointer === undefined ? {} : { path: redactSecrets(at.pointer) }),
    ...(object === undefined ? {} : { object: { ...object, name: redactSecrets(object.name) } }),
    ...(allowed === undefined ? {} : { allowed: allowed.map(redactSecrets) }),
    ...(hint === undefined ? {} : { hint: redactSecrets(hint) }),
    ...(fix === undefined ? {} : { fix: redactSecrets(fix) }),
    ...(docUrl === undefined ? {} : { docUrl }),
    related: related.map((one) => ({
      message: redactSecrets(one.message),
      file: one.at.file,
      ...rangeAt(one.at, files),
    })),
    fingerprint: fingerprint(problem),
  };
}

function rangeAt(at: Place, files: FileMap): Pick<Diagnostic, 'range'> {
  const text = textAt(files, at.file);
  return text === undefined ? {} : { range: rangeOf(text, at) };
}
