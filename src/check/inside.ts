import type { Place } from '../diagnostics/diagnostic.js';
import { type Tree, textAt } from '../files/file-map.js';
import type { KubeObject } from '../repository/model.js';
import { partOf } from '../yaml/inside.js';
import { placeOf } from './rule.js';

/**
 * The exact place of a part of a text of an object: the line within a block, and not the `|` that begins it. Undefined where the text that
 * somebody wrote is not the one the object has (a patch within a patch, a template, another revision): then the field is all that can be named.
 */
export function placeInside(
  { files }: Tree,
  object: KubeObject,
  field: { readonly text: string; readonly pointer: string },
  part: { readonly from: number; readonly length: number },
): Place | undefined {
  const place = placeOf(object, field.pointer);
  const source = textAt(files, place.file);
  const exact = source === undefined ? undefined : partOf(source, place, field.text, part.from, part.length);
  return exact === undefined ? undefined : { ...place, ...exact };
}
