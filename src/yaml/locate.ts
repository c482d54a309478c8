import type { Diagnostic, Place, Problem, Range } from '../diagnostics/diagnostic.js';
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
  const ranges = rangesOf(problems, files);
  return inOrder(problems.map((problem) => toDiagnostic(problem, ranges, docUrl?.(problem.ruleId))));
}

/**
 * The ranges of all places, one file after the other: a text is parsed once however many of its places are shown, be it as the place of a
 * problem or beside that of another.
 */
function rangesOf(problems: readonly Problem[], files: FileMap): ReadonlyMap<Place, Range> {
  const byFile = new Map<string, Place[]>();
  for (const { at, related = [] } of problems) {
    for (const place of [at, ...related.map((one) => one.at)]) {
      const list = byFile.get(place.file);
      if (list === undefined) byFile.set(place.file, [place]);
      else list.push(place);
    }
  }
  const ranges = new Map<Place, Range>();
  for (const [file, places] of byFile) {
    const text = textAt(files, file);
    if (text !== undefined) for (const place of places) ranges.set(place, rangeOf(text, place));
  }
  return ranges;
}

function toDiagnostic(problem: Problem, ranges: ReadonlyMap<Place, Range>, docUrl: string | undefined): Diagnostic {
  const { ruleId, severity, message, at, object, allowed, hint, fix, related = [] } = problem;
  // A message quotes keys, names and values; a literal secret among them goes into no report.
  return {
    ruleId,
    severity,
    message: redactSecrets(message),
    file: at.file,
    ...rangeAt(at, ranges),
    ...(at.pointer === undefined ? {} : { path: redactSecrets(at.pointer) }),
    ...(object === undefined ? {} : { object: { ...object, name: redactSecrets(object.name) } }),
    ...(allowed === undefined ? {} : { allowed: allowed.map(redactSecrets) }),
    ...(hint === undefined ? {} : { hint: redactSecrets(hint) }),
    ...(fix === undefined ? {} : { fix: redactSecrets(fix) }),
    ...(docUrl === undefined ? {} : { docUrl }),
    related: related.map((one) => ({
      message: redactSecrets(one.message),
      file: one.at.file,
      ...rangeAt(one.at, ranges),
    })),
    fingerprint: fingerprint(problem),
  };
}

function rangeAt(at: Place, ranges: ReadonlyMap<Place, Range>): Pick<Diagnostic, 'range'> {
  const range = ranges.get(at);
  return range === undefined ? {} : { range };
}
