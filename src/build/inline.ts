import type { Place } from '../diagnostics/diagnostic.js';
import { rangeOf } from '../yaml/range.js';
import type { Run } from './steps-types.js';

/**
 * The exact place of a value inside an inline patch: the range in the patch, moved to where the patch stands in its file.
 * Undefined where the scalar is not a literal block (its lines are not those of the patch then).
 */
export function locateInline(
  run: Run,
  pointer: string,
  patch: string,
  document: number,
  inner: string,
): Place | undefined {
  const range = rangeOf(patch, { file: '', document, pointer: inner });
  const scalar = rangeOf(run.text, { file: run.file, document: run.document, pointer });
  const raw = run.text.slice(scalar.start.offset, scalar.end.offset);
  if (!/^\|/.test(raw)) return undefined;
  const lines = run.text.slice(scalar.start.offset).split('\n');
  const first = patch.split('\n')[0] as string;
  const start = lines.findIndex((line, i) => i > 0 && line.trim() === first.trim());
  if (start < 0) return undefined;
  const line = lines[start - 1 + range.start.line];
  if (line === undefined) return undefined;
  const indent = (lines[start] as string).indexOf(first.trim());
  const before = lines.slice(0, start - 1 + range.start.line).reduce((sum, text) => sum + text.length + 1, 0);
  const firstIndent = first.length - first.trimStart().length;
  const offset = scalar.start.offset + before + indent - firstIndent + range.start.column - 1;
  return { file: run.file, document: run.document, offset, length: Math.max(1, range.end.offset - range.start.offset) };
}
