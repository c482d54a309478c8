import type { MergeSchema } from './merge-schema-types.js';
import { field, isList, isMap, isScalar, type Node, type NodeMap, OddScalar, textOf } from './node.js';

/**
 * Whether a merge of this with nothing leaves it as it is, so that it need not be walked: no nulls that would go, no
 * directives that would be obeyed, no items of lists that would be joined. False where that is not plain to see.
 */
export function isStill(node: Node | undefined, schema: MergeSchema | undefined): boolean {
  if (typeof node === 'string' || typeof node === 'number' || typeof node === 'boolean') return true;
  if (node === undefined || node === null || node instanceof OddScalar) return false;
  if (!isList(node)) return isStillMap(node, schema);
  const keys = schema?.keys;
  return keys === undefined || isStillList(node, keys, schema as MergeSchema);
}

function isStillMap(map: NodeMap, schema: MergeSchema | undefined): boolean {
  // An object inside of an object brings a schema of its own.
  if (schema === undefined && field(map, 'kind') !== undefined) return false;
  for (const key in map) {
    if (key === '$patch') return false;
    const value = map[key];
    if (typeof value === 'string' || typeof value === 'number') continue;
    if (!isStill(value, schema?.fields?.[key] ?? schema?.others?.())) return false;
  }
  return true;
}

function isStillList(items: readonly Node[], keys: readonly string[], schema: MergeSchema): boolean {
  if (items.length === 0 || (keys.length > 1 && items.length > 1)) return false;
  const key = keys[0];
  const seen = new Set<string>();
  for (const item of items) {
    if (key === undefined ? !isScalar(item) || item === null || item instanceof OddScalar : !isMap(item)) return false;
    const text = key === undefined ? textOf(item) : textOf(field(item as NodeMap, key));
    if (text === '' || seen.has(text)) return false;
    seen.add(text);
    if (
      key !== undefined &&
      !isStillMap(item as NodeMap, { fields: schema.fields ?? {}, ...(schema.others && { others: schema.others }) })
    )
      return false;
  }
  return true;
}
