import { didYouMean } from '../diagnostics/closest.js';
import type { Place } from '../diagnostics/diagnostic.js';
import { step } from './edits.js';
import { fail } from './failure.js';
import { isList, isMap, isNull, type Node, OddScalar } from './node.js';

/** What a field of a kustomization may hold. */
export type Shape =
  | { readonly type: 'string' | 'boolean' | 'integer' | 'any' | 'strings' }
  | { readonly type: 'list'; readonly item: Shape }
  | { readonly type: 'fields'; readonly fields: Readonly<Record<string, Shape>>; readonly strict?: boolean };

export const string: Shape = { type: 'string' };
export const boolean: Shape = { type: 'boolean' };
export const integer: Shape = { type: 'integer' };
export const any: Shape = { type: 'any' };
/** A map of strings. */
export const strings: Shape = { type: 'strings' };
export const list = (item: Shape): Shape => ({ type: 'list', item });
export const fields = (shape: Readonly<Record<string, Shape>>): Shape => ({ type: 'fields', fields: shape });

/** Fails on the first value that does not have its shape, or on a field that does not exist. */
export function checkShape(node: Node, shape: Shape, at: Place, pointer = at.pointer ?? ''): void {
  if (isNull(node)) return;
  // Where it stands is asked for at a fault alone.
  const place = (): Place => ({ ...at, pointer });
  switch (shape.type) {
    case 'any':
      return;
    case 'string':
      if (typeof node !== 'string' && !isTime(node)) wrongType(node, 'a string', place());
      return;
    case 'boolean':
      if (typeof (node instanceof OddScalar ? node.value : node) !== 'boolean')
        wrongType(node, 'true or false', place());
      return;
    case 'integer': {
      const value = node instanceof OddScalar ? node.value : node;
      if (typeof value !== 'bigint' && !Number.isInteger(value)) wrongType(node, 'a whole number', place());
      return;
    }
    case 'strings':
      if (!isMap(node)) wrongType(node, 'a map', place());
      for (const key in node) {
        const value = node[key] as Node;
        if (isNull(value)) continue;
        if (typeof value !== 'string' && !isTime(value))
          wrongType(value, 'a string (put it in quotes)', { ...at, pointer: pointer + step(key) });
      }
      return;
    case 'list':
      if (!isList(node)) wrongType(node, 'a list', place());
      for (let i = 0; i < node.length; i += 1) checkShape(node[i] as Node, shape.item, at, `${pointer}/${i}`);
      return;
    case 'fields':
      if (!isMap(node)) wrongType(node, 'a map', place());
      for (const key in node) {
        const known = shape.fields[key] ?? caseless(shape.fields, key);
        if (known === undefined)
          unknownField(key, Object.keys(shape.fields), { ...at, pointer: pointer + step(key), part: 'key' });
        checkShape(node[key] as Node, known, at, pointer + step(key));
      }
  }
}

function isTime(node: Node): boolean {
  return node instanceof OddScalar && typeof node.value === 'string';
}

// Go's decoder takes `Resources` for `resources`.
function caseless(shapes: Readonly<Record<string, Shape>>, key: string): Shape | undefined {
  const lower = key.toLowerCase();
  const found = Object.keys(shapes).find((name) => name.toLowerCase() === lower);
  return found === undefined ? undefined : shapes[found];
}

function wrongType(node: Node, expected: string, at: Place): never {
  const what = isList(node)
    ? 'a list'
    : isMap(node)
      ? 'a map'
      : typeof node === 'string'
        ? 'a string'
        : `${String(node instanceof OddScalar ? node.text : node)}`;
  fail('kustomize-invalid-field', `This field must hold ${expected}, not ${what}.`, at);
}

function unknownField(key: string, known: readonly string[], at: Place): never {
  const hint = didYouMean(key, known);
  fail('kustomize-unknown-field', `Kustomize has no field "${key}" here.`, at, {
    allowed: known,
    ...(hint === undefined ? {} : { hint }),
  });
}
