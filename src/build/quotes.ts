import { type Edit, isWrittenSince, overwriting, type SetEdit, sourceOf } from './edits.js';
import type { Entry } from './entry.js';
import { isText, type Scalar, textOf } from './node.js';
import type { FieldSource } from './resource.js';
import { resolvePlain } from './scalar.js';

/**
 * Whether the scalar at a place has the style of quotes (or of a block). What a merge writes over another scalar has the style of that, so that
 * the first of them decides; `isQuoted` says how it is written in its file.
 */
export function isInQuotes(dest: Scalar, entry: Entry, at: string, isQuoted: (place: FieldSource) => boolean): boolean {
  const until = entry.rewritten?.edits;
  const chain: SetEdit[] = [];
  let over = overwriting(entry.edits, until, at);
  for (; over !== undefined && over.wasInQuotes === undefined; over = overwriting(over.previous, until, over.pointer))
    chain.push(over);
  const first = chain.at(-1);
  const quoted =
    over?.wasInQuotes ??
    (first === undefined
      ? isWrittenInQuotes(dest, entry.edits, at)
      : isWrittenInQuotes(first.was as Scalar, first.previous, first.pointer));
  for (const edit of chain) edit.wasInQuotes = quoted;
  return quoted;

  function isWrittenInQuotes(scalar: Scalar, edits: Edit | undefined, place: string): boolean {
    if (!isText(scalar)) return false;
    const text = textOf(scalar);
    if (text === '' || resolvePlain(text) !== undefined) return true;
    if (entry.rewritten !== undefined && !isWrittenSince(edits, until, place)) return false;
    return isQuoted(sourceOf(edits, entry.origin, place));
  }
}
