import type { Json, JsonObject } from '../../diagnostics/diagnostic.js';
import { NULL, type SchemaNode } from '../node.js';

/**
 * A value with the defaults of its schema filled in where a field is absent, as the API server fills them in before it
 * evaluates rules.
 */
export function withDefaults(node: SchemaNode, value: Json): Json {
  if (Array.isArray(value)) {
    const { items } = node;
    return items === undefined ? value : (value as readonly Json[]).map((item) => withDefaults(items, item));
  }
  if (typeof value !== 'object' || value === null) return value;
  const from = value as JsonObject;
  const out: Record<string, Json> = { ...from };
  for (const [key, item] of Object.entries(from)) {
    const child = node.props?.get(key) ?? node.values;
    if (child !== undefined && item !== null) out[key] = withDefaults(child, item);
  }
  for (const [name, child] of node.props ?? []) {
    // Null is a value of its own where the field is nullable, and is dropped elsewhere.
    const isAbsent = from[name] === undefined || (from[name] === null && (child.types & NULL) === 0);
    if (isAbsent && child.default !== undefined) out[name] = withDefaults(child, child.default);
  }
  return out;
}
